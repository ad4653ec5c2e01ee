// Preparing and running within cores and memory; failures and crashes end somewhere.
import { expect, test } from 'vitest';
import { Core, leaseId, leaseOf } from '../support/core.js';

const unit = (index: number) => ({ leaseId: leaseId(1), index });

function leased(count: number, options = {}): Core {
  const core = Core.online(options);
  core.grant(leaseOf(1, [[0, count]]));
  return core;
}

test('fetches for the free cores and a little ahead, while others run', () => {
  const core = leased(10);
  expect(core.did('prepare').map(({ unit }) => unit.index)).toEqual([0, 1, 2, 3]);
  expect(core.did('record-lease')).toHaveLength(1);
  core.prepared(unit(0));
  expect(core.did('run')).toEqual([{ do: 'run', unit: unit(0), timeoutMs: 60_000 }]);
});

test('never runs more units than cores', () => {
  const core = leased(4);
  for (let index = 0; index < 4; index++) core.prepared(unit(index));
  expect([...core.state.units.values()].filter(({ phase }) => phase === 'running')).toHaveLength(2);
  expect(core.succeeded(unit(0))).toContainEqual({ do: 'run', unit: unit(2), timeoutMs: 60_000 });
});

test('a unit that does not fit beside the others waits, and is not overtaken', () => {
  const core = leased(3);
  core.prepared(unit(0), 600);
  core.prepared(unit(1), 600);
  expect(core.did('run')).toEqual([]);
  core.prepared(unit(2), 100);
  expect(core.did('run')).toEqual([]);
  core.succeeded(unit(0));
  expect(core.did('run').map(({ unit }) => unit.index)).toEqual([1, 2]);
});

test('a unit larger than the memory runs alone', () => {
  const core = leased(2);
  core.prepared(unit(0), 5000);
  expect(core.did('run')).toHaveLength(1);
});

test('a fetch that fails is tried three times, then reported as a failure of this host', () => {
  const core = leased(1);
  const fail = () => core.event({ on: 'unprepared', unit: unit(0), code: 'MH-HOST-006', message: 'gone' });
  fail();
  expect(core.did('prepare', core.wait(3100))).toHaveLength(1);
  fail();
  expect(core.did('prepare', core.wait(6100))).toHaveLength(1);
  fail();
  expect(core.did('record-failure')).toMatchObject([{ failure: { kind: 'host-failure', code: 'MH-HOST-006' } }]);
  expect(core.did('report')).toHaveLength(1);
});

test('a fetch that fails without a connection does not count, and nothing is fetched without one', () => {
  const core = leased(1);
  core.event({ on: 'closed', connection: 1 });
  for (let count = 0; count < 5; count++)
    core.event({ on: 'unprepared', unit: unit(0), code: 'MH-HOST-006', message: 'offline' });
  expect(core.did('prepare', core.wait(400))).toEqual([]);
  core.wait(1000);
  core.connect();
  expect(core.did('prepare', core.wait(3000))).toHaveLength(1);
  expect([...core.state.units.values()][0]?.fetchFailureCount).toBe(0);
});

test('what is not as signed is reported at once', () => {
  const core = leased(1);
  core.event({ on: 'unprepared', unit: unit(0), code: 'MH-SIG-001', message: 'forged' });
  expect(core.did('record-failure')).toMatchObject([{ failure: { code: 'MH-SIG-001' } }]);
});

test('the second death of the executor under a unit is reported', () => {
  const core = leased(1);
  core.prepared(unit(0));
  expect(core.event({ on: 'crashed', unit: unit(0) })).toContainEqual({ do: 'run', unit: unit(0), timeoutMs: 60_000 });
  core.event({ on: 'crashed', unit: unit(0) });
  expect(core.did('run')).toEqual([]);
  expect(core.did('record-failure')).toMatchObject([{ failure: { code: 'MH-HOST-004' } }]);
});

test('units go on while there is no connection, and their results wait', () => {
  const core = leased(2);
  core.prepared(unit(0));
  core.prepared(unit(1));
  core.event({ on: 'closed', connection: 1 });
  core.succeeded(unit(0));
  expect(core.did('report')).toEqual([]);
  expect(core.state.results.size).toBe(1);
  core.wait(1000);
  core.connect();
  expect(core.did('report', [...core.effects, ...core.wait(500)])).toHaveLength(1);
});

test('what is prepared for a lease that is gone is let go', () => {
  const core = leased(1);
  core.message({ t: 'lease.cancel', leaseId: leaseId(1), code: 'MH-VAL-004' });
  expect(core.did('release')).toHaveLength(1);
  expect(core.prepared(unit(0))).toContainEqual({ do: 'release', unit: unit(0) });
});
