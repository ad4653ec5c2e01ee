// A virtual clock: events happen in order of time, and time jumps from one to the next.

/** Runs scheduled work in order. */
export class VirtualClock {
  nowMs = 0;
  private queue: Array<{ atMs: number; order: number; work: () => void }> = [];
  private order = 0;

  after(delayMs: number, work: () => void): void {
    this.queue.push({ atMs: this.nowMs + delayMs, order: this.order++, work });
    this.queue.sort((left, right) => left.atMs - right.atMs || left.order - right.order);
  }

  /** Runs until nothing is left, `isDone` says so, or the time is over. */
  run(untilMs: number, isDone: () => boolean): void {
    while (!isDone()) {
      const next = this.queue.shift();
      if (next === undefined || next.atMs > untilMs) return;
      this.nowMs = next.atMs;
      next.work();
    }
  }
}
