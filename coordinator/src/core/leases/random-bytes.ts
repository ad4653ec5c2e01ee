// Random bytes in small pieces: drawn many at a time, for a draw by itself costs more than what is made of it.
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;

export class RandomBytes {
  private readonly pool = new Uint8Array(POOL_BYTES);
  private at = POOL_BYTES;

  /** Bytes that nobody else got; at most 4096. */
  take(count: number): Uint8Array {
    if (this.at + count > POOL_BYTES) {
      randomFillSync(this.pool);
      this.at = 0;
    }
    this.at += count;
    return this.pool.slice(this.at - count, this.at);
  }
}
