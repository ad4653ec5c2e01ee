// The one line: what, why, what next.
import { describe as describeCore, type WorkerEvent } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { Core, leaseId, leaseOf } from '../support/core.js';

const lineOf = (core: Core): string => describeCore(core.state, core.nowMs).line;
const unit = { leaseId: leaseId(1), index: 0 };

test('from connecting to working', () => {
  const core = new Core();
  core.event({ on: 'started', leases: [], results: [] });
  expect(lineOf(core)).toBe('Connecting to the coordinator.');
  core.connect();
  expect(lineOf(core)).toBe('Asking for work.');
  core.grant(leaseOf(1, [[0, 2]]));
  expect(lineOf(core)).toBe('Fetching what the next units need.');
  core.prepared(unit);
  expect(lineOf(core)).toBe('Working: 1 unit on 2 cores.');
});

test.for([
  ['MH-LTR-001', /^There is no open work on this coordinator\. I'll ask again in 2[0-9] seconds\.$/],
  ['MH-LTR-002', /^Waiting for a host of another account on another network: /],
  ['MH-LTR-003', /more memory than I may use/],
  ['MH-NEW-999', /^Nothing to do right now\./],
] as const)('no work because of %s', ([code, line]) => {
  const core = Core.online();
  core.later(1, code as 'MH-LTR-001');
  expect(lineOf(core)).toMatch(line);
  expect(describeCore(core.state, core.nowMs).code).toBe(code);
});

test.for([
  [{ on: 'commanded', command: 'pause' }, /^Paused: you asked me to\./],
  [
    { on: 'sensed', reason: 'battery', isActive: true },
    /^Paused: on battery\. I'll continue when this computer is plugged in\./,
  ],
  [{ on: 'sensed', reason: 'disk', isActive: true }, /^Paused: the disk space/],
] as const)('paused by %j', ([event, line]) => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.prepared(unit);
  core.event(event as WorkerEvent);
  expect(lineOf(core)).toMatch(line);
  expect(lineOf(core)).toContain('1 unit will stop in a moment.');
});

test('without the coordinator', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.prepared(unit);
  const trouble = { code: 'MH-GEN-005', message: "Can't reach the coordinator at x:1: nothing listens there." };
  core.event({ on: 'closed', connection: 1, trouble });
  expect(lineOf(core)).toBe(
    `${trouble.message} Offline for 1 second; finished work is safe here, I'll try again in 1 second. Meanwhile I continue with 1 unit.`,
  );
  expect(describeCore(core.state, core.nowMs)).toMatchObject({ state: 'offline', code: 'MH-GEN-005', trouble });
  expect(core.did('offline')).toEqual([{ do: 'offline', trouble, wasOnline: true, retryAfterMs: 750 }]);
});

test('the newest cause counts, and none is left once there is a connection', () => {
  const core = Core.online();
  const troubleOf = () => describeCore(core.state, core.nowMs).trouble;
  expect(troubleOf()).toBeNull();
  core.event({ on: 'closed', connection: 1, trouble: { code: 'MH-WIR-007', message: 'The coordinator was stopped.' } });
  core.wait(1000);
  core.event({ on: 'closed', connection: 2, trouble: { code: 'MH-GEN-005', message: 'Nothing listens there.' } });
  expect(troubleOf()).toEqual({ code: 'MH-GEN-005', message: 'Nothing listens there.' });
  expect(core.did('offline')).toMatchObject([{ wasOnline: false, trouble: { message: 'Nothing listens there.' } }]);
  expect(core.wait(3000).filter((effect) => effect.do === 'dial')).toHaveLength(1);
  expect(lineOf(core)).toMatch(/^Nothing listens there\. Offline for 4 seconds; .* I'm trying now\.$/);
  core.connect();
  expect(troubleOf()).toBeNull();
});

test('a pause does not hide why there is no connection', () => {
  const core = Core.online();
  core.event({ on: 'commanded', command: 'pause' });
  core.event({ on: 'closed', connection: 1 });
  expect(describeCore(core.state, core.nowMs)).toMatchObject({
    state: 'paused',
    trouble: { code: 'MH-GEN-005', message: 'The connection to the coordinator was cut.' },
  });
});

test('leaving and ended', () => {
  const core = Core.online();
  core.event({ on: 'commanded', command: 'leave' });
  expect(describeCore(core.state, core.nowMs)).toMatchObject({ state: 'leaving' });
  core.wait(6000);
  expect(describeCore(core.state, core.nowMs)).toMatchObject({ state: 'ended', line: 'Left as you asked.' });
});

test('no line shouts', () => {
  const core = Core.online();
  for (const code of [
    'MH-LTR-001',
    'MH-LTR-002',
    'MH-LTR-003',
    'MH-LTR-004',
    'MH-LTR-005',
    'MH-LTR-006',
    'MH-LTR-007',
  ] as const) {
    core.later(1, code, 0);
    expect(lineOf(core), code).not.toContain('!');
    core.wait(300);
  }
});
