// Envelopes and request tokens: nothing verifies outside its type, coordinator, key, call or time.
import {
  checkRequestHead,
  checkRequestToken,
  coordinatorIdOf,
  createRequestToken,
  equalBytes,
  keyPairOfSeed,
  open,
  REQUEST_FRESHNESS_MS,
  seal,
  sha256,
} from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';

const keys = keyPairOfSeed(new Uint8Array(32).fill(7));
const others = keyPairOfSeed(new Uint8Array(32).fill(8));
const coordinatorId = coordinatorIdOf(keys.publicKey);
const context = { type: 'policy', coordinatorId } as const;
const schema = z.strictObject({ value: z.int() });
const envelope = seal({ value: 5 }, context, keys);

test('an envelope opens under its own context only', () => {
  expect(open(envelope, context, { schema })).toMatchObject({ ok: true, value: { value: 5 } });
  expect(open(envelope, { ...context, type: 'manifest' }, { schema })).toMatchObject({ ok: false, code: 'MH-SIG-001' });
  const elsewhere = { ...context, coordinatorId: coordinatorIdOf(others.publicKey) };
  expect(open(envelope, elsewhere, { schema })).toMatchObject({ ok: false, code: 'MH-SIG-001' });
  expect(open(envelope, context, { schema, publicKey: others.publicKey })).toMatchObject({
    ok: false,
    code: 'MH-SIG-004',
  });
  expect(open(seal({ value: 'x' }, context, keys), context, { schema })).toMatchObject({
    ok: false,
    code: 'MH-SIG-002',
  });
});

test('no mutation of an envelope opens to anything', () => {
  fc.assert(
    fc.property(fc.nat(envelope.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const forged = envelope.slice();
      forged[at] = (forged[at] ?? 0) ^ by;
      expect(open(forged, context, { schema }).ok).toBe(false);
    }),
    { numRuns: 300 },
  );
  expect(open(new Uint8Array(100_000).fill(0x81), context, { schema }).ok).toBe(false);
  expect(equalBytes(envelope, seal({ value: 5 }, context, keys))).toBe(true);
});

test('a request token covers method, path, body and time', () => {
  const call = { method: 'PUT', path: '/api/v1/blocks/x?y=1', body: new Uint8Array([1, 2]) };
  const nowMs = 1_800_000_000_000;
  const token = createRequestToken(call, { coordinatorId, nowMs, nonce: new Uint8Array(16) }, keys);
  const check = (changed: Partial<typeof call>, at = nowMs) =>
    checkRequestToken(token, { ...call, ...changed }, { coordinatorId, nowMs: at });
  expect(check({})).toMatchObject({ ok: true });
  expect(check({ method: 'POST' })).toMatchObject({ code: 'MH-SIG-001' });
  expect(check({ path: '/api/v1/blocks/x' })).toMatchObject({ code: 'MH-SIG-001' });
  expect(check({ body: new Uint8Array([1]) })).toMatchObject({ code: 'MH-SIG-001' });
  expect(check({}, nowMs + REQUEST_FRESHNESS_MS + 1)).toMatchObject({ code: 'MH-SIG-005' });
  expect(checkRequestToken('Bearer x', call, { coordinatorId, nowMs })).toMatchObject({ code: 'MH-SIG-008' });
  expect(checkRequestToken('Manyhands !!', call, { coordinatorId, nowMs })).toMatchObject({ code: 'MH-SIG-002' });
});

test('the head of a request token is checked before there is a body', () => {
  const call = { method: 'PUT', path: '/x', body: new Uint8Array([1, 2]) };
  const nowMs = 1_800_000_000_000;
  const token = createRequestToken(call, { coordinatorId, nowMs, nonce: new Uint8Array(16) }, keys);
  const check = (path: string, at = nowMs) =>
    checkRequestHead(token, { method: 'PUT', path }, { coordinatorId, nowMs: at });
  expect(check('/x')).toMatchObject({ ok: true, publicKey: keys.publicKey, bodySha256: sha256(call.body) });
  expect(check('/y')).toMatchObject({ code: 'MH-SIG-001' });
  expect(check('/x', nowMs - REQUEST_FRESHNESS_MS - 1)).toMatchObject({ code: 'MH-SIG-005' });
});
