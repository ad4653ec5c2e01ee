// Weights by key, with a heaviest key at hand whatever their number: changes cost no search.

export class Tally {
  private readonly weights = new Map<string, number>();
  private readonly byWeight = new Map<number, Set<string>>();
  private largest = 0;

  /** Changes the weight of a key; one without weight is forgotten. */
  add(key: string, change: number): void {
    const before = this.weights.get(key) ?? 0;
    const after = before + change;
    this.leave(key, before);
    if (after <= 0) this.weights.delete(key);
    else this.enter(key, after);
    while (this.largest > 0 && !this.byWeight.has(this.largest)) this.largest--;
  }

  weightOf(key: string): number {
    return this.weights.get(key) ?? 0;
  }

  /** Of several that weigh the same, the one that has weighed so for longest. */
  heaviest(): string | undefined {
    for (const key of this.byWeight.get(this.largest) ?? []) return key;
    return undefined;
  }

  private enter(key: string, weight: number): void {
    this.weights.set(key, weight);
    const peers = this.byWeight.get(weight);
    if (peers) peers.add(key);
    else this.byWeight.set(weight, new Set([key]));
    this.largest = Math.max(this.largest, weight);
  }

  private leave(key: string, weight: number): void {
    const peers = this.byWeight.get(weight);
    peers?.delete(key);
    if (peers?.size === 0) this.byWeight.delete(weight);
  }
}
