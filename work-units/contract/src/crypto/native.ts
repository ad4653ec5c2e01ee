/// <reference types="node" />
// SHA-256 and Ed25519 by Node's own crypto: chosen by the `node` condition of package.json's imports.
import { createHash, createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { isAcceptableKey, isAcceptableSignature } from './profile.js';

const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex'); // PKCS #8 of RFC 8410, before the 32-byte seed
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex'); // SubjectPublicKeyInfo of RFC 8410, before the 32-byte key
const CACHED_KEYS_MAXIMUM = 4096; // importing a key costs about as much as a verification

const publicKeys = new Map<string, KeyObject>();
const privateKeys = new Map<string, KeyObject>();

function cached(cache: Map<string, KeyObject>, bytes: Uint8Array, make: () => KeyObject): KeyObject {
  const name = Buffer.from(bytes).toString('base64');
  const found = cache.get(name);
  if (found) return found;
  if (cache.size >= CACHED_KEYS_MAXIMUM) cache.clear();
  const key = make();
  cache.set(name, key);
  return key;
}

function privateKey(seed: Uint8Array): KeyObject {
  return cached(privateKeys, seed, () =>
    createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' }),
  );
}

export function sha256(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary'); // a text comes out of Node three times as fast as a Buffer
  const digest = new Uint8Array(32);
  for (let index = 0; index < 32; index++) digest[index] = text.charCodeAt(index);
  return digest;
}

/** An incremental SHA-256. */
export function createSha256(): { update(bytes: Uint8Array): void; digest(): Uint8Array } {
  const state = createHash('sha256');
  return {
    update: (bytes) => {
      state.update(bytes);
    },
    digest: () => new Uint8Array(state.digest()),
  };
}

export function publicKeyOfSeed(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(der.subarray(PUBLIC_PREFIX.length));
}

export function signBytes(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, privateKey(seed)));
}

/** Only acceptable keys reach the cache, so that the check is made once for each. */
function importPublicKey(publicKey: Uint8Array): KeyObject {
  if (!isAcceptableKey(publicKey)) throw new RangeError('not an acceptable key');
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' });
}

/** Verifies under the profile of profile.ts; never throws on bad input. */
export function verifyBytes(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || !isAcceptableSignature(signature)) return false;
  try {
    return verify(
      null,
      message,
      cached(publicKeys, publicKey, () => importPublicKey(publicKey)),
      signature,
    );
  } catch {
    return false; // outside the profile, or not a point on the curve
  }
}
