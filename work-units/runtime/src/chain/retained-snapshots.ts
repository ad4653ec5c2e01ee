// Snapshots taken at the marks of one unit, as many as a quota of bytes allows: from them any other one can be computed again (snapshot-at-mark.ts).

/** What is known of a kept snapshot without its bytes. */
export type KeptSnapshot = { mark: number; sizeBytes: number };

/**
 * The marks of those that have to go so that the rest fits the quota: one after the other that whose neighbours lie closest together, so that what stays is spread
 * evenly. The newest stays as long as it fits by itself. `kept` is sorted by mark.
 */
export function snapshotsToDrop(kept: readonly KeptSnapshot[], quotaBytes: number): number[] {
  const left = [...kept];
  const dropped: number[] = [];
  let sizeBytes = left.reduce((sum, snapshot) => sum + snapshot.sizeBytes, 0);
  while (sizeBytes > quotaBytes) {
    const [gone] = left.splice(mostCrowded(left), 1);
    if (gone === undefined) break;
    dropped.push(gone.mark);
    sizeBytes -= gone.sizeBytes;
  }
  return dropped;
}

/** The place of the one that is missed least. The start of the unit, mark 0, needs no snapshot. */
function mostCrowded(kept: readonly KeptSnapshot[]): number {
  const gapWithout = (place: number): number => (kept[place + 1]?.mark ?? 0) - (kept[place - 1]?.mark ?? 0);
  let best = 0;
  for (let place = 1; place < kept.length - 1; place++) if (gapWithout(place) < gapWithout(best)) best = place;
  return best;
}

/** Keeps snapshots in memory. Their bytes are kept as they are, not copied. */
export class RetainedSnapshots {
  private readonly snapshots = new Map<number, Uint8Array>();

  constructor(readonly quotaBytes: number) {}

  /** The marks that there is a snapshot of, ascending. */
  get marks(): number[] {
    return [...this.snapshots.keys()].sort((left, right) => left - right);
  }

  get sizeBytes(): number {
    return this.kept().reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Keeps the snapshot of a mark, from 1 on, and drops others as needed. One that is larger than the whole quota is not kept. */
  add(mark: number, snapshot: Uint8Array): void {
    if (snapshot.length > this.quotaBytes) return;
    this.snapshots.set(mark, snapshot);
    for (const dropped of snapshotsToDrop(this.kept(), this.quotaBytes)) this.snapshots.delete(dropped);
  }

  drop(mark: number): void {
    this.snapshots.delete(mark);
  }

  /** The latest one that is not after the mark; null when there is none. */
  nearest(mark: number): { mark: number; snapshot: Uint8Array } | null {
    const found = this.marks.findLast((kept) => kept <= mark);
    const snapshot = found === undefined ? undefined : this.snapshots.get(found);
    return found === undefined || snapshot === undefined ? null : { mark: found, snapshot };
  }

  private kept(): KeptSnapshot[] {
    return this.marks.map((mark) => ({ mark, sizeBytes: this.snapshots.get(mark)?.length ?? 0 }));
  }
}
