// A unit as a row of the journal, and what it says in the words of the core.
import { decodeDagCborStrictly, type ErrorCode, type Lease, type LeaseId, leaseSchema } from '@manyhands/contract';
import type { UnitEnding, UnitRef } from '@manyhands/worker-core';

export type UnitRow = {
  lease_id: LeaseId;
  unit_index: number;
  state: 'open' | 'computed' | 'kept';
  kind: UnitEnding['kind'];
  digest: Buffer | null;
  bundle_bytes: number;
  bundle: Buffer | null;
  elapsed_ms: number;
  fuel: number;
  mark_count: number;
  chain_root: Buffer | null;
  code: string;
  exit_code: number | null;
  message: string;
  stderr_tail: string;
};

export function refOf({ lease_id, unit_index }: UnitRow): UnitRef {
  return { leaseId: lease_id, index: unit_index };
}

export function leaseOf(record: Uint8Array): Lease {
  return leaseSchema.parse(decodeDagCborStrictly(Uint8Array.from(record)));
}

export function endingOf(row: UnitRow): UnitEnding {
  const chainRoot = row.chain_root && Uint8Array.from(row.chain_root);
  const proof = { fuel: row.fuel, markCount: row.mark_count };
  if (row.kind === 'success')
    return {
      kind: 'success',
      digest: Uint8Array.from(row.digest ?? []),
      bundleBytes: row.bundle_bytes,
      elapsedMs: row.elapsed_ms,
      ...{ ...proof, chainRoot: chainRoot ?? new Uint8Array() },
    };
  return {
    kind: row.kind,
    code: row.code as ErrorCode,
    exitCode: row.exit_code,
    message: row.message,
    stderrTail: row.stderr_tail,
    elapsedMs: row.elapsed_ms,
    ...{ ...proof, chainRoot },
  };
}
