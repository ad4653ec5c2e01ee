// How a worker asks for work, as it goes over the wire: with the leases that it works under and without, as older workers ask.
import {
  decodeToCoordinator,
  encodeMessage,
  HELD_LEASES_MAXIMUM,
  leaseIdOf,
  MESSAGES,
  type MessageOf,
  utf8Bytes,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { expectFrames } from '../support/frame-vectors.js';

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
  expectFrames('lease-request-v1.json', messages, decodeToCoordinator);
});

test('as many leases as are named fit; more are refused', () => {
  const full = { ...older, heldLeases: held(HELD_LEASES_MAXIMUM) };
  const frame = encodeMessage(full);
  expect(decodeToCoordinator(frame)).toEqual({ ok: true, message: full });
  expect(frame.length).toBeLessThan(MESSAGES['lease.request'].maximumBytes / 4);
  const tooMany = encodeMessage({ ...older, heldLeases: held(HELD_LEASES_MAXIMUM + 1) });
  expect(decodeToCoordinator(tooMany)).toMatchObject({ ok: false, code: 'MH-WIR-001' });
});
