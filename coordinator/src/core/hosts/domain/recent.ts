// What happened lately, by key: counts of the last minute, for bounds that must hold in every minute and not only on average.

const WINDOW_MS = 60_000;

/** Names under keys, each forgotten a minute after it was noted. The clock is given with each call. */
export class Recent {
  private readonly byKey = new Map<string, Map<string, number>>();
  private sweptMs = 0;

  has(key: string, name: string, nowMs: number): boolean {
    return this.of(key, nowMs).has(name);
  }

  count(key: string, nowMs: number): number {
    return this.of(key, nowMs).size;
  }

  note(key: string, name: string, nowMs: number): void {
    this.sweep(nowMs);
    const names = this.byKey.get(key) ?? new Map<string, number>();
    this.byKey.set(key, names.set(name, nowMs));
  }

  forget(key: string, name: string): void {
    this.byKey.get(key)?.delete(name);
  }

  private of(key: string, nowMs: number): Map<string, number> {
    const names = this.byKey.get(key);
    if (!names) return new Map();
    for (const [name, atMs] of names) if (isOver(atMs, nowMs)) names.delete(name);
    if (names.size === 0) this.byKey.delete(key);
    return names;
  }

  /** Keys that nobody asks about again go too. */
  private sweep(nowMs: number): void {
    if (!isOver(this.sweptMs, nowMs)) return;
    this.sweptMs = nowMs;
    for (const key of [...this.byKey.keys()]) this.of(key, nowMs);
  }
}

/** A clock that was set back must not keep anything for ever. */
function isOver(atMs: number, nowMs: number): boolean {
  return nowMs - atMs >= WINDOW_MS || nowMs < atMs;
}
