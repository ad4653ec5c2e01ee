// The coordinator's time as a caller knows it. Signed calls must agree with it within REQUEST_FRESHNESS_MS, whatever the caller's own clock says.

export class CoordinatorClock {
  #offsetMs = 0;

  nowMs(): number {
    return Math.max(0, Date.now() + this.#offsetMs);
  }

  set(nowMs: number): void {
    this.#offsetMs = nowMs - Date.now();
  }

  /** Takes the `Date` of an answer that found a call too old or from the future (MH-SIG-005). False when it says no time. */
  learn(date: string | null): boolean {
    const nowMs = Date.parse(date ?? '');
    if (Number.isNaN(nowMs)) return false;
    this.set(nowMs);
    return true;
  }
}
