// How far this host has come with each of its leases: what was fetched, and how much fuel its units used, those that have ended included.
import type { LeaseId, LeaseProgress } from '@manyhands/contract';

type Sum = { fetchedBytes: number; fuel: number; markCount: number };
/** A unit that is held now. */
export type HeldProgress = {
  readonly leaseId: LeaseId;
  /** Still waits for what it needs. */
  readonly isFetching: boolean;
  readonly fuel: number;
  readonly markCount: number;
};

export class LeaseProgressBook {
  readonly #sums = new Map<LeaseId, Sum>();

  /** Something of the lease came to its end: a fetch, or a unit. */
  add(leaseId: LeaseId, { fetchedBytes = 0, fuel = 0, markCount = 0 }: Partial<Sum>): void {
    const before = this.#sums.get(leaseId) ?? { fetchedBytes: 0, fuel: 0, markCount: 0 };
    this.#sums.set(leaseId, {
      fetchedBytes: before.fetchedBytes + fetchedBytes,
      fuel: before.fuel + fuel,
      markCount: before.markCount + markCount,
    });
  }

  /** Of these leases; others that hold nothing are forgotten. `fetchedBytes`: all that this host has fetched. */
  of(
    leaseIds: readonly LeaseId[],
    { held, fetchedBytes }: { held: readonly HeldProgress[]; fetchedBytes: number },
  ): LeaseProgress[] {
    const kept = new Set([...leaseIds, ...held.map(({ leaseId }) => leaseId)]);
    for (const leaseId of this.#sums.keys()) if (!kept.has(leaseId)) this.#sums.delete(leaseId);
    return leaseIds.map((leaseId) => {
      const sum = { fetchedBytes: 0, fuel: 0, markCount: 0, ...this.#sums.get(leaseId) };
      const own = held.filter((unit) => unit.leaseId === leaseId);
      if (own.some(({ isFetching }) => isFetching)) sum.fetchedBytes += fetchedBytes;
      for (const { fuel, markCount } of own) {
        sum.fuel += fuel;
        sum.markCount += markCount;
      }
      return [leaseId, exact(sum.fetchedBytes), exact(sum.fuel), exact(sum.markCount)];
    });
  }
}

function exact(count: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(count));
}
