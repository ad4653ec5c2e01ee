// Ed25519 key pairs (RFC 8032) as their 32-byte seed and public key.
import { publicKeyOfSeed, signBytes } from '#crypto';

export type KeyPair = {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** 64 bytes. Always sign through an envelope, which adds the context. */
  sign(message: Uint8Array): Uint8Array;
};

/** The key pair of a 32-byte random seed. Throws RangeError on another length. */
export function keyPairOfSeed(seed: Uint8Array): KeyPair {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes');
  const copy = seed.slice();
  return { publicKey: publicKeyOfSeed(copy), sign: (message) => signBytes(copy, message) };
}
