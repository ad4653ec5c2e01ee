// Replicas that several hosts work on one after the other: who may continue one, what becomes of it when a host stops, who did which part. See SPEC.md.
import { isKin } from './kin.js';
import {
  FAILURES_PER_PARTY_MAXIMUM,
  isVote,
  type Lineage,
  type Party,
  type Replica,
  type ReplicaPhase,
  type Segment,
  type UnitState,
} from './unit-state.js';

type Parts = Pick<UnitState, 'replicas' | 'lineages'>;
/** A part of the fuel of a replica that agreed. `segment` is its place in the lineage; null: the last part, done by the account that voted. */
export type Share = {
  readonly account: number;
  readonly segment: number | null;
  readonly fromFuel: number;
  readonly toFuel: number;
};

/** The lineages that wait for a successor: their last host has handed over and nobody works on them. */
export function waitingLineages({ lineages, replicas }: Parts): Lineage[] {
  if (lineages.length === 0) return [];
  return lineages.filter(
    ({ id, segments }) => segments.length > 0 && !replicas.some((replica) => isAtWork(replica, id)),
  );
}

/** The waiting lineage that the party is to continue if it takes the unit up. */
export function lineageFor(state: UnitState, party: Party): Lineage | undefined {
  return waitingLineages(state).find((lineage) => mayContinue(state, lineage, party));
}

function isAtWork(replica: Replica, lineage: number): boolean {
  return replica.lineage === lineage && (replica.phase === 'running' || isVote(replica));
}

/** It has nothing to do with any other replica of the unit, and neither has its kin. */
function mayContinue({ quorum, replicas }: UnitState, lineage: Lineage, party: Party): boolean {
  let failures = 0;
  for (const replica of replicas) {
    if (!isKin(replica, party, quorum)) continue;
    const { phase } = replica;
    failures += replica.failures;
    const isPartOfIt = phase === 'handed-over' && replica.lineage === lineage.id;
    if (!isPartOfIt && phase !== 'expired' && phase !== 'returned' && phase !== 'host-failed') return false;
  }
  return failures < FAILURES_PER_PARTY_MAXIMUM;
}

/** Where the replica began: 0, or the fuel of its predecessor's checkpoint. */
export function baseFuelOf({ lineages }: Pick<UnitState, 'lineages'>, { lineage }: Pick<Replica, 'lineage'>): number {
  return lineages.find(({ id }) => id === lineage)?.segments.at(-1)?.toFuel ?? 0;
}

/** A host stops without a statement. What it left here waits for a successor; without that, its lineage waits where the host took it up. */
export function stopReplica(
  { replicas, lineages }: Parts,
  account: number,
  phase: ReplicaPhase,
): Parts & { readonly isHandedOver: boolean } {
  const before = replicas.find((replica) => replica.account === account);
  if (!before) return { replicas, lineages, isHandedOver: false };
  const lineage = lineages.find(({ id }) => id === before.lineage);
  const toFuel = before.checkpointFuel;
  const isHandedOver = lineage !== undefined && toFuel !== null;
  const stopped: Replica = { ...before, verdict: null, hasBytes: false, checkpointFuel: null };
  if (isHandedOver) {
    const segments = [...lineage.segments, { account, toFuel }];
    return {
      replicas: replace(replicas, { ...stopped, phase: 'handed-over' }),
      lineages: lineages.map((other) => (other === lineage ? { ...lineage, segments } : other)),
      isHandedOver,
    };
  }
  const hasPart = lineage?.segments.some((segment) => segment.account === account) ?? false;
  const replica: Replica = hasPart ? { ...stopped, phase: 'handed-over' } : { ...stopped, phase, lineage: null };
  return { replicas: replace(replicas, replica), lineages, isHandedOver };
}

/** Nobody continues the lineage any more: who worked on it may begin the unit anew. */
export function endLineage({ replicas, lineages }: Parts, lineage: number | null): Parts {
  if (lineage === null || !lineages.some(({ id }) => id === lineage)) return { replicas, lineages };
  return {
    lineages: lineages.filter(({ id }) => id !== lineage),
    replicas: replicas.map((replica) => {
      if (replica.lineage !== lineage) return replica;
      const phase = replica.phase === 'running' || replica.phase === 'handed-over' ? 'expired' : replica.phase;
      return { ...replica, phase, lineage: null, checkpointFuel: null };
    }),
  };
}

/** Who did which part of the agreed fuel of an account's replica. The parts join without a gap; those of hosts that were struck out are left out. */
export function sharesOf(
  { replicas, lineages }: UnitState,
  { account, fuel }: { account: number; fuel: number },
): Share[] {
  if (lineages.length === 0) return [{ account, segment: null, fromFuel: 0, toFuel: fuel }];
  const own = replicas.find((replica) => replica.account === account);
  const lineage = lineages.find(({ id }) => own && id === own.lineage);
  const counts = (segment: Segment): boolean =>
    replicas.some((replica) => replica.account === segment.account && replica.lineage === lineage?.id);
  const shares: Share[] = [];
  let fromFuel = 0;
  for (const [at, segment] of (lineage?.segments ?? []).entries()) {
    const toFuel = Math.min(segment.toFuel, fuel);
    if (counts(segment)) shares.push({ account: segment.account, segment: at, fromFuel, toFuel });
    fromFuel = toFuel;
  }
  return [...shares, { account, segment: null, fromFuel, toFuel: fuel }];
}

function replace(replicas: readonly Replica[], replica: Replica): readonly Replica[] {
  return replicas.map((other) => (other.account === replica.account ? replica : other));
}
