// How many units a lease covers and how long it lasts. Nothing that a host merely says of itself makes it larger or longer.
import { UNITS_PER_LEASE_MAXIMUM } from '@manyhands/contract';
import { OPEN_UNITS_PER_HOST_MAXIMUM } from '../../standing/domain/allowance.js';
import type { Pace } from '../../units/domain/pace.js';

/** A lease should keep a core busy about this long: long enough to make messages rare, short enough that a lost host delays little. */
const WORK_PER_LEASE_MS = 15 * 60_000;
/** A lease lasts this many times the work that it is expected to hold: hosts are slower, busier and paused. */
const DURATION_FACTOR = 3;
/** However often it is renewed, it ends after so many times the work that it holds; a unit held for half of that is offered to somebody else too. */
const LONGEST_FACTOR = 4;
const OVERDUE_FACTOR = 2;
export const LEASE_DURATION_MAXIMUM_MS = 24 * 60 * 60_000;
/** Leases that one host may have open at once. */
export const OPEN_LEASES_PER_HOST_MAXIMUM = 64;
/** A host of which nothing is known yet. */
const IN_HAND_AT_FIRST = 2;
/** Units in hand that stand for a core: how much of a host is at work shows in what it hands in, not in what it claims. */
const IN_HAND_PER_CORE = 16;
/** However little is left, a lease may hold so many units: what a host begins with, or what one with some cores needs. */
const TAIL_MINIMUM = { units: IN_HAND_AT_FIRST, unitsWithCores: 4 };

/** How many units a host may have in hand, by how many of its results agreed with others, or were accepted where one is enough. */
export function inHandMaximum(agreedCount: number): number {
  return Math.min(OPEN_UNITS_PER_HOST_MAXIMUM, IN_HAND_AT_FIRST * (1 + agreedCount));
}

export type LeaseDemand = {
  /** What the host asked for. */
  readonly maximumUnits: number;
  /** What it may have in hand, and what of that it has. */
  readonly inHandMaximum: number;
  readonly openUnits: number;
  /** How long the host stays; null: no end in sight. */
  readonly availableMs: number | null;
};

export type LeaseSupply = {
  /** What a unit of the batch takes. */
  readonly unitMs: number;
  /** Replicas of the batch that nobody has leased, at most; the last ones are shared out. */
  readonly wantedReplicas: number;
  /** Hosts connected now, this one included. */
  readonly hostCount: number;
};

/** At least 1, unless the host has as many open units as it may have: then 0. */
export function unitsForLease(demand: LeaseDemand, supply: LeaseSupply): number {
  const horizonMs = Math.min(WORK_PER_LEASE_MS, demand.availableMs ?? WORK_PER_LEASE_MS);
  const cores = Math.max(1, Math.floor(demand.inHandMaximum / IN_HAND_PER_CORE));
  const byTime = cores * Math.max(1, Math.floor(horizonMs / Math.max(1, supply.unitMs)));
  // Guided self-scheduling (Polychronopoulos and Kuck, 1987): near the end leases get smaller, so that nobody waits for one host's pile.
  const leastAtTail = Math.min(TAIL_MINIMUM.unitsWithCores, Math.max(TAIL_MINIMUM.units, cores));
  const byTail = Math.max(leastAtTail, Math.ceil(supply.wantedReplicas / (2 * Math.max(1, supply.hostCount))));
  const room = demand.inHandMaximum - demand.openUnits;
  return Math.max(0, Math.min(demand.maximumUnits, byTime, byTail, room, UNITS_PER_LEASE_MAXIMUM));
}

export type LeaseLoad = { readonly units: number; readonly unitMs: number };
export type LeaseTimes = {
  /** How long it lasts, and by how much renewing extends it. */
  readonly durationMs: number;
  /** Held for so long, its units are offered to others too. */
  readonly overdueMs: number;
  /** No renewal extends it beyond. */
  readonly longestMs: number;
};

/** The times of a lease, from when it was granted. `leaseMinimumMs`: what the work of any lease is taken to need, with fetching and reporting. */
export function leaseTimes({ units, unitMs }: LeaseLoad, leaseMinimumMs: number): LeaseTimes {
  const workMs = Math.max(leaseMinimumMs, units * unitMs);
  const pileMs = Math.min(units * unitMs, WORK_PER_LEASE_MS);
  const durationMs = Math.max(leaseMinimumMs, DURATION_FACTOR * Math.max(unitMs, pileMs));
  return {
    durationMs: Math.ceil(Math.min(LEASE_DURATION_MAXIMUM_MS, durationMs)),
    // Sooner than a lease runs out: who keeps the last short units of a batch must not keep its scientist waiting.
    overdueMs: Math.ceil(Math.max(leaseMinimumMs / 2, OVERDUE_FACTOR * units * unitMs)),
    longestMs: Math.ceil(LONGEST_FACTOR * workMs),
  };
}

/** How long a lease may last. `fuel`: what its host says that it has used for it; heavier units than others may take longer, in proportion. */
export function longestLeaseMs(
  { units, fuel }: { units: number; fuel: number },
  { unitMs, fuelPerMs }: Pace,
  leaseMinimumMs: number,
): number {
  const byFuelMs = fuelPerMs === null ? 0 : fuel / Math.max(1, fuelPerMs);
  return Math.max(
    leaseTimes({ units, unitMs }, leaseMinimumMs).longestMs,
    leaseTimes({ units: 1, unitMs: byFuelMs }, leaseMinimumMs).longestMs,
  );
}
