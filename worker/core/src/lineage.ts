// Whose work a state or a result rests on: whether what was computed under one lease may go on, or be stated, under another of the same unit.
import { type Build, equalBytes, type Lease, sha256 } from '@manyhands/contract';

/** What was computed under a lease, as far as another lease of the same unit must fit it. */
export type Lineage = {
  build: Build;
  /** Names the predecessors' work in it: the digest of their last hand-over; null: computed from the start. */
  base: Uint8Array | null;
};

export function lineageOf({ build, checkpoint }: Lease): Lineage {
  const last = checkpoint?.handOvers.at(-1);
  return { build, base: last ? sha256(last) : null };
}

/**
 * The manifest names the app version, and so the engine and the modules; the build is the lease's. Work of others must be named by the lease too: what
 * rests on it has no vote of its own.
 */
export function fitsLease({ build, base }: Lineage, lease: Lease): boolean {
  if (build !== lease.build) return false;
  return base === null || (lease.checkpoint?.handOvers.some((envelope) => equalBytes(sha256(envelope), base)) ?? false);
}
