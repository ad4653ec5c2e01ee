// What one group of hosts met with.
import type { GroupFigures } from './messages.js';

export class Notes {
  hosts = 0;
  served = 0;
  dropped = 0;
  early = 0;
  readonly joinMs: number[] = [];
  private readonly later = new Map<string, number>();
  private readonly otherwise = new Map<string, number>();

  told(what: string): void {
    count(this.later, what);
  }

  refused(what: string): void {
    count(this.otherwise, what);
  }

  figures(): GroupFigures {
    const { hosts, served, dropped, early, joinMs } = this;
    const counts = { later: Object.fromEntries(this.later), otherwise: Object.fromEntries(this.otherwise) };
    return { hosts, served, dropped, early, joinMs, ...counts };
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
