// Snapshots of begun units: the newest durable one of each, as a file with a checksum, within a quota for all.
import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, ManyhandsError } from '@manyhands/contract';
import { type UnitRef, unitKey } from '@manyhands/worker-core';
import type { JournalDatabase } from './database.js';
import { SnapshotTable, type StoredSnapshot } from './snapshot-table.js';
import { syncDirectory } from './sync-directory.js';

export type { StoredSnapshot } from './snapshot-table.js';

/** What is known of a snapshot before its bytes. */
export type NewSnapshot = Omit<StoredSnapshot, 'file' | 'sha256'>;

export type SnapshotFileWriter = {
  write(piece: Uint8Array): Promise<void>;
  /** Resolves once the bytes, their name and the row are on the disk; the one before is gone then. */
  commit(): Promise<void>;
  abort(): Promise<void>;
};

const PIECE_BYTES = 1024 * 1024;

export class SnapshotStore {
  readonly #directory: string;
  readonly #maximumBytes: number;
  readonly #table: SnapshotTable;
  readonly #obsolete: string[] = [];
  #nextFile = 0;
  /** Bytes of those that are being written. */
  #reservedBytes = 0;

  constructor(options: { directory: string; snapshotsMaximumBytes: number }, database: JournalDatabase) {
    this.#directory = options.directory;
    this.#maximumBytes = options.snapshotsMaximumBytes;
    this.#table = new SnapshotTable(database);
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const known = new Set(this.#table.all().map(({ file }) => file));
    for (const name of readdirSync(this.#directory))
      if (!known.has(name)) rmSync(join(this.#directory, name), { force: true });
    for (const file of known) this.#nextFile = Math.max(this.#nextFile, Number(file) + 1);
  }

  find(unit: UnitRef): StoredSnapshot | undefined {
    return this.#table.find(unit);
  }

  /** Where a file may lie for a moment that belongs to no snapshot; removed at the next start at the latest. */
  temporaryPath(): string {
    return join(this.#directory, `${this.#nextFile++}.temporary`);
  }

  /** Begins one; null when there is no room for it beside those that took longer to compute. */
  async create(unit: UnitRef, snapshot: NewSnapshot): Promise<SnapshotFileWriter | null> {
    if (!this.#makeRoom(unit, snapshot)) return null;
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
    const close = async (): Promise<void> => {
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
        this.#replace(unit, { ...snapshot, file, sha256 });
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
  recordResumed(unit: UnitRef, fuel: number): void {
    this.#table.recordResumed(unit, fuel);
  }

  /** The unit is done, given up, or cannot go on from it. */
  drop(unit: UnitRef): void {
    this.forget(unit);
    this.deleteObsolete();
  }

  /** Forgets it inside a transaction; its file goes with `deleteObsolete` afterwards. */
  forget(unit: UnitRef): void {
    const file = this.#table.remove(unit);
    if (file !== undefined) this.#obsolete.push(file);
  }

  deleteObsolete(): void {
    for (const file of this.#obsolete.splice(0)) rmSync(join(this.#directory, file), { force: true });
  }

  #replace(unit: UnitRef, snapshot: StoredSnapshot): void {
    const before = this.#table.find(unit);
    const isWanted = this.#table.put(unit, snapshot);
    if (before) this.#obsolete.push(before.file);
    // The unit was given up while its snapshot was written.
    if (!isWanted) this.#obsolete.push(snapshot.file);
    this.deleteObsolete();
  }

  /** Those that took the least time go first, and none that took longer than the new one. */
  #makeRoom(unit: UnitRef, { sizeBytes, elapsedMs }: NewSnapshot): boolean {
    const others = this.#table.all().filter((row) => unitKey(row.unit) !== unitKey(unit));
    others.sort((left, right) => left.elapsedMs - right.elapsedMs);
    let usedBytes = this.#reservedBytes + others.reduce((sum, row) => sum + row.sizeBytes, 0);
    const evicted: UnitRef[] = [];
    for (const row of others) {
      if (usedBytes + sizeBytes <= this.#maximumBytes || row.elapsedMs >= elapsedMs) break;
      usedBytes -= row.sizeBytes;
      evicted.push(row.unit);
    }
    if (usedBytes + sizeBytes > this.#maximumBytes) return false;
    for (const other of evicted) this.drop(other);
    return true;
  }
}

async function writeHashed(handle: FileHandle, hash: Hash, piece: Uint8Array): Promise<void> {
  hash.update(piece);
  let offset = 0;
  while (offset < piece.length) offset += (await handle.write(piece, offset)).bytesWritten;
}
