// The signed envelope: payload bytes, key and signature under the context `manyhands/<type>/v1` of one coordinator.

import { z } from 'zod';
import { verifyBytes } from '#crypto';
import { concatBytes, equalBytes, utf8Bytes } from '../encoding/bytes.js';
import { decodeDagCborStrictly, encodeDagCbor } from '../encoding/dag-cbor.js';
import { shapeTrouble } from '../errors/shape-words.js';
import type { CoordinatorId } from '../ids/ids.js';
import type { KeyPair } from './key-pair.js';

/** What may be signed. A signature of one type never verifies as another. Retired types stay here as comments. */
export type SignedType =
  | 'project-genesis'
  | 'project-texts'
  | 'account-genesis'
  | 'account-delegation'
  | 'app-version'
  | 'manifest'
  | 'policy'
  | 'receipt'
  | 'hand-over'
  | 'progress'
  | 'request'
  | 'challenge'
  | 'host-proof'
  | 'overlay-record';

/** Where a signature counts: its type and its coordinator. */
export type SignatureContext = { type: SignedType; coordinatorId: CoordinatorId };

const envelopeSchema = z.strictObject({
  payload: z.instanceof(Uint8Array),
  publicKey: z.instanceof(Uint8Array),
  signature: z.instanceof(Uint8Array),
});

export type Opened<T> =
  | { ok: true; value: T; payload: Uint8Array; publicKey: Uint8Array }
  | { ok: false; code: 'MH-SIG-001' | 'MH-SIG-002' | 'MH-SIG-004'; reason: string };

function signedBytes({ type, coordinatorId }: SignatureContext, payload: Uint8Array): Uint8Array {
  return concatBytes(utf8Bytes(`manyhands/${type}/v1\0${coordinatorId}\0`), payload);
}

/** Encodes and signs a value; returns the envelope's bytes. */
export function seal(value: unknown, context: SignatureContext, keyPair: KeyPair): Uint8Array<ArrayBuffer> {
  const payload = encodeDagCbor(value);
  const signature = keyPair.sign(signedBytes(context, payload));
  return encodeDagCbor({ payload, publicKey: keyPair.publicKey, signature });
}

/** Verifies the received bytes, then decodes the payload strictly. A forged or malformed envelope is a value, not a throw. */
export function open<T>(
  envelope: Uint8Array,
  context: SignatureContext,
  expected: { schema: z.ZodType<T>; publicKey?: Uint8Array },
): Opened<T> {
  try {
    const parsed = envelopeSchema.safeParse(decodeDagCborStrictly(envelope));
    if (!parsed.success) return { ok: false, code: 'MH-SIG-002', reason: 'not an envelope' };
    const { payload, publicKey, signature } = parsed.data;
    if (expected.publicKey && !equalBytes(publicKey, expected.publicKey))
      return { ok: false, code: 'MH-SIG-004', reason: `a ${context.type} signed by another key` };
    if (!verifyBytes(publicKey, signedBytes(context, payload), signature))
      return { ok: false, code: 'MH-SIG-001', reason: `the signature of the ${context.type} does not verify` };
    const value = expected.schema.safeParse(decodeDagCborStrictly(payload));
    if (!value.success) return { ok: false, code: 'MH-SIG-002', reason: shapeTrouble(value.error) };
    return { ok: true, value: value.data, payload, publicKey };
  } catch (error) {
    return { ok: false, code: 'MH-SIG-002', reason: error instanceof Error ? error.message : 'not DAG-CBOR' };
  }
}
