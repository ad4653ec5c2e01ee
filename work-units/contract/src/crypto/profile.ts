// The one Ed25519 verification profile: RFC 8032 without the cofactor, canonical encodings only, no points of small order. Libraries differ in
// exactly these corners, so they are checked here, before any library sees the bytes (Chalkias, Garillot, Nikolaenko: "Taming the many EdDSAs", 2020).

const FIELD_PRIME = 2n ** 255n - 19n;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** The y coordinates of the eight points whose order divides 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD_PRIME - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** Reads a little-endian unsigned integer. */
export function littleEndian(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (let index = bytes.length - 1; index >= 0; index--) hex += (bytes[index] ?? 0).toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** 32 bytes, canonical y below the field prime, not of small order. */
export function isAcceptableKey(publicKey: Uint8Array): boolean {
  return isAcceptablePoint(publicKey);
}

/** 64 bytes: a commitment that is canonical and not of small order (OpenSSL refuses some of those), a response below the order of the group. */
export function isAcceptableSignature(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  return isAcceptablePoint(signature.subarray(0, 32)) && littleEndian(signature.subarray(32)) < GROUP_ORDER;
}

function isAcceptablePoint(encoding: Uint8Array): boolean {
  if (encoding.length !== 32) return false;
  const y = littleEndian(encoding) & (2n ** 255n - 1n);
  return y < FIELD_PRIME && !SMALL_ORDER_Y.has(y);
}
