// Work in the background, slice by slice: after each it rests for several times as long as it took, so that it never has much of the event loop.

/** Rests so many times as long as the slice took: the work has a fifth of the time. */
const REST_FACTOR = 4;
const REST_MINIMUM_MS = 5;
/** After trouble, which a full disk may be. */
const TROUBLE_REST_MS = 30_000;

/** Does a bounded piece of the work; resolves whether there is more. */
export type Slice = () => Promise<boolean>;

export class Slices {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;

  constructor(
    private readonly slice: Slice,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** There is work: it begins after `inMs`, unless it is under way or about to begin. */
  wake(inMs = 0): void {
    this.#isWanted = true;
    if (this.#isStopped || this.#running || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#isWanted = false;
      this.#running = this.#run().then((restMs) => {
        this.#running = undefined;
        if (this.#isWanted) this.wake(restMs);
      });
    }, inMs);
    this.#timer.unref();
  }

  /** Resolves once the slice under way is done. No other begins. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Resolves with the time to rest. */
  async #run(): Promise<number> {
    const beganMs = performance.now();
    try {
      if (await this.slice()) this.#isWanted = true;
      return Math.max(REST_MINIMUM_MS, REST_FACTOR * (performance.now() - beganMs));
    } catch (error) {
      this.onTrouble(error);
      this.#isWanted = true;
      return TROUBLE_REST_MS;
    }
  }
}
