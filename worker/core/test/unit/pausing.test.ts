// Pausing, leaving, and the end of `--once`.
import { expect, test } from 'vitest';
import { Core, LARGE_BYTES, leaseId, leaseOf } from '../support/core.js';

const unit = (index: number) => ({ leaseId: leaseId(1), index });

function running(options = {}): Core {
  const core = Core.online(options);
  core.grant(leaseOf(1, [[0, 3]]));
  core.prepared(unit(0));
  return core;
}

test('a pause gives back what was not begun, and stops a running unit at its next slice', () => {
  const core = running();
  core.event({ on: 'commanded', command: 'pause' });
  expect(core.sent().find(({ t }) => t === 'lease.return')).toMatchObject({ ranges: [[1, 2]] });
  expect(core.did('stop')).toEqual([{ do: 'stop', unit: unit(0), isKept: true }]);
  // The slice may have been its last.
  core.succeeded(unit(0));
  expect(core.did('report')).toHaveLength(1);
  expect(core.did('stop', core.wait(60_000))).toEqual([]);
});

test('a stopped unit is kept, and goes on when the pause is over', () => {
  const core = running();
  core.event({ on: 'sensed', reason: 'battery', isActive: true });
  core.event({ on: 'snapshot-kept', unit: unit(0) });
  core.event({ on: 'stopped', unit: unit(0) });
  expect(core.did('run')).toEqual([]);
  core.event({ on: 'sensed', reason: 'battery', isActive: false });
  expect(core.did('run')).toEqual([{ do: 'run', unit: unit(0), timeoutMs: 60_000 }]);
  expect(core.sentTypes()).toContain('lease.renew');
});

test('while paused nothing is asked for or renewed, and a grant under way is given back', () => {
  const core = Core.online();
  core.event({ on: 'commanded', command: 'pause' });
  core.grant(leaseOf(1, [[0, 4]]));
  expect(core.sent().find(({ t }) => t === 'lease.return')).toMatchObject({ ranges: [[0, 4]] });
  core.message({ t: 'ack', id: core.pendingId('return') });
  core.message({ t: 'work' });
  expect(core.sentTypes(core.wait(120_000))).toEqual(['state']);
});

test('two reasons to pause: both must end', () => {
  const core = running();
  core.event({ on: 'commanded', command: 'pause' });
  core.event({ on: 'sensed', reason: 'disk', isActive: true });
  core.event({ on: 'commanded', command: 'resume' });
  core.wait(20_000);
  expect(core.state.pauses).toEqual(new Set(['disk']));
  expect(core.did('run')).toEqual([]);
  core.event({ on: 'stopped', unit: unit(0) });
  core.event({ on: 'sensed', reason: 'disk', isActive: false });
  expect(core.did('run')).toHaveLength(1);
});

test('leaving gives everything back, hands over results, says farewell, then ends', () => {
  const core = running();
  core.prepared(unit(1));
  core.succeeded(unit(1));
  core.event({ on: 'commanded', command: 'leave' });
  expect(core.did('stop')).toHaveLength(1);
  expect(core.did('report')).toHaveLength(1);
  expect(core.sentTypes()).toContain('lease.return');
  expect(core.sentTypes()).not.toContain('leave');
  core.message({ t: 'ack', id: core.pendingId('return') });
  core.acknowledge(leaseId(1), [[1, 'settled', null]]);
  expect(core.sentTypes()).toContain('leave');
  core.message({ t: 'ack', id: core.pendingId('leave') });
  expect(core.did('end')).toMatchObject([{ ending: { code: null, isFinished: false } }]);
});

test('a leaving worker does not wait for a coordinator that is silent or away', () => {
  const silent = running();
  silent.event({ on: 'commanded', command: 'leave' });
  expect(silent.did('end', silent.wait(5100))).toHaveLength(1);
  const away = running();
  away.event({ on: 'closed', connection: 1 });
  expect(away.event({ on: 'commanded', command: 'leave' })).toContainEqual(expect.objectContaining({ do: 'end' }));
});

test('after the end nothing happens', () => {
  const core = running();
  core.event({ on: 'commanded', command: 'leave' });
  core.wait(6000);
  expect(core.event({ on: 'commanded', command: 'resume' })).toEqual([]);
});

test('--once ends only when nothing is open, unacknowledged or kept', () => {
  const core = Core.online({ isOnce: true });
  core.later(3);
  expect(core.state.leaving).toBeNull();
  core.wait(25_000);
  core.grant(leaseOf(1, [[0, 1]]));
  core.prepared(unit(0));
  core.succeeded(unit(0), LARGE_BYTES);
  core.wait(300);
  core.later(0);
  expect(core.state.leaving).toBeNull();
  core.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  expect(core.state.leaving).toBeNull();
  core.message({ t: 'custody.reply', id: core.pendingId('custody'), wanted: [], released: [] });
  expect(core.sentTypes(core.wait(2500))).toContain('custody');
  core.message({ t: 'custody.reply', id: core.pendingId('custody'), wanted: [], released: [unit(0)] });
  core.message({ t: 'ack', id: core.pendingId('leave') });
  expect(core.did('end')).toMatchObject([{ ending: { isFinished: true, code: null } }]);
});

test('without --once the worker stays', () => {
  const core = Core.online();
  core.later(0);
  expect(core.did('end', core.wait(3_600_000))).toEqual([]);
});
