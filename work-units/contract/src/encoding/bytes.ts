// Byte strings: comparison, concatenation and their text forms.
import { base32 } from 'multiformats/bases/base32';
import { base64url } from 'multiformats/bases/base64';

const utf8 = new TextEncoder();

export function utf8Bytes(text: string): Uint8Array {
  return utf8.encode(text);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let sizeBytes = 0;
  for (const part of parts) sizeBytes += part.length;
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Compares two public byte strings; not for secrets (it ends at the first difference). */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false; // faster than every()
  return true;
}

/** Unpadded lower-case base32 (RFC 4648), the text form of digests in identifiers. */
export function toBase32(bytes: Uint8Array): string {
  return base32.baseEncode(bytes);
}

/** Unpadded base64url (RFC 4648 section 5), the text form of keys and envelopes in JSON. */
export function toBase64Url(bytes: Uint8Array): string {
  return base64url.baseEncode(bytes);
}

/** Reads unpadded base64url. Throws SyntaxError on other text. */
export function fromBase64Url(text: string): Uint8Array {
  return base64url.baseDecode(text);
}
