// The signed statement of how far a host brought a unit.
import { type CoordinatorId, type HandOver, type HostId, type KeyPair, type Lease, seal } from '@manyhands/contract';
import type { SealedCheckpoint } from './sealing.js';

/** What a snapshot says of the state in it. */
export type SnapshotFacts = {
  fuel: number;
  markCount: number;
  chainRoot: Uint8Array | null;
  stateHash: Uint8Array | null;
};

export type Signer = { coordinatorId: CoordinatorId; hostId: HostId; keyPair: KeyPair };

/** Signs a hand-over. `fromFuel`: where this host took the unit up. Throws when the snapshot has no state hash (a fault of ours). */
export function signHandOver(
  { lease, index, fromFuel }: { lease: Lease; index: number; fromFuel: number },
  { head, sealed }: { head: SnapshotFacts; sealed: SealedCheckpoint },
  signer: Signer,
): Uint8Array {
  const { fuel, markCount, chainRoot, stateHash } = head;
  if (!stateHash) throw new Error('a hand-over needs a state hash');
  const statement: HandOver = {
    version: 1,
    hostId: signer.hostId,
    leaseId: lease.leaseId,
    manifestCid: lease.manifestCid,
    index,
    appVersionId: lease.appVersionId,
    build: lease.build,
    fromFuel,
    fuel,
    markCount,
    chainRoot: chainRoot?.slice() ?? null,
    stateHash: stateHash.slice(),
    checkpointDigest: sealed.digest.slice(),
    checkpointSizeBytes: sealed.sizeBytes,
  };
  return seal(statement, { type: 'hand-over', coordinatorId: signer.coordinatorId }, signer.keyPair);
}
