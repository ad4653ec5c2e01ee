// What a host says about itself in the handshake, signed, and to which account it belongs.
import {
  type AccountBinding,
  accountIdOf,
  type CoordinatorId,
  encodeDagCbor,
  type HostId,
  type HostProof,
  type KeyPair,
  type MessageOf,
  seal,
} from '@manyhands/contract';

/** The engine that runs the units, as receipts name it. */
export const ENGINE = `V8 ${process.versions.v8} ${process.arch}`;

/** What the host lends: the coordinator sizes its leases by it. */
export type Offer = { cores: number; memoryBytes: number };

/** The message `prove` over the coordinator's nonce. */
export function proveMessage(
  { coordinatorNonce, binding, offer }: { coordinatorNonce: Uint8Array; binding: AccountBinding; offer: Offer },
  signer: { coordinatorId: CoordinatorId; keyPair: KeyPair },
): MessageOf<'prove'> {
  const proof: HostProof = {
    version: 1,
    coordinatorNonce: coordinatorNonce.slice(),
    cores: offer.cores,
    memoryBytes: offer.memoryBytes,
    platform: process.platform,
    arch: process.arch,
    engine: ENGINE,
  };
  const envelope = seal(proof, { type: 'host-proof', coordinatorId: signer.coordinatorId }, signer.keyPair).slice();
  return { t: 'prove', envelope, binding };
}

/** Binds a host to the account of a key: the account's genesis and the delegation, both signed by that key. */
export function keyBinding(
  account: { label: string; nonce: Uint8Array; keyPair: KeyPair },
  host: { hostId: HostId; coordinatorId: CoordinatorId },
): AccountBinding {
  const { coordinatorId, hostId } = host;
  const genesis = { version: 1, label: account.label, accountKey: account.keyPair.publicKey, nonce: account.nonce };
  const accountId = accountIdOf(encodeDagCbor(genesis));
  return {
    kind: 'key',
    genesis: seal(genesis, { type: 'account-genesis', coordinatorId }, account.keyPair).slice(),
    delegation: seal(
      { version: 1, accountId, hostId },
      { type: 'account-delegation', coordinatorId },
      account.keyPair,
    ).slice(),
  };
}
