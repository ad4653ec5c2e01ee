// How many units a host may have after a lease of it ran out. A sleeping laptop is back at its usual number after a few results; a computer that
// takes units and never answers keeps one from others, not hundreds.
import { UNITS_PER_LEASE_MAXIMUM } from '@manyhands/contract';

/** Replicas that one host may have open at once; more than the largest lease, so that it can fetch ahead. */
export const OPEN_UNITS_PER_HOST_MAXIMUM = 4 * UNITS_PER_LEASE_MAXIMUM;

/** Units of leases granted since then, or null: as many as any host. */
export type Allowance = { readonly units: number; readonly sinceMs: number } | null;

/** A lease ran out. Units that the host held before do not count against what it may have now: they run out by themselves. */
export function afterLapse(before: Allowance, nowMs: number): Allowance {
  return { units: 1, sinceMs: before?.sinceMs ?? nowMs };
}

/** The host handed in results. */
export function afterResults(before: Allowance, resultCount: number): Allowance {
  if (before === null || resultCount === 0) return before;
  const units = before.units * 2 ** Math.min(resultCount, 20);
  return units >= OPEN_UNITS_PER_HOST_MAXIMUM ? null : { ...before, units };
}
