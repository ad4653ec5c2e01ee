// How many of the hosts that are connected are independent of each other: each network counts once, and in a shared one each account.

/** Where a host comes from. `network`: 0 in one whose computers are independent of each other. */
export type Origin = { readonly network: number; readonly accountRowId: number };

export class Independence {
  private readonly networks = new Map<number, number>();
  private readonly sharing = new Map<number, number>();

  add(origin: Origin): void {
    this.count(origin, 1);
  }

  remove(origin: Origin): void {
    this.count(origin, -1);
  }

  /** Whether too few networks are here for copies that are to agree. Nobody here, or too few accounts in shared networks alone, is another matter. */
  isShortOfNetworks(quorum: number): boolean {
    return this.networks.size > 0 && this.networks.size + this.sharing.size < quorum;
  }

  private count({ network, accountRowId }: Origin, by: 1 | -1): void {
    const [counts, key] = network === 0 ? [this.sharing, accountRowId] : [this.networks, network];
    const count = (counts.get(key) ?? 0) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  }
}
