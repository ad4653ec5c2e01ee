// Asking, renewing, giving back and losing leases.

import { rangesOf } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { Core, LARGE_BYTES, leaseId, leaseOf } from '../support/core.js';

test('asks for the cores and one unit in reserve for each, names the limits', () => {
  const core = Core.online();
  expect(core.sent().find(({ t }) => t === 'lease.request')).toMatchObject({
    maximumUnits: 4,
    memoryBytes: 1000,
    projectIds: null,
    heldLeases: [],
  });
});

test('names what it works under when it asks: units, results that nobody has acknowledged, units on their way back', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]), leaseOf(2, [[5, 1]]), leaseOf(3, [[7, 1]]));
  core.later(1);
  core.prepared({ leaseId: leaseId(1), index: 0 });
  core.succeeded({ leaseId: leaseId(1), index: 0 });
  core.event({ on: 'unprepared', unit: { leaseId: leaseId(2), index: 5 }, code: 'MH-APP-004', message: '' });
  core.message({ t: 'work' });
  const request = core.sent(core.wait(1000)).find(({ t }) => t === 'lease.request');
  expect(request).toMatchObject({ heldLeases: [leaseId(3), leaseId(2), leaseId(1)] });
});

test.for([
  [100, 2 + 2 * 40],
  [0, 256],
] as const)('units of %i ms are held in larger reserve: %i asked for', ([elapsedMs, maximumUnits]) => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.later(1);
  core.prepared({ leaseId: leaseId(1), index: 0 });
  core.succeeded({ leaseId: leaseId(1), index: 0 }, 100, elapsedMs);
  core.message({ t: 'work' });
  expect(core.sent(core.wait(1000)).find(({ t }) => t === 'lease.request')).toMatchObject({ maximumUnits });
});

test('asks again at the named time, or at once after a push', () => {
  const core = Core.online();
  core.later(5);
  expect(core.sentTypes(core.wait(19_000))).not.toContain('lease.request');
  expect(core.sentTypes(core.wait(3000))).toContain('lease.request');
  core.later(5);
  core.message({ t: 'work' });
  expect(core.sentTypes(core.wait(200))).toContain('lease.request');
});

test('a silly time of «later» is bounded on both sides', () => {
  const core = Core.online();
  core.later(1, 'MH-LTR-001', 0);
  expect(core.sentTypes()).not.toContain('lease.request');
  core.wait(300);
  core.later(1, 'MH-LTR-001', 30 * 24 * 3_600_000);
  expect(core.sentTypes(core.wait(1.2 * 3_600_000))).toContain('lease.request');
});

test('renews at a third, several leases together, and drops what was not renewed', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 2]]), leaseOf(2, [[5, 1]], 30_500));
  core.prepared({ leaseId: leaseId(1), index: 0 });
  const effects = core.wait(10_200);
  const [renewal] = core.sent(effects).filter(({ t }) => t === 'lease.renew');
  expect(renewal).toMatchObject({ leaseIds: [leaseId(1), leaseId(2)] });
  core.message({
    t: 'lease.renewed',
    id: core.pendingId('renew'),
    leases: [{ leaseId: leaseId(2), durationMs: 30_000 }],
  });
  expect(core.did('stop')).toEqual([{ do: 'stop', unit: { leaseId: leaseId(1), index: 0 }, isKept: true }]);
  expect(core.did('drop-units')).toMatchObject([{ leaseId: leaseId(1), indexes: [0, 1], isSettled: false }]);
  expect([...core.state.units.values()].map(({ leaseId }) => leaseId)).toEqual([leaseId(2)]);
});

test('everything held is renewed right after a new connection', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 2]]));
  core.event({ on: 'closed', connection: 1 });
  core.wait(1000);
  core.connect();
  expect(core.sentTypes()).toContain('lease.renew');
});

test('a cancelled lease stops its units; late results of it are not kept', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 2]]));
  const unit = { leaseId: leaseId(1), index: 0 };
  core.prepared(unit);
  core.message({ t: 'lease.cancel', leaseId: leaseId(1), code: 'MH-VAL-004' });
  expect(core.did('stop')).toMatchObject([{ isKept: false }]);
  expect(core.did('drop-units')).toMatchObject([{ isSettled: true }]);
  expect(core.succeeded(unit)).toContainEqual({ do: 'delete-result', unit });
  expect(core.state.results.size).toBe(0);
});

test('a lease that ran out stops its units with a snapshot, and the next lease of them goes on from there', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 2]]));
  const unit = { leaseId: leaseId(1), index: 0 };
  core.prepared(unit);
  core.message({ t: 'lease.cancel', leaseId: leaseId(1), code: 'MH-LSE-001' });
  expect(core.did('stop')).toEqual([{ do: 'stop', unit, isKept: true }]);
  expect(core.did('drop-units')).toMatchObject([{ indexes: [0, 1], isSettled: false }]);
  core.wait(1000);
  core.grant(leaseOf(2, [[0, 1]]));
  const again = { leaseId: leaseId(2), index: 0 };
  core.event({ on: 'snapshot-kept', unit: again });
  core.prepared(again);
  expect(core.did('run')).toMatchObject([{ unit: again }]);
  expect(core.state.units.get(`${leaseId(2)}/0`)?.isResuming).toBe(true);
});

