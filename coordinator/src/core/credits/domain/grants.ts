// Credit: what the fuel of agreeing replicas is worth and how a transaction writes it down. By agreed fuel, never by time.
import { toRanges } from '../../domain/ranges.js';

/** How the amount was found; written beside it. Rows of an earlier basis (`flat-v0`: the same for every replica) stay valid. */
export const CREDIT_BASIS = 'fuel-v1';

/** What one host did of a replica that agreed with the accepted result of its unit. */
export type CreditedShare = {
  readonly batchRowId: number;
  readonly unitIndex: number;
  readonly accountRowId: number;
  readonly hostRowId: number;
  readonly fuel: number;
  /** Whether it made the statement; who only did a part before has fuel credited, but no replica. */
  readonly isReplica: boolean;
};

/** One row of the ledger. */
export type Grant = {
  readonly batchRowId: number;
  readonly accountRowId: number;
  readonly hostRowId: number;
  readonly replicas: number;
  readonly fuel: number;
  readonly units: readonly (readonly [number, number])[];
};

type Group = { first: CreditedShare; replicas: number; fuel: number; indexes: Set<number> };

/**
 * Sums up the shares of one transaction: one grant per batch, account and host, in the order of first appearance, and further ones where the sum would
 * not be an exact integer any more.
 */
export function grantsFor(shares: readonly CreditedShare[]): Grant[] {
  const open = new Map<string, Group>();
  const groups: Group[] = [];
  for (const share of shares) {
    const name = `${share.batchRowId}/${share.accountRowId}/${share.hostRowId}`;
    let group = open.get(name);
    if (!group || group.fuel + share.fuel > Number.MAX_SAFE_INTEGER) {
      group = { first: share, replicas: 0, fuel: 0, indexes: new Set() };
      open.set(name, group);
      groups.push(group);
    }
    group.fuel += share.fuel;
    group.replicas += Number(share.isReplica);
    group.indexes.add(share.unitIndex);
  }
  return groups.map(({ first, replicas, fuel, indexes }) => ({
    batchRowId: first.batchRowId,
    accountRowId: first.accountRowId,
    hostRowId: first.hostRowId,
    replicas,
    fuel,
    units: toRanges([...indexes].sort((left, right) => left - right)),
  }));
}

/** The most fuel of one replica that counts, so that it earns at most so many milli-cobblestones. */
export function fuelCap(maximumMilli: number, fuelPerCobblestone: number): number {
  const fuel = (BigInt(maximumMilli) * BigInt(fuelPerCobblestone)) / 1000n;
  return Number(fuel < BigInt(Number.MAX_SAFE_INTEGER) ? fuel : BigInt(Number.MAX_SAFE_INTEGER));
}

/**
 * Milli-cobblestones for more fuel of the same host, account and batch. `rest` is what earlier fuel left over, in thousandths of fuel, always less than
 * one milli-cobblestone's worth: so all amounts together are what the sum of the fuel is worth, rounded down once.
 */
export function amountFor(
  fuel: number,
  { rest, fuelPerCobblestone }: { rest: number; fuelPerCobblestone: number },
): { amountMilli: number; rest: number } {
  const thousandths = BigInt(rest) + 1000n * BigInt(fuel);
  const worth = BigInt(fuelPerCobblestone);
  return { amountMilli: Number(thousandths / worth), rest: Number(thousandths % worth) };
}
