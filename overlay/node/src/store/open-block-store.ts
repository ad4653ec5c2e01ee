// A worker's blocks: files, an index, and a quota that pushes out what was used longest ago.
import { join } from 'node:path';
import { type Cid, ManyhandsError, matchesCid } from '@manyhands/contract';
import { assertBlock, BlockFiles } from './block-files.js';
import { BlockIndex } from './block-index.js';
import type { BlockStore } from './block-store.js';

const INDEX_FILE = 'index.sqlite';

/**
 * Opens (and makes, if need be) a store. A file that the index does not know is taken up, an entry without its file is dropped.
 * Throws MH-GEN-007 when a newer version of Manyhands wrote the index.
 */
export async function openBlockStore(options: { directory: string; quotaBytes: number }): Promise<BlockStore> {
  const files = new BlockFiles(options.directory);
  files.removeTemporary();
  const index = new BlockIndex(join(options.directory, INDEX_FILE));
  index.reconcile(files.list());
  return new FileBlockStore(options.quotaBytes, { files, index });
}

class FileBlockStore implements BlockStore {
  private readonly files: BlockFiles;
  private readonly index: BlockIndex;
  private readonly quotaBytes: number;
  private readonly pinned = new Set<Cid>();
  private readonly verified = new Set<Cid>();
  private readonly holds = new Map<Cid, number>();
  private readonly writing = new Map<Cid, Promise<void>>();
  private used: number;
  /** Bytes of writes under way: they count against the quota before they are in the index. */
  private reserved = 0;

  constructor(quotaBytes: number, parts: { files: BlockFiles; index: BlockIndex }) {
    this.files = parts.files;
    this.index = parts.index;
    this.quotaBytes = quotaBytes;
    this.used = this.index.usedBytes();
  }

  has(cid: Cid): boolean {
    return this.sizeOf(cid) !== undefined;
  }

  sizeOf(cid: Cid): number | undefined {
    return this.index.sizeOf(cid);
  }

  /** Checks the hash once in the life of the process, because disks rot and a wrong block served to peers would get this host banned. */
  async get(cid: Cid): Promise<Uint8Array | undefined> {
    if (!this.has(cid)) return undefined;
    const bytes = await this.files.read(cid);
    if (bytes !== undefined && (this.verified.has(cid) || matchesCid(cid, bytes))) {
      this.verified.add(cid);
      this.index.touch(cid);
      return bytes;
    }
    await this.delete(cid);
    return undefined;
  }

  async put(cid: Cid, bytes: Uint8Array): Promise<void> {
    assertBlock(cid, bytes);
    if (this.has(cid)) return this.index.touch(cid);
    const underWay = this.writing.get(cid) ?? this.write(cid, bytes).finally(() => this.writing.delete(cid));
    this.writing.set(cid, underWay);
    return underWay;
  }

  pin(cids: Iterable<Cid>, isPinned: boolean): void {
    for (const cid of cids) {
      if (isPinned) this.pinned.add(cid);
      else this.pinned.delete(cid);
    }
  }

  hold(cids: Iterable<Cid>): () => void {
    const held = [...cids];
    for (const cid of held) this.holds.set(cid, (this.holds.get(cid) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (isHeld) for (const cid of held) this.release(cid);
      isHeld = false;
    };
  }

  async delete(cid: Cid): Promise<void> {
    this.forget(cid);
    await this.files.remove(cid);
  }

  usedBytes(): number {
    return this.used;
  }

  close(): void {
    this.index.close();
  }

  private async write(cid: Cid, bytes: Uint8Array): Promise<void> {
    this.makeRoom(bytes.length);
    this.reserved += bytes.length;
    try {
      await this.files.write(cid, bytes);
      this.index.add({ cid, sizeBytes: bytes.length });
      this.verified.add(cid);
      this.used += bytes.length;
    } finally {
      this.reserved -= bytes.length;
    }
  }

  private makeRoom(sizeBytes: number): void {
    let excess = this.used + this.reserved + sizeBytes - this.quotaBytes;
    if (excess <= 0) return;
    const leaving: Cid[] = [];
    for (const { cid, sizeBytes: freed } of this.index.oldestFirst()) {
      if (this.pinned.has(cid) || this.holds.has(cid)) continue;
      leaving.push(cid);
      excess -= freed;
      if (excess <= 0) break;
    }
    if (excess <= 0) {
      for (const cid of leaving) {
        this.forget(cid);
        this.files.removeNow(cid);
      }
      return;
    }
    throw new ManyhandsError('MH-BLK-005', {
      message: `The block store may use ${this.quotaBytes} bytes, and what it holds is in use. Allow it more disk.`,
      meta: { quotaBytes: this.quotaBytes, usedBytes: this.used, sizeBytes },
    });
  }

  private forget(cid: Cid): void {
    this.used -= this.index.sizeOf(cid) ?? 0;
    this.index.remove(cid);
    this.verified.delete(cid);
  }

  private release(cid: Cid): void {
    const count = (this.holds.get(cid) ?? 0) - 1;
    if (count > 0) this.holds.set(cid, count);
    else this.holds.delete(cid);
  }
}
