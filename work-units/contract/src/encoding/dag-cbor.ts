// DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/) in the strict form that signed objects and frames use: no floats, one encoding a value.
import { readCbor } from './cbor-reader.js';
import { writeCbor } from './cbor-writer.js';

/** Encodes a value. Throws on `undefined`, floats and anything that DAG-CBOR cannot hold. */
export function encodeDagCbor(value: unknown): Uint8Array<ArrayBuffer> {
  return writeCbor(value);
}

/** Decodes a frame: any valid DAG-CBOR without floats. Throws on anything else. */
export function decodeDagCbor(bytes: Uint8Array): unknown {
  return readCbor(bytes, 'any');
}

/** Decodes a signed object: the bytes must be the one canonical encoding of their value. Throws on anything else. */
export function decodeDagCborStrictly(bytes: Uint8Array): unknown {
  return readCbor(bytes, 'canonical');
}
