// Keys and signed records of a project and an account, for tests.
import { createHash } from 'node:crypto';
import {
  type AccountBinding,
  accountIdOf,
  type CoordinatorId,
  encodeDagCbor,
  hostIdOf,
  type KeyPair,
  keyPairOfSeed,
  type SignedType,
  seal,
  toBase64Url,
} from '@manyhands/contract';

/** A key pair that depends on the word only. */
export function keyOf(word: string): KeyPair {
  return keyPairOfSeed(new Uint8Array(createHash('sha256').update(word).digest()));
}

/** The text of a signed record as REST calls carry it. */
export function sealed(
  value: unknown,
  type: SignedType,
  { coordinatorId, key }: { coordinatorId: CoordinatorId; key: KeyPair },
): string {
  return toBase64Url(seal(value, { type, coordinatorId }, key));
}

export function genesisOf(name: string, key: KeyPair): Record<string, unknown> {
  return {
    version: 1,
    name,
    title: `Project ${name}`,
    question: 'What is it?',
    description: '',
    ownerKey: key.publicKey,
    nonce: new Uint8Array(16),
  };
}

/** Texts with all facts. */
export function textsOf(projectId: string): Record<string, unknown> {
  return {
    ...{ version: 1, projectId, sequence: 1, title: 'A title', question: 'Why?', description: 'Because.' },
    ...{ inputLicence: 'public domain', resultLicence: 'CC0-1.0', contact: 'ada@example.org', runBy: 'Ada' },
  };
}

export function accountGenesisOf(label: string, key: KeyPair): Record<string, unknown> {
  return { version: 1, label, accountKey: key.publicKey, nonce: new Uint8Array(16) };
}

/** What binds the host of a key to the account of a word. */
export function accountBindingOf(word: string, hostKey: KeyPair, coordinatorId: CoordinatorId): AccountBinding {
  const key = keyOf(`account ${word}`);
  const genesis = accountGenesisOf(word, key);
  const accountId = accountIdOf(encodeDagCbor(genesis));
  const delegation = { version: 1, accountId, hostId: hostIdOf(hostKey.publicKey) };
  return {
    kind: 'key',
    genesis: seal(genesis, { type: 'account-genesis', coordinatorId }, key),
    delegation: seal(delegation, { type: 'account-delegation', coordinatorId }, key),
  };
}
