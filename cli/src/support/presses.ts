// Which signals are one and the same request to end: a Ctrl-C may come by more than one way.

/** Straight from the terminal or from `kill`, or passed on by the process that started this one. */
export type Way = 'straight' | 'passed-on';

/** npm and others pass a signal on to a process that the terminal has told already; nobody presses twice as fast. */
export const SAME_PRESS_MS = 300;

export class Presses {
  readonly #counts: Record<Way, number> = { straight: 0, 'passed-on': 0 };
  readonly #lastMs = new Map<string, number>();

  /**
   * Counts a signal; true when it is one more request. A terminal tells launcher and child, and the launcher passes it on: as many
   * requests were made as came by the way that brought more, whichever of the two comes first and however late the other.
   */
  isAnother(way: Way, signal: string, nowMs: number): boolean {
    const key = `${way} ${signal}`;
    const isCopy = nowMs - (this.#lastMs.get(key) ?? Number.NEGATIVE_INFINITY) < SAME_PRESS_MS;
    if (isCopy) return false;
    this.#lastMs.set(key, nowMs);
    const before = Math.max(...Object.values(this.#counts));
    this.#counts[way] += 1;
    return this.#counts[way] > before;
  }
}
