// Whether a checkpoint fits the unit that is to go on from it, and what its predecessor signed.
import { equalBytes } from '@manyhands/contract';
import { refusal } from '../snapshot/reading.js';
import type { SnapshotHead } from '../snapshot/snapshot-format.js';

/** What somebody has signed about a checkpoint; what is absent is not compared. */
export type ExpectedState = {
  fuel?: number;
  /** All links up to there; or only their Merkle root, null when there are none. */
  links?: readonly Uint8Array[];
  chainRoot?: Uint8Array | null;
  stateHash?: Uint8Array;
};

type Unit = { subject: Uint8Array; markSpacing: number; fuelMaximum: number };

/** Throws ManyhandsError MH-CKP-002 for another unit, module or build, MH-CKP-003 for fuel that cannot be. */
export function mustFitUnit({ subject, fuel, links }: SnapshotHead, unit: Unit): void {
  if (!equalBytes(subject, unit.subject)) throw refusal('MH-CKP-002', 'it is of another unit, app version or build');
  if (fuel > unit.fuelMaximum) throw refusal('MH-CKP-003', 'it has used more fuel than the unit may');
  if (links.length > Math.floor(fuel / unit.markSpacing))
    throw refusal('MH-CKP-003', 'it has passed more marks than its fuel allows');
}

/** The resumed machine, as far as it is compared. */
type Resumed = {
  fuelUsed: number;
  links: readonly Uint8Array[];
  chainRoot: Uint8Array | null;
  stateHash(): Uint8Array;
};

/** Throws ManyhandsError MH-CKP-003 when fuel or chain are others than expected, MH-CKP-005 when the state is. */
export function mustBeExpected(resumed: Resumed, expected: ExpectedState): void {
  const { fuel, links, chainRoot, stateHash } = expected;
  if (fuel !== undefined && resumed.fuelUsed !== fuel) throw refusal('MH-CKP-003', 'its fuel is not what was signed');
  if (links !== undefined && !areEqual(resumed.links, links))
    throw refusal('MH-CKP-003', 'its chain is not what was signed');
  if (chainRoot !== undefined && !isEqual(resumed.chainRoot, chainRoot))
    throw refusal('MH-CKP-003', 'the root of its chain is not what was signed');
  if (stateHash !== undefined && !equalBytes(resumed.stateHash(), stateHash))
    throw refusal('MH-CKP-005', 'its state is not what was signed');
}

function areEqual(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return left.length === right.length && left.every((link, index) => isEqual(link, right[index] ?? null));
}

function isEqual(left: Uint8Array | null, right: Uint8Array | null): boolean {
  return left === null || right === null ? left === right : equalBytes(left, right);
}
