// Gives memory back by collecting garbage by hand: what units held lies outside of the heap, where the engine hardly sees it.

/** So much may lie about between two units, so that two large ones do not lie beside each other. */
const COLLECT_BYTES = 256 * 1024 * 1024;
/** After tiny units the engine's own rhythm costs half as much. */
const COLLECT_AFTER_MS = 50;
/** Without work for so long, everything is collected. */
const IDLE_MS = 1000;

export class Collector {
  #uncollectedBytes = 0;
  #idle: NodeJS.Timeout | undefined;

  /** A unit has ended; `memoryBytes` is what its linear memory may have had. */
  afterUnit(memoryBytes: number, elapsedMs: number): void {
    if (elapsedMs <= COLLECT_AFTER_MS) return;
    this.#uncollectedBytes += memoryBytes;
    // Files, output and snapshots.
    if (this.#uncollectedBytes + process.memoryUsage().arrayBuffers >= COLLECT_BYTES) this.#collect();
  }

  /** Work has come or gone: waits for a quiet time from here on. */
  touch(): void {
    if (this.#idle) this.#idle.refresh();
    else this.#idle = setTimeout(() => this.#collect(), IDLE_MS).unref();
  }

  /** Present with --expose-gc. */
  #collect(): void {
    globalThis.gc?.();
    this.#uncollectedBytes = 0;
  }
}
