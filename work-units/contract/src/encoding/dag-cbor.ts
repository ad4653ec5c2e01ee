// DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/) in the strict form that signed objects and frames use: no floats, one encoding a value.
import { decode, encode } from '@ipld/dag-cbor';
import { equalBytes } from './bytes.js';

/** Encodes a value. Throws on `undefined`, floats and anything that DAG-CBOR cannot hold. */
export function encodeDagCbor(value: unknown): Uint8Array {
  assertNoFloat(value);
  const { buffer, byteOffset, byteLength } = encode(value);
  return new Uint8Array(buffer, byteOffset, byteLength); // never a Node Buffer, whose slice() shares memory
}

/** Decodes a frame: any valid DAG-CBOR without floats. Throws on anything else. */
export function decodeDagCbor(bytes: Uint8Array): unknown {
  const value: unknown = decode(bytes);
  assertNoFloat(value);
  return value;
}

/** Decodes a signed object: the bytes must be the one canonical encoding of their value. Throws on anything else. */
export function decodeDagCborStrictly(bytes: Uint8Array): unknown {
  const value = decodeDagCbor(bytes);
  if (!equalBytes(encode(value), bytes)) throw new SyntaxError('not the canonical DAG-CBOR encoding');
  return value;
}

function assertNoFloat(value: unknown): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new SyntaxError('a number is not a safe integer');
    return;
  }
  if (typeof value === 'bigint') throw new SyntaxError('a number is not a safe integer');
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const part of Array.isArray(value) ? value : Object.values(value)) assertNoFloat(part);
}
