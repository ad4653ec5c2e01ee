// Handing begun units over: on the timer, when leaving, and what happens when that fails.
import { describe } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { Core, leaseId, leaseOf } from '../support/core.js';

const unit = (index: number) => ({ leaseId: leaseId(1), index });
const MADE = { envelope: new Uint8Array(200).fill(1), key: new Uint8Array(32).fill(2) };

/** A core that runs unit 0 of four: enough to ask for no more. */
function running(): Core {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 4]], 3_600_000));
  core.prepared(unit(0));
  return core;
}

function handedOver(core: Core, isFinal: boolean): void {
  core.event({ on: 'handed-over', unit: unit(0), ...MADE, isFinal });
}

function acknowledge(core: Core): void {
  core.message({ t: 'ack', id: core.pendingId('hand-over') });
}

const returned = (core: Core) => core.sent().filter(({ t }) => t === 'lease.return');

test('a long unit’s checkpoint goes to the coordinator every ten minutes, and the unit runs on', () => {
  const core = running();
  expect(core.did('hand-over', core.wait(599_000))).toEqual([]);
  expect(core.did('hand-over', core.wait(2000))).toEqual([{ do: 'hand-over', unit: unit(0), isFinal: false }]);
  handedOver(core, false);
  expect(core.sent()).toContainEqual({ t: 'hand.over', id: core.pendingId('hand-over'), ...MADE, isFinal: false });
  acknowledge(core);
  expect(core.state.units.size).toBe(4);
  expect(core.did('hand-over', core.wait(601_000))).toHaveLength(1);
});

test('one that fails, is refused or stays unanswered is tried again with the next, and costs nothing', () => {
  for (const fail of [
    (core: Core) => core.event({ on: 'hand-over-failed', unit: unit(0), isFinal: false }),
    (core: Core) => {
      handedOver(core, false);
      const id = core.pendingId('hand-over');
      core.message({ t: 'error', id, code: 'MH-GEN-010', message: 'full', retryAfterMs: null });
    },
    (core: Core) => {
      handedOver(core, false);
      core.event({ on: 'closed', connection: core.state.connectionNumber });
      core.wait(1000);
      core.connect();
      const renewed = [{ leaseId: leaseId(1), durationMs: 3_600_000 }];
      core.message({ t: 'lease.renewed', id: core.pendingId('renew'), leases: renewed });
    },
  ]) {
    const core = running();
    core.wait(600_100);
    fail(core);
    expect([...core.state.units.values()].map(({ phase }) => phase)).toContain('running');
    expect(core.did('hand-over', core.wait(600_100))).toHaveLength(1);
  }
});

test('a leaving worker hands over what took long, gives back the rest, and waits for the acknowledgement', () => {
  const core = running();
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  expect(core.did('hand-over')).toEqual([{ do: 'hand-over', unit: unit(0), isFinal: true }]);
  expect(returned(core)).toMatchObject([{ ranges: [[1, 3]] }]);
  core.message({ t: 'ack', id: core.pendingId('return') });
  expect(core.sentTypes(core.wait(20_000))).not.toContain('leave');
  core.event({ on: 'snapshot-kept', unit: unit(0) });
  core.event({ on: 'stopped', unit: unit(0) });
  handedOver(core, true);
  acknowledge(core);
  expect(core.did('drop-units')).toMatchObject([{ leaseId: leaseId(1), indexes: [0] }]);
  expect(returned(core)).toEqual([]);
  expect(core.sentTypes()).toContain('leave');
  core.message({ t: 'ack', id: core.pendingId('leave') });
  expect(core.did('end')).toHaveLength(1);
});

test('a hand-over that fails at the end gives the unit back', () => {
  const core = running();
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  core.message({ t: 'ack', id: core.pendingId('return') });
  core.event({ on: 'hand-over-failed', unit: unit(0), isFinal: true });
  expect(returned(core)).toMatchObject([{ ranges: [[0, 1]], code: null }]);
});

test('the time for handing over is bounded', () => {
  const core = running();
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  core.message({ t: 'ack', id: core.pendingId('return') });
  const effects = core.wait(60_100);
  expect(core.sent(effects)).toContainEqual(expect.objectContaining({ t: 'lease.return', ranges: [[0, 1]] }));
  expect(core.did('end', [...effects, ...core.wait(6000)])).toHaveLength(1);
});

