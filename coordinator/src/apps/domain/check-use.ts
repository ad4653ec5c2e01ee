// What the checks of each project have computed lately: half of it is forgotten every hour.

const HALF_LIFE_MS = 60 * 60_000;
/** Less than this is nothing. */
const NOTHING_MS = 1;

type Use = { readonly usedMs: number; readonly atMs: number };

export class CheckUse {
  private readonly uses = new Map<number, Use>();

  usedMs(projectRowId: number, nowMs: number): number {
    const { usedMs, atMs } = this.uses.get(projectRowId) ?? { usedMs: 0, atMs: nowMs };
    return usedMs * 0.5 ** (Math.max(0, nowMs - atMs) / HALF_LIFE_MS);
  }

  add(projectRowId: number, computedMs: number, nowMs: number): void {
    this.uses.set(projectRowId, { usedMs: this.usedMs(projectRowId, nowMs) + computedMs, atMs: nowMs });
    for (const id of this.uses.keys()) if (this.usedMs(id, nowMs) < NOTHING_MS) this.uses.delete(id);
  }
}
