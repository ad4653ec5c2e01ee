// Time in which a unit computed, of all its runs together. Asleep, stopped or kept waiting by other programs it did not. Pure: the readings come from outside.

/** `cpuMs`: of this thread; null where Node cannot tell it. */
export type TimeReading = { monotonicMs: number; cpuMs: number | null };

/** Without the thread's own time: so much of one step counts at most. Steps are meant to take a third of a second; longer ones contain a pause. */
const STEP_MAXIMUM_MS = 2000;

export class RunningTime {
  #elapsedMs: number;
  readonly #read: () => TimeReading;

  /** `carriedMs`: of earlier runs. */
  constructor(carriedMs: number, read: () => TimeReading) {
    this.#elapsedMs = carriedMs;
    this.#read = read;
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Counts what a step takes. */
  during<T>(step: () => T): T {
    const before = this.#read();
    try {
      return step();
    } finally {
      this.#elapsedMs += between(before, this.#read());
    }
  }
}

function between(before: TimeReading, after: TimeReading): number {
  if (before.cpuMs !== null && after.cpuMs !== null) return Math.max(0, after.cpuMs - before.cpuMs);
  return Math.max(0, Math.min(STEP_MAXIMUM_MS, after.monotonicMs - before.monotonicMs));
}

const MICROSECONDS = 1000;
type ThreadCpuUsage = () => { user: number; system: number };
/** Missing before Node 22.19. */
const threadCpuUsage = (process as { threadCpuUsage?: ThreadCpuUsage }).threadCpuUsage?.bind(process);

export function readTime(): TimeReading {
  const usage = threadCpuUsage?.();
  return {
    monotonicMs: performance.now(),
    cpuMs: usage ? (usage.user + usage.system) / MICROSECONDS : null,
  };
}
