// Puts blocks into the coordinator's store: asks first which are missing, sends only those, several at a time, in bounded memory.
import { type Block, type Cid, missingBlocksSchema, type ProjectId } from '@manyhands/contract';
import type { RestClient, Signer } from '../rest/client.js';

/** Blocks gather until there are this many bytes or this many of them; as much again may be on its way. */
const GATHERED_MAXIMUM_BYTES = 8 * 1024 * 1024;
const GATHERED_MAXIMUM_COUNT = 512;
/** The coordinator makes what arrives together durable together: sixteen at a time were a quarter faster than six. */
const PARALLEL_UPLOADS_MAXIMUM = 16;
/** Begins with so many; a block that takes less than the first makes it twice as many, one that takes longer than the second half as many. */
const PARALLEL_UPLOADS_FIRST = 2;
const QUICK_MS = 2000;
const SLOW_MS = 20_000;
const BLOCK_TIMEOUT_MS = 120_000;

/** What was found out and sent so far. */
export type UploadCounts = { blocks: number; uploadedBlocks: number; uploadedBytes: number };

/** `projectId`: the project that the blocks are charged to. */
export type UploaderDependencies = {
  rest: RestClient;
  signer: Signer;
  projectId: ProjectId;
  signal: AbortSignal | undefined;
};

export class BlockUploader {
  readonly counts: UploadCounts = { blocks: 0, uploadedBlocks: 0, uploadedBytes: 0 };
  readonly #dependencies: UploaderDependencies;
  /** Every block seen, so that shared inputs go up once. */
  readonly #seen = new Set<Cid>();
  #gathered: Block[] = [];
  #gatheredBytes = 0;
  #underWay: Promise<void> = Promise.resolve();
  /** Blocks that share the line: on a slow one each must still arrive in its time. */
  #width = PARALLEL_UPLOADS_FIRST;

  constructor(dependencies: UploaderDependencies) {
    this.#dependencies = dependencies;
  }

  /** Takes a block. Resolves when there is room for the next one, not when it is stored. The bytes must not change afterwards. */
  async add(block: Block): Promise<void> {
    if (this.#seen.has(block.cid)) return;
    this.#seen.add(block.cid);
    this.counts.blocks += 1;
    this.#gathered.push(block);
    this.#gatheredBytes += block.bytes.length;
    if (this.#gatheredBytes >= GATHERED_MAXIMUM_BYTES || this.#gathered.length >= GATHERED_MAXIMUM_COUNT)
      await this.#sendGathered();
  }

  /** Resolves when every block is stored. Throws what an upload threw. */
  async finish(): Promise<void> {
    await this.#sendGathered();
    await this.#underWay;
  }

  async #sendGathered(): Promise<void> {
    await this.#underWay;
    const blocks = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#underWay = this.#send(blocks);
    this.#underWay.catch(() => undefined); // thrown where it is awaited next
  }

  async #send(blocks: readonly Block[]): Promise<void> {
    if (blocks.length === 0) return;
    const { rest, signer, signal } = this.#dependencies;
    const json = { cids: blocks.map(({ cid }) => cid) };
    const { missing } = await rest.json(
      { method: 'POST', path: '/api/v1/blocks/missing', json, signer, signal },
      missingBlocksSchema,
    );
    const lacking = new Set(missing);
    await this.#putAll(blocks.filter(({ cid }) => lacking.has(cid)));
  }

  /** Puts them, as many at a time as the line takes. Throws what the first failing one threw. */
  async #putAll(queue: Block[]): Promise<void> {
    const lanes = new Set<Promise<void>>();
    while (queue.length > 0 || lanes.size > 0) {
      const block = lanes.size < this.#width ? queue.pop() : undefined;
      if (block) {
        const lane: Promise<void> = this.#put(block).finally(() => lanes.delete(lane));
        lane.catch(() => undefined); // thrown by the race
        lanes.add(lane);
      } else await Promise.race(lanes);
    }
  }

  async #put({ cid, bytes }: Block): Promise<void> {
    const { rest, signer, signal, projectId } = this.#dependencies;
    const path = `/api/v1/blocks/${cid}?project=${projectId}`;
    const beganMs = performance.now();
    await rest.bytes({ method: 'PUT', path, bytes, signer, signal, timeoutMs: BLOCK_TIMEOUT_MS }, 64 * 1024);
    const tookMs = performance.now() - beganMs;
    if (tookMs < QUICK_MS) this.#width = Math.min(PARALLEL_UPLOADS_MAXIMUM, 2 * this.#width);
    if (tookMs > SLOW_MS) this.#width = Math.max(1, Math.floor(this.#width / 2));
    this.counts.uploadedBlocks += 1;
    this.counts.uploadedBytes += bytes.length;
  }
}
