// Signed records and calls that strangers may make: accounts, projects, uploads.
import { randomBytes } from 'node:crypto';
import {
  type AccountBinding,
  accountIdOf,
  type CoordinatorId,
  createRequestToken,
  encodeDagCbor,
  type HostId,
  type KeyPair,
  keyPairOfSeed,
  type SignedType,
  seal,
  toBase64Url,
} from '@manyhands/contract';

type Signer = { coordinatorId: CoordinatorId; key: KeyPair };

export function someKey(): KeyPair {
  return keyPairOfSeed(new Uint8Array(randomBytes(32)));
}

/** The text of a signed record as calls carry it. */
export function sealedText(value: unknown, type: SignedType, { coordinatorId, key }: Signer): string {
  return toBase64Url(seal(value, { type, coordinatorId }, key));
}

export function accountGenesis(label: string, key: KeyPair): Record<string, unknown> {
  return { version: 1, label, accountKey: key.publicKey, nonce: new Uint8Array(16) };
}

export function projectGenesis(name: string, key: KeyPair): Record<string, unknown> {
  const words = { title: name, question: 'What is it?', description: '' };
  return { version: 1, name, ...words, ownerKey: key.publicKey, nonce: new Uint8Array(16) };
}

/** Binds a host to the account of a key, which is founded by it when it is new. */
export function bindingTo(label: string, hostId: HostId, { coordinatorId, key }: Signer): AccountBinding {
  const genesis = accountGenesis(label, key);
  const delegation = { version: 1, accountId: accountIdOf(encodeDagCbor(genesis)), hostId };
  return {
    kind: 'key',
    genesis: new Uint8Array(seal(genesis, { type: 'account-genesis', coordinatorId }, key)),
    delegation: new Uint8Array(seal(delegation, { type: 'account-delegation', coordinatorId }, key)),
  };
}

/** The authorization of one call. */
export function tokenFor(
  { method, path, body }: { method: string; path: string; body: Uint8Array },
  { coordinatorId, key }: Signer,
): string {
  const context = { coordinatorId, nowMs: Date.now(), nonce: Uint8Array.from(randomBytes(16)) };
  return createRequestToken({ method, path, body }, context, key);
}
