// Which parties count as one: an account has one vote, a host key has one, and where copies must agree so has a network. See SPEC.md.
import {
  FAILURES_PER_PARTY_MAXIMUM,
  isBarred,
  isVote,
  type Party,
  type Replica,
  type UnitState,
} from './unit-state.js';

type Copies = Pick<UnitState, 'quorum' | 'replicas'>;

/** The network that a copy is told apart by: where one answer is enough, nothing depends on where others come from. */
export function votingNetwork(network: number, quorum: number): number {
  return quorum > 1 ? network : 0;
}

/** Whether two parties are one: the same account, the same key, or the same network while copies must agree. */
export function isKin(left: Party, right: Party, quorum: number): boolean {
  if (left.account === right.account || left.host === right.host) return true;
  return votingNetwork(left.network, quorum) !== 0 && left.network === right.network;
}

/** Whether the party may begin the unit: none of its kin is at it, has spoken, or did a part of a copy, and they did not fail too often between them. */
export function mayBegin({ quorum, replicas }: Copies, party: Party): boolean {
  let failures = 0;
  for (const replica of replicas) {
    if (!isKin(replica, party, quorum)) continue;
    if (isBarred(replica)) return false;
    failures += replica.failures;
  }
  return failures < FAILURES_PER_PARTY_MAXIMUM;
}

/** Whether another replica has the vote that the party would have. */
export function hasSpokenKin({ quorum, replicas }: Copies, party: Party): boolean {
  return replicas.some((other) => other.account !== party.account && isVote(other) && isKin(other, party, quorum));
}

/** Running replicas of others who would speak with the party's vote. */
export function runningKin({ quorum, replicas }: Copies, party: Party): Replica[] {
  return replicas.filter(
    (other) => other.account !== party.account && other.phase === 'running' && isKin(other, party, quorum),
  );
}
