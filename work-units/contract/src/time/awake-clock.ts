// Time in which the machine was awake, whatever its clocks do while it sleeps. Pure: the readings come from outside.

/** Two clocks of a machine: one that never goes back, and the time of day. */
export type ClockReading = { monotonicMs: number; wallMs: number };

//   what happens                                   monotonic      time of day
//   Linux suspends                                 stands still   jumps
//   Windows sleeps, a VM is frozen, SIGSTOP        jumps          jumps
//   somebody sets the clock                        goes on        jumps, also back

/** The clock is read this often, so that a longer step is time asleep. */
export const AWAKE_STEP_MS = 1000;
/** A busy machine may come late by this much without having slept. */
const LATE_MAXIMUM_MS = 5000;

export class AwakeClock {
  #last: ClockReading;
  #awakeMs = 0;

  constructor(now: ClockReading) {
    this.#last = now;
  }

  /** Time awake since the start, and how long the machine slept since the last reading; 0: it did not. To be read at least every AWAKE_STEP_MS. */
  read(now: ClockReading): { awakeMs: number; sleptMs: number } {
    const stepMs = Math.max(0, now.monotonicMs - this.#last.monotonicMs);
    const longestMs = Math.max(stepMs, now.wallMs - this.#last.wallMs);
    this.#last = now;
    const countedMs = stepMs > LATE_MAXIMUM_MS ? AWAKE_STEP_MS : stepMs;
    this.#awakeMs += countedMs;
    return { awakeMs: this.#awakeMs, sleptMs: longestMs > LATE_MAXIMUM_MS ? longestMs - countedMs : 0 };
  }
}
