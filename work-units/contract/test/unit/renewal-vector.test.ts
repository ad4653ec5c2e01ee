// How a worker renews its leases: with the signed progress of each, and without, as older workers do.
import {
  coordinatorIdOf,
  decodeToCoordinator,
  encodeMessage,
  hostIdOf,
  keyPairOfSeed,
  LEASES_PER_PROGRESS_MAXIMUM,
  type LeaseId,
  leaseIdOf,
  MESSAGES,
  type MessageOf,
  open,
  type Progress,
  progressSchema,
  seal,
  utf8Bytes,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { expectFrames } from '../support/frame-vectors.js';

const key = keyPairOfSeed(new Uint8Array(32).fill(1));
const context = {
  type: 'progress',
  coordinatorId: coordinatorIdOf(keyPairOfSeed(new Uint8Array(32).fill(2)).publicKey),
} as const;
const lease = (number: number): LeaseId => leaseIdOf(utf8Bytes(String(number).padStart(16, 'l')));
const progress: Progress = {
  version: 1,
  hostId: hostIdOf(key.publicKey),
  leases: [
    [lease(1), 65_536, 5_000_000_000, 7],
    [lease(2), 0, 0, 0],
  ],
};
const older: MessageOf<'lease.renew'> = { t: 'lease.renew', id: 4, leaseIds: [lease(1), lease(2)] };
const messages: Record<string, MessageOf<'lease.renew'>> = {
  older,
  moving: { ...older, progress: seal(progress, context, key) },
};

test('renewal-v1.json', () => {
  expectFrames('renewal-v1.json', messages, decodeToCoordinator);
  const opened = open(messages.moving?.progress ?? new Uint8Array(), context, { schema: progressSchema });
  expect(opened).toMatchObject({ ok: true, value: progress });
});

test('a full renewal with progress stays within what coordinators of the version before take', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const leaseIds = Array.from({ length: LEASES_PER_PROGRESS_MAXIMUM }, (_, number) => lease(number));
  const said = { ...progress, leases: leaseIds.map((leaseId) => [leaseId, most, most, most]) };
  const message: MessageOf<'lease.renew'> = { ...older, leaseIds, progress: seal(said, context, key) };
  const frame = encodeMessage(message);
  expect(frame.length).toBeLessThan(8192);
  expect(MESSAGES['lease.renew'].maximumBytes).toBe(8192);
  expect(decodeToCoordinator(frame)).toEqual({ ok: true, message });
});
