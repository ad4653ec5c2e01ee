// Which of equal events are worth a line: the first few, then how many there were, at intervals that grow. Whoever causes events cannot fill the log.

/** Lines of one kind in full, together; the last one may go beyond. */
const FULL_LINES_BYTES = 4000;
/** Counts are told so long after the first event that was not, then ten times as long, until the longest. */
const FIRST_COUNT_MS = 10_000;
const LONGEST_COUNT_MS = 60 * 60_000;
/** More kinds than there are calls of the log; beyond them events count as one kind. */
const KINDS_MAXIMUM = 500;
const OTHERS = 'others';

type Repeated = { lineBytes: number; untold: number; lastMs: number; tellAtMs: number; intervalMs: number };
export type Told = { readonly kind: string; readonly count: number };

/** Events by kind. Changes with time alone: nothing in it runs by itself. */
export class RepeatedEvents {
  readonly #kinds = new Map<string, Repeated>();

  /** Whether this event gets its line; otherwise it is counted. */
  admit(kind: string, sizeBytes: number, nowMs: number): boolean {
    const event = this.#of(kind, nowMs);
    // After a quiet time equal events are news again.
    if (event.untold === 0 && nowMs - event.lastMs >= LONGEST_COUNT_MS) {
      event.lineBytes = 0;
      event.intervalMs = FIRST_COUNT_MS;
    }
    event.lastMs = nowMs;
    if (event.lineBytes < FULL_LINES_BYTES) {
      event.lineBytes += sizeBytes;
      return true;
    }
    if (event.untold === 0) event.tellAtMs = nowMs + event.intervalMs;
    event.untold++;
    return false;
  }

  /** The counts that are to be told now. */
  due(nowMs: number): Told[] {
    return this.#tell((event) => event.tellAtMs <= nowMs);
  }

  /** All counts that were not told yet. */
  all(): Told[] {
    return this.#tell(() => true);
  }

  #tell(isDue: (event: Repeated) => boolean): Told[] {
    const told: Told[] = [];
    for (const [kind, event] of this.#kinds) {
      if (event.untold === 0 || !isDue(event)) continue;
      told.push({ kind, count: event.untold });
      event.untold = 0;
      event.intervalMs = Math.min(LONGEST_COUNT_MS, 10 * event.intervalMs);
    }
    return told;
  }

  #of(kind: string, nowMs: number): Repeated {
    const name = this.#kinds.has(kind) || this.#kinds.size < KINDS_MAXIMUM ? kind : OTHERS;
    let event = this.#kinds.get(name);
    if (!event) {
      event = { lineBytes: 0, untold: 0, lastMs: nowMs, tellAtMs: 0, intervalMs: FIRST_COUNT_MS };
      this.#kinds.set(name, event);
    }
    return event;
  }
}
