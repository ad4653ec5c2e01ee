// How many units a lease covers and how long it lasts.
import { UNITS_PER_LEASE_MAXIMUM } from '@manyhands/contract';

/** A lease should keep a host busy about this long: long enough to make messages rare, short enough that a lost host delays little. */
const WORK_PER_LEASE_MS = 15 * 60_000;
/** A lease lasts this many times the work that it is expected to hold: hosts are slower, busier and paused. */
const DURATION_FACTOR = 3;
export const LEASE_DURATION_MAXIMUM_MS = 24 * 60 * 60_000;
/** Replicas that one host may have open at once; more than the largest lease, so that it can fetch ahead. */
export const OPEN_UNITS_PER_HOST_MAXIMUM = 4 * UNITS_PER_LEASE_MAXIMUM;
/** Leases that one host may have open at once: what one `lease.renew` names. */
export const OPEN_LEASES_PER_HOST_MAXIMUM = 64;

export type LeaseDemand = {
  /** What the host asked for. */
  readonly maximumUnits: number;
  readonly cores: number;
  /** What the host has open already. */
  readonly openUnits: number;
  /** How long the host stays; null: no end in sight. */
  readonly availableMs: number | null;
};

export type LeaseSupply = {
  readonly expectedDurationMs: number;
  /** Replicas of the batch that nobody has leased, at most; the last ones are shared out. */
  readonly wantedReplicas: number;
  /** Hosts connected now, this one included. */
  readonly hostCount: number;
};

/** At least 1, unless the host has as many open units as it may have: then 0. */
export function unitsForLease(demand: LeaseDemand, supply: LeaseSupply): number {
  const cores = Math.max(1, demand.cores);
  const horizonMs = Math.min(WORK_PER_LEASE_MS, demand.availableMs ?? WORK_PER_LEASE_MS);
  const byTime = Math.max(cores, Math.floor((horizonMs * cores) / Math.max(1, supply.expectedDurationMs)));
  // Guided self-scheduling (Polychronopoulos and Kuck, 1987): near the end leases get smaller, so that nobody waits for one host's pile.
  const byTail = Math.max(cores, Math.ceil(supply.wantedReplicas / (2 * Math.max(1, supply.hostCount))));
  const room = OPEN_UNITS_PER_HOST_MAXIMUM - demand.openUnits;
  return Math.max(0, Math.min(demand.maximumUnits, byTime, byTail, room, UNITS_PER_LEASE_MAXIMUM));
}

export type LeaseLoad = { readonly units: number; readonly cores: number; readonly expectedDurationMs: number };

/** How long a lease lasts, and by how much `lease.renew` extends it. */
export function leaseDurationMs({ units, cores, expectedDurationMs }: LeaseLoad, leaseMinimumMs: number): number {
  const expectedMs = Math.ceil((DURATION_FACTOR * expectedDurationMs * units) / Math.max(1, cores));
  return Math.min(
    LEASE_DURATION_MAXIMUM_MS,
    Math.max(leaseMinimumMs, DURATION_FACTOR * expectedDurationMs, expectedMs),
  );
}
