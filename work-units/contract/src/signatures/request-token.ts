// The authorization header of a signed REST call: it covers method, path, body and time, and is good for one use.

import { z } from 'zod';
import { sha256 } from '#crypto';
import { equalBytes, fromBase64Url, toBase64Url } from '../encoding/bytes.js';
import type { CoordinatorId } from '../ids/ids.js';
import { open, seal } from './envelope.js';
import type { KeyPair } from './key-pair.js';

/** How far the clocks of caller and coordinator may differ, in milliseconds; also how long a nonce is remembered. */
export const REQUEST_FRESHNESS_MS = 5 * 60_000;
const SCHEME = 'Manyhands ';

/** `path` is the request target with its query, as sent. */
export type SignedCall = { method: string; path: string; body: Uint8Array };

const requestSchema = z.strictObject({
  version: z.literal(1),
  method: z.string().max(10),
  path: z.string().max(2048),
  bodySha256: z.instanceof(Uint8Array),
  issuedAtMs: z.int().nonnegative(),
  nonce: z.instanceof(Uint8Array).refine((nonce) => nonce.length === 16),
});

type RefusedToken = {
  ok: false;
  code: 'MH-SIG-001' | 'MH-SIG-002' | 'MH-SIG-004' | 'MH-SIG-005' | 'MH-SIG-008';
  reason: string;
};
export type CheckedToken = { ok: true; publicKey: Uint8Array; nonce: string } | RefusedToken;
/** A token of which all but the body was checked: `bodySha256` is what the body must hash to. */
export type CheckedHead = { ok: true; publicKey: Uint8Array; nonce: string; bodySha256: Uint8Array } | RefusedToken;

/** A call whose body is too large to be held at once. */
type HashedCall = Omit<SignedCall, 'body'> & { bodySha256: Uint8Array };

/** Makes the value of the `authorization` header. `nonce`: 16 random bytes. */
export function createRequestToken(
  call: SignedCall | HashedCall,
  context: { coordinatorId: CoordinatorId; nowMs: number; nonce: Uint8Array },
  keyPair: KeyPair,
): string {
  const { method, path } = call;
  const bodySha256 = 'body' in call ? sha256(call.body) : call.bodySha256;
  const value = { version: 1, method, path, bodySha256, issuedAtMs: context.nowMs, nonce: context.nonce };
  return SCHEME + toBase64Url(seal(value, { type: 'request', coordinatorId: context.coordinatorId }, keyPair));
}

/** Checks everything but reuse: the caller remembers `nonce` for twice REQUEST_FRESHNESS_MS and refuses it with MH-SIG-006. */
export function checkRequestToken(
  header: string | undefined,
  call: SignedCall,
  context: { coordinatorId: CoordinatorId; nowMs: number },
): CheckedToken {
  const head = checkRequestHead(header, call, context);
  if (!head.ok) return head;
  const { publicKey, nonce, bodySha256 } = head;
  return equalBytes(bodySha256, sha256(call.body)) ? { ok: true, publicKey, nonce } : coversAnotherCall();
}

/** Checks everything but reuse and the body, so that nobody's bytes are read before it is known who sends them. */
export function checkRequestHead(
  header: string | undefined,
  call: Pick<SignedCall, 'method' | 'path'>,
  context: { coordinatorId: CoordinatorId; nowMs: number },
): CheckedHead {
  if (!header?.startsWith(SCHEME)) return { ok: false, code: 'MH-SIG-008', reason: 'no signed request' };
  let envelope: Uint8Array;
  try {
    envelope = fromBase64Url(header.slice(SCHEME.length));
  } catch {
    return { ok: false, code: 'MH-SIG-002', reason: 'the authorization is not base64url' };
  }
  const opened = open(envelope, { type: 'request', coordinatorId: context.coordinatorId }, { schema: requestSchema });
  if (!opened.ok) return opened;
  const { method, path, bodySha256, issuedAtMs, nonce } = opened.value;
  if (method !== call.method || path !== call.path) return coversAnotherCall();
  if (Math.abs(context.nowMs - issuedAtMs) > REQUEST_FRESHNESS_MS)
    return { ok: false, code: 'MH-SIG-005', reason: `signed at ${issuedAtMs}, received at ${context.nowMs}` };
  return { ok: true, publicKey: opened.publicKey, nonce: toBase64Url(nonce), bodySha256 };
}

const coversAnotherCall = (): RefusedToken => ({
  ok: false,
  code: 'MH-SIG-001',
  reason: 'the signature covers another call',
});