test('a checkpoint that still moves keeps a leaving worker and its lease; one that stands still does not', () => {
  const core = running();
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  core.message({ t: 'ack', id: core.pendingId('return') });
  for (let part = 0; part < 20; part++) {
    const effects = core.wait(59_000);
    expect(core.did('end', effects)).toEqual([]);
    expect(core.sentTypes(effects)).not.toContain('lease.return');
    if (core.state.connection.phase !== 'online') core.connect();
    core.event({ on: 'hand-over-moved' });
  }
  expect(core.state.units.size).toBe(1);
  core.wait(60_100);
  expect(core.state.units.size).toBe(0);
});

test('the lease of a unit whose checkpoint is on its way is renewed while leaving, and no other', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]], 30_000), leaseOf(2, [[10, 4]], 30_000));
  core.prepared(unit(0));
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  const renewals = core.sent(core.wait(20_000)).filter(({ t }) => t === 'lease.renew');
  expect(renewals[0]).toMatchObject({ leaseIds: [leaseId(1)] });
});

test('past a broken connection: the worker connects again for it, and the statement waits for the connection', () => {
  const core = running();
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  core.message({ t: 'ack', id: core.pendingId('return') });
  core.event({ on: 'closed', connection: core.state.connectionNumber });
  expect(core.did('end')).toEqual([]);
  handedOver(core, true);
  expect(core.sent()).toEqual([]);
  expect(core.did('dial', core.wait(2000))).toHaveLength(1);
  core.connect();
  expect(core.sentTypes()).toContain('hand.over');
  core.event({ on: 'closed', connection: core.state.connectionNumber });
  core.wait(5000);
  core.connect();
  expect(core.sentTypes(), 'it was not acknowledged: once more').toContain('hand.over');
  acknowledge(core);
  expect(core.did('drop-units')).toHaveLength(1);
  expect(core.sentTypes()).toContain('leave');
});

test('a checkpoint that a restart cut off on its way goes on once its unit is taken up', () => {
  const core = new Core();
  const lease = leaseOf(1, [[0, 1]], 3_600_000);
  const restored = { lease, openIndexes: [0], begunIndexes: [0], sealedIndexes: [0] };
  core.event({ on: 'started', leases: [restored], results: [] });
  const connection = core.state.connectionNumber;
  core.connect();
  expect(core.did('resume-hand-over', [...core.effects, ...core.prepared(unit(0))])).toEqual([
    { do: 'resume-hand-over', unit: unit(0) },
  ]);
  expect(core.state.connectionNumber).toBe(connection);
  handedOver(core, false);
  expect(core.sent()).toContainEqual(expect.objectContaining({ t: 'hand.over', isFinal: false }));
  acknowledge(core);
  expect([...core.state.units.values()]).toMatchObject([{ phase: 'running', handOver: 'none' }]);
  expect(core.did('resume-hand-over', core.wait(100_000))).toEqual([]);
});

test('a unit that ends while it is handed over is reported, not given away', () => {
  const core = running();
  core.wait(5000);
  core.event({ on: 'commanded', command: 'leave' });
  core.succeeded(unit(0));
  expect(core.did('report')).toHaveLength(1);
  core.event({ on: 'hand-over-failed', unit: unit(0), isFinal: true });
  expect(core.sentTypes()).toEqual([]);
});

test('what has just begun is given back rather than moved', () => {
  const core = running();
  core.event({ on: 'commanded', command: 'leave' });
  expect(core.did('hand-over')).toEqual([]);
  expect(returned(core)).toMatchObject([{ ranges: [[0, 4]] }]);
});

test('a paused unit with a snapshot is handed over too', () => {
  const core = running();
  core.event({ on: 'commanded', command: 'pause' });
  core.event({ on: 'snapshot-kept', unit: unit(0) });
  core.event({ on: 'stopped', unit: unit(0) });
  core.event({ on: 'commanded', command: 'leave' });
  expect(core.did('hand-over')).toEqual([{ do: 'hand-over', unit: unit(0), isFinal: true }]);
});

/** A core that was started again with unit 0 begun, and prepares it. */
function restarted(): Core {
  const core = new Core();
  const lease = leaseOf(1, [[0, 1]], 3_600_000);
  core.event({ on: 'started', leases: [{ lease, openIndexes: [0], begunIndexes: [0] }], results: [] });
  core.connect();
  return core;
}

test('a begun unit that is still being prepared after a restart is handed over once it is there', () => {
  const core = restarted();
  core.event({ on: 'commanded', command: 'leave' });
  expect(core.did('hand-over')).toEqual([]);
  expect(returned(core)).toEqual([]);
  expect(core.did('hand-over', core.prepared(unit(0)))).toEqual([{ do: 'hand-over', unit: unit(0), isFinal: true }]);
  handedOver(core, true);
  acknowledge(core);
  expect(core.did('drop-units')).toHaveLength(1);
});

