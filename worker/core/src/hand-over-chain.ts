// What the predecessors of a begun unit signed: whether it is one unbroken account of this very unit, from its first instruction to the checkpoint.
import {
  type CoordinatorId,
  type ErrorCode,
  type HandOver,
  handOverSchema,
  hostIdOf,
  type Lease,
  open,
} from '@manyhands/contract';

export type CheckedChain = { ok: true; last: HandOver } | { ok: false; code: ErrorCode; reason: string };

/** Checks the hand-overs of a lease with a checkpoint, oldest first. The last one describes the checkpoint. */
export function checkHandOvers(lease: Lease, coordinatorId: CoordinatorId): CheckedChain {
  let last: HandOver | null = null;
  for (const envelope of lease.checkpoint?.handOvers ?? []) {
    const opened = open(envelope, { type: 'hand-over', coordinatorId }, { schema: handOverSchema });
    if (!opened.ok) return refused('MH-CKP-005', `a hand-over is not genuine: ${opened.reason}`);
    const { value } = opened;
    if (hostIdOf(opened.publicKey) !== value.hostId)
      return refused('MH-CKP-005', 'a hand-over is signed by another host than it names');
    if (!isOfUnit(value, lease)) return refused('MH-CKP-002', 'a hand-over is of another unit, app version or build');
    const gap = gapBetween(last, value);
    if (gap !== null) return refused('MH-CKP-003', gap);
    last = value;
  }
  return last ? { ok: true, last } : refused('MH-CKP-006', 'the lease has no checkpoint');
}

function isOfUnit(value: HandOver, { ranges, manifestCid, appVersionId, build }: Lease): boolean {
  const [range, ...others] = ranges;
  const isOfLease = others.length === 0 && range?.[0] === value.index && range[1] === 1;
  const isOfApp = value.appVersionId === appVersionId && value.build === build;
  return isOfLease && isOfApp && value.manifestCid === manifestCid;
}

/** Each must begin exactly where the one before it stopped; null: it does. */
function gapBetween(before: HandOver | null, value: HandOver): string | null {
  if (value.fromFuel !== (before?.fuel ?? 0)) return 'a hand-over does not begin where the one before it stopped';
  if (value.fuel <= value.fromFuel) return 'a hand-over made no progress';
  if (value.markCount < (before?.markCount ?? 0)) return 'the marks of a hand-over go back';
  if ((value.markCount === 0) !== (value.chainRoot === null))
    return 'a hand-over has marks without a chain, or a chain without marks';
  return null;
}

function refused(code: ErrorCode, reason: string): CheckedChain {
  return { ok: false, code, reason };
}
