// Names of leases: as long as before, never twice, and ordered by the time.
import { leaseIdSchema } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { LEASE_ID_RANDOM_BYTES, leaseIdAt } from '../../../../src/core/leases/domain/lease-id.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const random = (fill: number): Uint8Array => new Uint8Array(LEASE_ID_RANDOM_BYTES).fill(fill);

test('the name of a lease holds its time and all of the random bytes', () => {
  const id = leaseIdAt(NOW_MS, random(1));
  expect(leaseIdSchema.parse(id)).toBe(id);
  expect(leaseIdAt(NOW_MS, random(2))).not.toBe(id);
  expect(leaseIdAt(NOW_MS + 1, random(1))).not.toBe(id);
  for (let at = 0; at < LEASE_ID_RANDOM_BYTES; at++)
    expect(leaseIdAt(NOW_MS, random(1).with(at, 9)), `byte ${at}`).not.toBe(id);
});

test('names of one minute begin alike', () => {
  const shared = leaseIdAt(NOW_MS, random(0)).slice(0, 'lease_'.length + 5);
  expect(leaseIdAt(NOW_MS + 60_000, random(255)).startsWith(shared)).toBe(true);
  expect(leaseIdAt(NOW_MS + 10 * 365 * 86_400_000, random(0)).startsWith(shared)).toBe(false);
});