test('a unit that is leased anew while it runs under its old lease stops there and goes on under the new one', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 2]]));
  core.prepared({ leaseId: leaseId(1), index: 0 });
  core.message({ t: 'lease.grant', id: 99, leases: [leaseOf(2, [[0, 1]])] });
  expect(core.did('stop')).toEqual([{ do: 'stop', unit: { leaseId: leaseId(1), index: 0 }, isKept: true }]);
  expect([...core.state.units.keys()]).toEqual([`${leaseId(1)}/1`, `${leaseId(2)}/0`]);
});

test('a unit whose result is here is not computed again: the result is stated under the new lease', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.prepared({ leaseId: leaseId(1), index: 0 });
  core.succeeded({ leaseId: leaseId(1), index: 0 }, LARGE_BYTES);
  core.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  core.wait(1000);
  const effects = core.grant(leaseOf(2, [[0, 2]]));
  const [from, to] = [leaseId(1), leaseId(2)].map((id) => ({ leaseId: id, index: 0 }));
  expect(effects.findIndex((effect) => effect.do === 'record-lease')).toBeLessThan(
    effects.findIndex((effect) => effect.do === 'copy-result'),
  );
  expect(core.did('copy-result')).toEqual([{ do: 'copy-result', from, to }]);
  expect(core.did('prepare')).toMatchObject([{ unit: { leaseId: leaseId(2), index: 1 } }]);
  expect(core.did('report', core.wait(1000))).toMatchObject([{ leaseId: leaseId(2), indexes: [0] }]);
  expect(core.state.results.get(`${leaseId(1)}/0`)?.phase).toBe('kept');
});

test('a failure of this host, another build and the work of others are computed anew', () => {
  const core = Core.online();
  const checkpoint = { handOvers: [new Uint8Array([1])], key: new Uint8Array(32) };
  core.grant({ ...leaseOf(1, [[0, 1]]), checkpoint }, leaseOf(2, [[1, 1]]), leaseOf(3, [[2, 1]]));
  for (const [number, index] of [
    [1, 0],
    [2, 1],
  ] as const) {
    core.prepared({ leaseId: leaseId(number), index });
    core.succeeded({ leaseId: leaseId(number), index }, LARGE_BYTES);
    core.acknowledge(leaseId(number), [[index, 'recorded', null]]);
  }
  const failed = { leaseId: leaseId(3), index: 2 };
  core.event({ on: 'unprepared', unit: failed, code: 'MH-SIG-001', message: '' });
  core.wait(1000);
  core.grant(leaseOf(4, [[0, 1]]), { ...leaseOf(5, [[1, 1]]), build: 'all' }, leaseOf(6, [[2, 1]]));
  expect(core.did('copy-result')).toEqual([]);
  expect(core.state.units.size).toBe(3);
  core.message({ t: 'lease.grant', id: 99, leases: [{ ...leaseOf(7, [[0, 1]]), checkpoint }] });
  expect(core.did('copy-result')).toHaveLength(1);
});

test('what does not fit is given back, again over a new connection until acknowledged', () => {
  const core = Core.online();
  const ranges = Array.from({ length: 5 }, (_, part) => [part * 256, 256] as [number, number]);
  core.grant(leaseOf(1, ranges.slice(0, 4)), leaseOf(2, ranges.slice(4)));
  const returned = core.sent().filter(({ t }) => t === 'lease.return');
  expect(returned).toMatchObject([{ leaseId: leaseId(2), ranges: [[1024, 256]], code: null }]);
  core.event({ on: 'closed', connection: 1 });
  core.wait(1000);
  core.connect();
  expect(core.sentTypes()).toContain('lease.return');
  core.message({ t: 'ack', id: core.pendingId('return') });
  expect(core.state.returns.size).toBe(0);
  expect(core.state.leases.has(leaseId(2))).toBe(false);
});

test('a grant that comes after its request was given up is used all the same; the same lease twice is one', () => {
  const core = Core.online();
  const id = core.pendingId('request');
  core.wait(11_000);
  core.message({ t: 'lease.grant', id, leases: [leaseOf(1, [[0, 1]]), leaseOf(1, [[0, 1]])] });
  expect(core.state.units.size).toBe(1);
});

test('three unanswered requests in a row mean a dead connection', () => {
  const core = Core.online();
  const effects = core.wait(60_000);
  expect(core.did('hang-up', effects).length).toBeGreaterThan(0);
  expect(core.state.lastTrouble?.code).toBe('MH-GEN-004');
});

test('an error answer to a request delays the next one', () => {
  const core = Core.online();
  const id = core.pendingId('request');
  core.message({ t: 'error', id, code: 'MH-GEN-012', message: 'slow down', retryAfterMs: 8000 });
  expect(core.sentTypes(core.wait(7900))).not.toContain('lease.request');
  expect(core.sentTypes(core.wait(200))).toContain('lease.request');
});

test('ranges are the shortest for their indexes', () => {
  expect(rangesOf([5, 1, 2, 3, 9, 2])).toEqual([
    [1, 3],
    [5, 1],
    [9, 1],
  ]);
});
