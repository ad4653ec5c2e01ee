// SHA-256 and Ed25519 in plain JavaScript for browsers; gives the same verdict as native.ts on every input (test vectors).
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '../encoding/bytes.js';
import { isAcceptableKey, isAcceptableSignature, littleEndian } from './profile.js';

const { Point } = ed25519;

export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** An incremental SHA-256. */
export function createSha256(): { update(bytes: Uint8Array): void; digest(): Uint8Array } {
  const state = nobleSha256.create();
  return {
    update: (bytes) => {
      state.update(bytes);
    },
    digest: () => state.digest(),
  };
}

export function publicKeyOfSeed(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(ed25519.getPublicKey(seed));
}

export function signBytes(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed);
}

/** Verifies under the profile of profile.ts: R is recomputed without the cofactor and compared byte for byte (noble's own verify multiplies by it). */
export function verifyBytes(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isAcceptableKey(publicKey) || !isAcceptableSignature(signature)) return false;
  try {
    const commitment = signature.subarray(0, 32);
    const response = littleEndian(signature.subarray(32));
    const challenge = littleEndian(sha512(concatBytes(commitment, publicKey, message))) % Point.Fn.ORDER;
    const key = Point.fromBytes(publicKey, true);
    const left = response === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(response);
    const right = challenge === 0n ? Point.ZERO : key.multiplyUnsafe(challenge);
    return equalBytes(left.subtract(right).toBytes(), commitment);
  } catch {
    return false; // not a point on the curve
  }
}
