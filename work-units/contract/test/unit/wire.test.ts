// Frames: what is encoded decodes; anything else is a refusal with a documented code, never a throw.
import {
  decodeToCoordinator,
  decodeToWorker,
  encodeDagCbor,
  encodeMessage,
  isErrorCode,
  MESSAGES,
  successItemSchema,
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

test('items of receipts are checked to the last field', () => {
  const digest = new Uint8Array(32);
  const good = [7, digest, 100, 5, null, null];
  const bad: unknown[][] = [
    [-1, digest, 100, 5, null, null],
    [1_000_001, digest, 100, 5, null, null],
    [7, new Uint8Array(31), 100, 5, null, null],
    [7, 'digest', 100, 5, null, null],
    [7, digest, -1, 5, null, null],
    [7, digest, 2 ** 40, 5, null, null],
    [7, digest, 100, -5, null, null],
    [7, digest, 100, 2 ** 50, null, null],
    [7, digest, 100, 5, 0, null],
    [7, digest, 100, 5, null, digest],
    [7, digest, 100, 5, null],
    [7, digest, 100, 5, null, null, null],
  ];
  expect(successItemSchema.safeParse(good).success).toBe(true);
  for (const item of [...bad, null, 'x', {}])
    expect(successItemSchema.safeParse(item).success, String(item)).toBe(false);
  const frame = (bundles: unknown) =>
    decodeToCoordinator(encodeDagCbor({ t: 'receipts', id: 1, envelope: new Uint8Array(1), bundles })).ok;
  expect(frame([[3, new Uint8Array(16 * 1024)]])).toBe(true);
  for (const bundles of [[[3, new Uint8Array(16 * 1024 + 1)]], [[-3, new Uint8Array(1)]], [[3]], [[3, 'x']], [3]])
    expect(frame(bundles)).toBe(false);
});
