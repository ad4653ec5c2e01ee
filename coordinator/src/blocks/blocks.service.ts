// Public blocks: modules, manifests and inputs. Verified, charged to a project, written durably, then registered.
import { BLOCK_MAXIMUM_BYTES, type Cid, ManyhandsError, matchesCid, parseCid } from '@manyhands/contract';
import type { BlockDirectory } from '@manyhands/overlay-node';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { BLOCK_DIRECTORY } from './block-directory.js';
import { BlocksRepository } from './blocks.repository.js';
import { DiskGuard } from './disk-guard.js';

const HOLDS_PER_STEP = 500;

@Injectable()
export class BlocksService {
  readonly #arriving = new Map<string, number>();
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(
    private readonly settings: Settings,
    private readonly blocks: BlocksRepository,
    private readonly disk: DiskGuard,
    @Inject(BLOCK_DIRECTORY) private readonly directory: BlockDirectory,
  ) {}

  /** Stores a block for a project. Idempotent. Throws MH-BLK-001, -002, -004, MH-PRJ-004, MH-GEN-010. */
  async put(text: string, bytes: Uint8Array, projectRowId: number): Promise<void> {
    const { cid } = parseCid(text);
    if (bytes.length > BLOCK_MAXIMUM_BYTES) throw new ManyhandsError('MH-BLK-002');
    if (!matchesCid(cid, bytes)) throw new ManyhandsError('MH-BLK-001', { meta: { cid } });
    this.#arriving.set(cid, (this.#arriving.get(cid) ?? 0) + 1);
    try {
      await this.#leaving.get(cid);
      if (!this.blocks.find(cid)) {
        await this.disk.receiving((hold) => {
          hold(bytes.length);
          return this.directory.put(cid, bytes);
        });
      }
      await this.register(cid, bytes.length, projectRowId);
    } finally {
      const others = (this.#arriving.get(cid) ?? 1) - 1;
      if (others > 0) this.#arriving.set(cid, others);
      else this.#arriving.delete(cid);
    }
  }

  private async register(cid: Cid, sizeBytes: number, projectRowId: number): Promise<void> {
    const quotaBytes = this.settings.options.projectQuotaBytes;
    const recorded = await this.blocks.record({ cid, sizeBytes, projectRowId, quotaBytes, nowMs: Date.now() });
    if (recorded === 'recorded') return;
    if (!this.blocks.find(cid) && this.#arriving.get(cid) === 1) await this.directory.delete(cid);
    throw new ManyhandsError('MH-PRJ-004', { meta: { quotaBytes } });
  }

  missing(cids: readonly string[]): Promise<string[]> {
    for (const cid of cids) parseCid(cid);
    return this.blocks.missing(cids, Date.now());
  }

  sizeOf(cid: Cid): number | undefined {
    return this.blocks.find(cid)?.sizeBytes;
  }

  /** Bytes of a registered block. Throws MH-BLK-003. */
  async read(cid: Cid): Promise<Uint8Array> {
    const bytes = await this.directory.get(cid);
    if (bytes) return bytes;
    throw new ManyhandsError('MH-BLK-003', { meta: { cid } });
  }

  /** Keeps blocks until the holder is released. Throws MH-BAT-002 with the missing ones. */
  async hold(cids: Iterable<Cid>): Promise<number> {
    const holderRowId = await this.blocks.addHolder(Date.now());
    const all = [...cids];
    const missing: Cid[] = [];
    for (let start = 0; start < all.length; start += HOLDS_PER_STEP)
      missing.push(...(await this.blocks.hold(holderRowId, all.slice(start, start + HOLDS_PER_STEP))));
    if (missing.length === 0) return holderRowId;
    await this.release(holderRowId);
    throw missingBlocks(missing);
  }

  async release(holderRowId: number): Promise<void> {
    while (await this.blocks.releaseSome(holderRowId));
  }

  /** Removes blocks that nobody holds and nobody touched since. Returns how many. */
  async removeUnused(touchedBeforeMs: number): Promise<number> {
    const except = new Set([...this.#arriving.keys()]);
    const cids = await this.blocks.forgetUnused({ touchedBeforeMs, except });
    await Promise.all(cids.map((cid) => this.removeFile(cid)));
    return cids.length;
  }

  private async removeFile(cid: Cid): Promise<void> {
    const removal = this.directory.delete(cid);
    this.#leaving.set(cid, removal);
    try {
      await removal;
    } finally {
      this.#leaving.delete(cid);
    }
  }
}

const NAMED_MAXIMUM = 20;

/** MH-BAT-002 that names some of the missing blocks. */
export function missingBlocks(cids: readonly Cid[]): ManyhandsError {
  return new ManyhandsError('MH-BAT-002', {
    meta: { missing: cids.slice(0, NAMED_MAXIMUM), missingCount: cids.length },
  });
}