test('and given back if it cannot be prepared', () => {
  const core = restarted();
  core.event({ on: 'commanded', command: 'leave' });
  core.event({ on: 'unprepared', unit: unit(0), code: 'MH-HOST-006', message: 'away' });
  expect(returned(core)).toMatchObject([{ ranges: [[0, 1]] }]);
});

test('a checkpoint on its way when the worker leaves is enough: the unit is given back with it', () => {
  const core = running();
  core.wait(600_100);
  handedOver(core, false);
  core.event({ on: 'commanded', command: 'leave' });
  expect(core.did('hand-over')).toEqual([]);
  acknowledge(core);
  expect(returned(core)).toContainEqual(expect.objectContaining({ ranges: [[0, 1]] }));
});

test('units that this host cannot take up go back with the reason', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 2]]));
  core.event({ on: 'unprepared', unit: unit(0), code: 'MH-CKP-005', message: 'forged' });
  expect(returned(core)).toMatchObject([{ ranges: [[0, 1]], code: 'MH-CKP-005' }]);
  core.event({ on: 'unprepared', unit: unit(1), code: 'MH-APP-004', message: 'newer' });
  expect(returned(core)).toMatchObject([{ ranges: [[1, 1]], code: 'MH-APP-004' }]);
  expect(core.state.results.size).toBe(0);
});

test('a checkpoint that the machine finds to be another state goes back too', () => {
  const core = running();
  const failure = { exitCode: null, message: '', stderrTail: '', elapsedMs: 0, fuel: 0, markCount: 0, chainRoot: null };
  core.event({ on: 'ended', unit: unit(0), ending: { kind: 'host-failure', code: 'MH-CKP-005', ...failure } });
  expect(returned(core)).toMatchObject([{ ranges: [[0, 1]], code: 'MH-CKP-005' }]);
});

test('needs-all is reported like an end, and counts neither as computed nor as failed', () => {
  const core = running();
  const rest = {
    exitCode: null,
    message: '',
    stderrTail: '',
    elapsedMs: 9,
    fuel: 2 ** 33,
    markCount: 0,
    chainRoot: null,
  };
  core.event({ on: 'ended', unit: unit(0), ending: { kind: 'needs-all', code: 'MH-UNIT-010', ...rest } });
  expect(core.did('record-failure')).toMatchObject([{ failure: { kind: 'needs-all' } }]);
  expect(core.state.counters).toMatchObject({ computed: 0, failed: 0 });
});

test('a snapshot makes earlier deaths of the executor count no more', () => {
  const core = running();
  for (let death = 0; death < 5; death++) {
    core.event({ on: 'snapshot-kept', unit: unit(0) });
    expect(core.event({ on: 'crashed', unit: unit(0) })).toContainEqual(expect.objectContaining({ do: 'run' }));
  }
  core.event({ on: 'crashed', unit: unit(0) });
  expect(core.did('record-failure')).toHaveLength(1);
});

test('short units are given to the executor ahead of its threads, long ones are not', () => {
  for (const [elapsedMs, runsMaximum] of [
    [10, 42],
    [150, 6],
    [5000, 2],
  ] as const) {
    const core = Core.online();
    core.grant(leaseOf(1, [[0, 200]], 3_600_000));
    core.prepared(unit(0));
    core.succeeded(unit(0), 100, elapsedMs);
    for (let index = 1; index < 80; index++) core.prepared(unit(index), 10);
    const given = [...core.state.units.values()].filter(({ phase }) => phase === 'running').length;
    expect(given, `units of ${elapsedMs} ms`).toBe(runsMaximum);
  }
});

test('says what it resumes', () => {
  const core = new Core();
  const lease = leaseOf(1, [[0, 2]], 3_600_000);
  core.event({
    on: 'started',
    leases: [{ lease, openIndexes: [0, 1], begunIndexes: [0, 1] }],
    results: [],
  });
  core.connect();
  const line = () => describe(core.state, core.nowMs).line;
  expect(line()).toBe('Resuming 2 units from their checkpoints.');
  core.prepared(unit(0));
  expect(line()).toBe('Working: 1 unit on 2 cores, resuming 1 unit from its checkpoint.');
  core.event({ on: 'resumed', unit: unit(0) });
  expect(line()).toBe('Working: 1 unit on 2 cores.');
});
