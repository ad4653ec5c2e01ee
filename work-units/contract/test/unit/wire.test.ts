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
  const good = [7, digest, 100, 5, 2 ** 53 - 1, 3, digest];
  const wrong: [field: number, value: unknown][] = [
    ...[-1, 1_000_001, '7', null].map((value): [number, unknown] => [0, value]),
    ...[new Uint8Array(31), 'digest', null].map((value): [number, unknown] => [1, value]),
    ...[-1, 2 ** 40, null].map((value): [number, unknown] => [2, value]),
    ...[-5, 2 ** 50, 0.5].map((value): [number, unknown] => [3, value]),
    ...[-1, 2 ** 53, 1.5, null, 7n].map((value): [number, unknown] => [4, value]),
    ...[-1, 1_000_001, null].map((value): [number, unknown] => [5, value]),
    ...[new Uint8Array(31), null, 'root'].map((value): [number, unknown] => [6, value]),
  ];
  const bad: unknown[][] = [
    ...wrong.map(([field, value]) => (good as unknown[]).with(field, value)),
    good.slice(0, 6),
    [...good, null],
    [7, digest, 100, 5, null, null],
  ];
  expect(successItemSchema.safeParse(good).success).toBe(true);
  for (const item of [...bad, null, 'x', {}])
    expect(
      successItemSchema.safeParse(item).success,
      Array.isArray(item) ? item.map(String).join() : String(item),
    ).toBe(false);
  const frame = (bundles: unknown) =>
    decodeToCoordinator(encodeDagCbor({ t: 'receipts', id: 1, envelope: new Uint8Array(1), bundles })).ok;
  expect(frame([[3, new Uint8Array(16 * 1024)]])).toBe(true);
  for (const bundles of [[[3, new Uint8Array(16 * 1024 + 1)]], [[-3, new Uint8Array(1)]], [[3]], [[3, 'x']], [3]])
    expect(frame(bundles)).toBe(false);
});
