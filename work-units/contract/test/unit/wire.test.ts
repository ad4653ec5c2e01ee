// Frames: what is encoded decodes; anything else is a refusal with a documented code, never a throw.
import {
  decodeToCoordinator,
  decodeToWorker,
  encodeDagCbor,
  encodeMessage,
  isErrorCode,
  MESSAGES,
} from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const request = {
  t: 'lease.request',
  id: 1,
  maximumUnits: 16,
  memoryBytes: 1 << 30,
  availableMs: null,
  projectIds: null,
  cachedManifests: [],
} as const;

test('a message survives the wire, unknown fields are dropped', () => {
  expect(decodeToCoordinator(encodeMessage({ ...request, projectIds: null, cachedManifests: [] }))).toEqual({
    ok: true,
    message: request,
  });
  expect(decodeToCoordinator(encodeDagCbor({ ...request, later: 1 }))).toEqual({ ok: true, message: request });
});

test('wrong direction, type, shape and size are refused with the request id', () => {
  const frame = encodeDagCbor(request);
  expect(decodeToWorker(frame)).toMatchObject({ ok: false, code: 'MH-WIR-001', id: 1 });
  expect(decodeToCoordinator(encodeDagCbor({ t: '__proto__', id: 2 }))).toMatchObject({
    ok: false,
    code: 'MH-WIR-001',
    id: 2,
  });
  expect(decodeToCoordinator(encodeDagCbor({ ...request, maximumUnits: 0 }))).toMatchObject({
    code: 'MH-WIR-001',
    id: 1,
  });
  expect(decodeToCoordinator(encodeDagCbor({ ...request, junk: 'x'.repeat(20_000) }))).toMatchObject({
    code: 'MH-GEN-011',
  });
});

test('random and deeply nested bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoded = decodeToCoordinator(bytes);
      if (!decoded.ok) expect(isErrorCode(decoded.code)).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect(decodeToCoordinator(new Uint8Array(1_000_000).fill(0x81)).ok).toBe(false);
});

test('every message states its bounds', () => {
  for (const [type, { maximumBytes, perMinute, schema }] of Object.entries(MESSAGES)) {
    expect(schema.shape.t.value, type).toBe(type);
    expect(maximumBytes, type).toBeGreaterThan(0);
    expect(perMinute, type).toBeGreaterThan(0);
  }
});
