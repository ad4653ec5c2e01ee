// How long a host may keep units, over real connections.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Lease, seal } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { openWorld } from '../support/open-world.js';
import type { TestHost } from '../support/test-host.js';

/** As often as a host may say something at most. */
const RENEWAL_MINIMUM_MS = 600;

/** Renews as workers do, at a third of what is left, until the lease is over; returns how long it lasted, in milliseconds. */
async function renewToTheEnd(host: TestHost, lease: Lease, progress: () => Uint8Array<ArrayBuffer>): Promise<number> {
  const beganMs = performance.now();
  const { leaseId } = lease;
  for (;;) {
    const answer = await host.ask({ t: 'lease.renew', leaseIds: [leaseId], progress: progress() });
    if (answer.t !== 'lease.renewed') throw new Error(`not renewed but ${JSON.stringify(answer)}`);
    const [left] = answer.leases;
    if (!left) return performance.now() - beganMs;
    await sleep(Math.max(RENEWAL_MINIMUM_MS, left.durationMs / 3));
  }
}

const progressOf = (host: TestHost, lease: Lease, fuel: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    seal(
      { version: 1, hostId: host.hostId, leases: [[lease.leaseId, 0, fuel, 0]] },
      { type: 'progress', coordinatorId: host.target.coordinatorId },
      host.key,
    ),
  );

test('who renews for ever keeps a unit for four times its work at most, and others may have it after two', async () => {
  const { batch, join } = await openWorld(1, { quorum: 1, leaseMinimumMs: 5000 });
  const keeper = await join(1);
  const [lease] = await keeper.lease(1);
  if (!lease) throw new Error('no lease');
  let fuel = 0;
  let hasEnded = false;
  const ended = renewToTheEnd(keeper, lease, () => progressOf(keeper, lease, ++fuel)).finally(() => {
    hasEnded = true;
  });
  const helper = await join(2);
  expect(await helper.requestWork(1)).toMatchObject({ t: 'lease.later' });
  await helper.next(({ t }) => t === 'work');
  expect(hasEnded, 'it is held still').toBe(false);
  const [same] = await helper.lease(1);
  if (same) await helper.report(helper.receipt(same));
  expect((await batch()).counts).toMatchObject({ accepted: 1 });
  await keeper.next(({ t }) => t === 'lease.cancel');
  await ended;
});

test('a lease is renewed where its host has come further, and not otherwise', async () => {
  const { join } = await openWorld(2, { quorum: 1, leaseMinimumMs: 3000 });
  const [idle, busy] = [await join(1), await join(2)];
  const [[standing], [moving]] = [await idle.lease(1), await busy.lease(1)];
  if (!standing || !moving) throw new Error('no leases');
  let fuel = 0;
  const [standingMs, movingMs] = await Promise.all([
    renewToTheEnd(idle, standing, () => progressOf(idle, standing, 7)),
    renewToTheEnd(busy, moving, () => progressOf(busy, moving, ++fuel)),
  ]);
  expect(standingMs).toBeLessThan(movingMs);
  expect(movingMs, 'four times its work').toBeGreaterThan(2 * 3000);
  const forgery = progressOf(idle, moving, 1);
  const forged = await busy.ask({ t: 'lease.renew', leaseIds: [moving.leaseId], progress: forgery });
  expect(forged).toMatchObject({ t: 'error', code: 'MH-SIG-004' });
});
