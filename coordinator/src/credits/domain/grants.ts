// Credit: what accepted replicas are worth and how a transaction writes it down. Flat per replica, never by time.
import { toRanges } from '../../units/domain/ranges.js';

/** How the amount was found; written beside it, so that later rules can be told apart. */
export const CREDIT_BASIS = 'flat-v0';

/** One replica that agreed with the accepted result of its unit. */
export type CreditedReplica = {
  readonly batchRowId: number;
  readonly unitIndex: number;
  readonly accountRowId: number;
  readonly hostRowId: number;
};

/** One row of the ledger. Amounts are integer milli-cobblestones. */
export type Grant = {
  readonly batchRowId: number;
  readonly accountRowId: number;
  readonly hostRowId: number;
  readonly replicas: number;
  readonly amountMilli: number;
  readonly units: readonly (readonly [number, number])[];
};

/** Sums up the replicas of one transaction: one grant per batch, account and host, in the order of first appearance. */
export function grantsFor(replicas: readonly CreditedReplica[], rateMilli: (batchRowId: number) => number): Grant[] {
  const groups = new Map<string, { first: CreditedReplica; indexes: number[] }>();
  for (const replica of replicas) {
    const name = `${replica.batchRowId}/${replica.accountRowId}/${replica.hostRowId}`;
    const group = groups.get(name);
    if (group) group.indexes.push(replica.unitIndex);
    else groups.set(name, { first: replica, indexes: [replica.unitIndex] });
  }
  return [...groups.values()].map(({ first, indexes }) => ({
    batchRowId: first.batchRowId,
    accountRowId: first.accountRowId,
    hostRowId: first.hostRowId,
    replicas: indexes.length,
    amountMilli: indexes.length * rateMilli(first.batchRowId),
    units: toRanges(indexes.sort((left, right) => left - right)),
  }));
}
