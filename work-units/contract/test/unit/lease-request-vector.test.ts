// How a worker asks for work, as it goes over the wire: with the leases that it works under and without, as older workers ask. Set
// MANYHANDS_WRITE_VECTORS=1 to write it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  decodeToCoordinator,
  encodeMessage,
  fromBase64Url,
  HELD_LEASES_MAXIMUM,
  leaseIdOf,
  MESSAGES,
  type MessageOf,
  toBase64Url,
  utf8Bytes,
} from '@manyhands/contract';
import { expect, test } from 'vitest';

const file = new URL('../../spec/vectors/lease-request-v1.json', import.meta.url);
type Request = MessageOf<'lease.request'>;
const wishes = { maximumUnits: 16, memoryBytes: 2 ** 30, availableMs: null, projectIds: null, cachedManifests: [] };
const older: Request = { t: 'lease.request', id: 3, ...wishes };
const held = (count: number) =>
  Array.from({ length: count }, (_, number) => leaseIdOf(utf8Bytes(String(number).padStart(16, 'a'))));
const messages: Record<string, Request> = {
  older,
  idle: { ...older, heldLeases: [] },
  working: { ...older, heldLeases: held(2) },
};

test('lease-request-v1.json', () => {
  const encoded = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [name, toBase64Url(encodeMessage(message))]),
  );
  if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(file))
    writeFileSync(file, `${JSON.stringify(encoded, null, 2)}\n`);
  const vector = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  expect(encoded).toEqual(vector);
  for (const [name, message] of Object.entries(messages))
    expect(decodeToCoordinator(fromBase64Url(vector[name] ?? ''))).toEqual({ ok: true, message });
});

test('as many leases as are named fit; more are refused', () => {
  const full = { ...older, heldLeases: held(HELD_LEASES_MAXIMUM) };
  const frame = encodeMessage(full);
  expect(decodeToCoordinator(frame)).toEqual({ ok: true, message: full });
  expect(frame.length).toBeLessThan(MESSAGES['lease.request'].maximumBytes / 4);
  const tooMany = encodeMessage({ ...older, heldLeases: held(HELD_LEASES_MAXIMUM + 1) });
  expect(decodeToCoordinator(tooMany)).toMatchObject({ ok: false, code: 'MH-WIR-001' });
});
