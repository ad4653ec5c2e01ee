// Signs how far this host has come with its leases, and puts it into the renewal of them.
import {
  type CoordinatorId,
  type HostId,
  type KeyPair,
  type LeaseProgress,
  type MessageOf,
  type Progress,
  seal,
} from '@manyhands/contract';

export function renewalMessage(
  message: MessageOf<'lease.renew'>,
  leases: LeaseProgress[],
  signer: { coordinatorId: CoordinatorId; hostId: HostId; keyPair: KeyPair },
): MessageOf<'lease.renew'> {
  const { coordinatorId, hostId, keyPair } = signer;
  const said: Progress = { version: 1, hostId, leases };
  return { ...message, progress: seal(said, { type: 'progress', coordinatorId }, keyPair) };
}
