// Snapshots of begun units: the newest durable one of each, as a file with a checksum, within a quota for all. They wait for their unit to come again.
import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, ManyhandsError } from '@manyhands/contract';
import type { JournalDatabase } from './database.js';
import { type NamedSnapshot, SnapshotTable, type StoredSnapshot, type UnitName } from './snapshot-table.js';
import { syncDirectory } from './sync-directory.js';

export type { StoredSnapshot, UnitName } from './snapshot-table.js';

/** What is known of a snapshot before its bytes. */
export type NewSnapshot = Omit<StoredSnapshot, 'file' | 'sha256' | 'writtenAtMs'>;

export type SnapshotFileWriter = {
  write(piece: Uint8Array): Promise<void>;
  /** Resolves once the bytes, their name and the row are on the disk; the one before is gone then. Not kept when it is not wanted any more. */
  commit(): Promise<void>;
  abort(): Promise<void>;
};

const PIECE_BYTES = 1024 * 1024;
/** A unit that did not come again for so long is done elsewhere, or its batch is over. */
const SPARE_MAXIMUM_MS = 14 * 24 * 60 * 60_000;

export type SnapshotStoreOptions = {
  directory: string;
  /** All snapshots together. */
  snapshotsMaximumBytes: number;
};

export class SnapshotStore {
  readonly #directory: string;
  readonly #maximumBytes: number;
  readonly #table: SnapshotTable;
  readonly #nowMs: () => number;
  readonly #obsolete: string[] = [];
  #nextFile = 0;
  /** Bytes of those that are being written. */
  #reservedBytes = 0;

  constructor(options: SnapshotStoreOptions, dependencies: { database: JournalDatabase; nowMs(): number }) {
    this.#directory = options.directory;
    this.#maximumBytes = options.snapshotsMaximumBytes;
    this.#table = new SnapshotTable(dependencies.database);
    this.#nowMs = dependencies.nowMs;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const known = new Set(this.#table.all().map(({ file }) => file));
    for (const name of readdirSync(this.#directory))
      if (!known.has(name)) rmSync(join(this.#directory, name), { force: true });
    for (const file of known) this.#nextFile = Math.max(this.#nextFile, Number(file) + 1);
    this.#removeOld();
  }

  get count(): number {
    return this.#table.size;
  }

  find(name: UnitName): StoredSnapshot | undefined {
    return this.#table.find(name);
  }

  /** Where a file may lie for a moment that belongs to no snapshot; removed at the next start at the latest. */
  temporaryPath(): string {
    return join(this.#directory, `${this.#nextFile++}.temporary`);
  }

  /** Begins one; null when there is no room for it beside those that took longer to compute. `isWanted` is asked when it is whole. */
  async create(name: UnitName, snapshot: NewSnapshot, isWanted: () => boolean): Promise<SnapshotFileWriter | null> {
    this.#removeOld();
    if (!this.#makeRoom(name, snapshot)) return null;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = String(this.#nextFile++);
    const path = join(this.#directory, file);
    this.#reservedBytes += snapshot.sizeBytes;
    let handle: FileHandle;
    try {
      handle = await open(`${path}.part`, 'w', 0o600);
    } catch (error) {
      this.#reservedBytes -= snapshot.sizeBytes;
      throw error;
    }
    let isOpen = true;
    // Also after a commit that failed half-way.
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      this.#reservedBytes -= snapshot.sizeBytes;
      await handle.close();
    };
    const hash = createHash('sha256');
    return {
      write: (piece) => writeHashed(handle, hash, piece),
      commit: async () => {
        await handle.sync();
        await close();
        await rename(`${path}.part`, path);
        await syncDirectory(this.#directory);
        const sha256 = new Uint8Array(hash.digest());
        if (isWanted()) this.#replace(name, { ...snapshot, file, sha256, writtenAtMs: this.#nowMs() });
        else rmSync(path, { force: true });
      },
      abort: async () => {
        await close();
        rmSync(`${path}.part`, { force: true });
      },
    };
  }

  /** The bytes in pieces. Throws MH-CKP-001 at the end when they are not what was written. */
  async *read({ file, sha256 }: StoredSnapshot): AsyncGenerator<Uint8Array> {
    const handle = await open(join(this.#directory, file), 'r');
    const hash = createHash('sha256');
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(PIECE_BYTES), 0, PIECE_BYTES);
        if (bytesRead === 0) break;
        const piece = buffer.subarray(0, bytesRead);
        hash.update(piece);
        yield piece;
      }
    } finally {
      await handle.close();
    }
    if (!equalBytes(new Uint8Array(hash.digest()), sha256))
      throw new ManyhandsError('MH-CKP-001', { message: 'A snapshot on the disk is damaged.' });
  }

  /** A run of the unit goes on from its snapshot at this fuel. */
  recordResumed(name: UnitName, fuel: number): void {
    this.#table.recordResumed(name, fuel);
  }

  /** The unit is done, not wanted any more, or cannot go on from it. */
  drop(name: UnitName): void {
    this.forget(name);
    this.deleteObsolete();
  }

  /** Forgets it inside a transaction; its file goes with `deleteObsolete` afterwards. */
  forget(name: UnitName): void {
    const file = this.#table.remove(name);
    if (file !== undefined) this.#obsolete.push(file);
  }

  deleteObsolete(): void {
    for (const file of this.#obsolete.splice(0)) rmSync(join(this.#directory, file), { force: true });
  }

  #replace(name: UnitName, snapshot: StoredSnapshot): void {
    const before = this.#table.find(name);
    this.#table.put(name, snapshot);
    if (before) this.#obsolete.push(before.file);
    this.deleteObsolete();
  }

  /**
   * Those of units that no lease holds go first, the oldest of them before the others; then those that took the least time, and none of them that
   * took longer than the new one.
   */
  #makeRoom(name: UnitName, { sizeBytes, elapsedMs }: NewSnapshot): boolean {
    const others = this.#table.all().filter((row) => !isSame(row.name, name));
    let usedBytes = this.#reservedBytes + others.reduce((sum, row) => sum + row.sizeBytes, 0);
    if (usedBytes + sizeBytes <= this.#maximumBytes) return true;
    const spare = this.#table.spare().filter((row) => !isSame(row.name, name));
    const held = others.filter((row) => row.elapsedMs < elapsedMs && !spare.includes(row));
    spare.sort((left, right) => left.writtenAtMs - right.writtenAtMs);
    held.sort((left, right) => left.elapsedMs - right.elapsedMs);
    const evicted: NamedSnapshot[] = [];
    for (const row of [...spare, ...held]) {
      if (usedBytes + sizeBytes <= this.#maximumBytes) break;
      usedBytes -= row.sizeBytes;
      evicted.push(row);
    }
    if (usedBytes + sizeBytes > this.#maximumBytes) return false;
    for (const other of evicted) this.drop(other.name);
    return true;
  }

  #removeOld(): void {
    const writtenBeforeMs = this.#nowMs() - SPARE_MAXIMUM_MS;
    if (!this.#table.all().some(({ writtenAtMs }) => writtenAtMs < writtenBeforeMs)) return;
    for (const { name, writtenAtMs } of this.#table.spare()) if (writtenAtMs < writtenBeforeMs) this.drop(name);
  }
}

function isSame(left: UnitName, right: UnitName): boolean {
  return left.manifestCid === right.manifestCid && left.index === right.index;
}

async function writeHashed(handle: FileHandle, hash: Hash, piece: Uint8Array): Promise<void> {
  hash.update(piece);
  let offset = 0;
  while (offset < piece.length) offset += (await handle.write(piece, offset)).bytesWritten;
}
