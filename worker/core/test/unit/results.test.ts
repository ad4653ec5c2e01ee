// Receipts: several together, again until acknowledged; large bundles stay until released.
import { describe } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { Core, LARGE_BYTES, leaseId, leaseOf, success } from '../support/core.js';

const unit = (index: number) => ({ leaseId: leaseId(1), index });

/** A core with `count` units of lease 1, the first of which succeeded. */
function computed(count: number, bundleBytes = 100): Core {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, count]]));
  core.prepared(unit(0));
  core.succeeded(unit(0), bundleBytes);
  return core;
}

test('a result waits a moment for others of its lease; the last one goes at once', () => {
  const core = computed(2);
  expect(core.did('report')).toEqual([]);
  expect(core.did('report', core.wait(300))).toMatchObject([{ leaseId: leaseId(1), indexes: [0] }]);
  core.prepared(unit(1));
  core.succeeded(unit(1));
  expect(core.did('report')).toMatchObject([{ indexes: [1] }]);
});

test('an acknowledged small result is forgotten, a large recorded one is kept', () => {
  const small = computed(1);
  small.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  expect(small.did('delete-result')).toHaveLength(1);
  expect(small.state.leases.size).toBe(0);
  const large = computed(1, LARGE_BYTES);
  large.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  expect(large.did('keep-result')).toHaveLength(1);
  expect(large.did('delete-result')).toEqual([]);
  large.message({ t: 'bundle.released', leaseId: leaseId(1), indexes: [0] });
  expect(large.did('delete-result')).toHaveLength(1);
});

test('a settled or refused result is forgotten, however large', () => {
  for (const status of ['settled', 'refused'] as const) {
    const core = computed(1, LARGE_BYTES);
    core.acknowledge(leaseId(1), [[0, status, 'MH-RCP-002']]);
    expect(core.state.results.size, status).toBe(0);
    expect(core.state.counters[status]).toBe(1);
  }
});

test('an unanswered receipt is sent again; so is everything unacknowledged after a new connection', () => {
  const core = computed(1);
  expect(core.did('report', core.wait(10_500))).toHaveLength(1);
  core.event({ on: 'closed', connection: 1 });
  core.wait(1000);
  core.connect();
  expect(core.did('report')).toMatchObject([{ indexes: [0] }]);
});

test('a refusal that may pass is waited out with growing delays, a final one is not repeated', () => {
  const core = computed(1);
  const refuse = (code: string, retryAfterMs: number | null = null) =>
    core.message({ t: 'error', id: core.pendingId('receipts'), code, message: '', retryAfterMs });
  refuse('MH-GEN-001');
  expect(core.did('report', core.wait(2400))).toEqual([]);
  expect(core.did('report', core.wait(3000))).toHaveLength(1);
  refuse('MH-GEN-012', 20_000);
  expect(core.did('report', core.wait(19_000))).toEqual([]);
  expect(core.did('report', core.wait(2000))).toHaveLength(1);
  refuse('MH-SIG-001');
  expect(core.did('delete-result')).toHaveLength(1);
});

test('an acknowledgement for a unit that was never reported does nothing', () => {
  const core = computed(2);
  core.message({ t: 'receipts.ack', id: 2, leaseId: leaseId(1), items: [[1, 'settled', null]] });
  core.message({ t: 'bundle.released', leaseId: leaseId(1), indexes: [0, 1] });
  expect(core.state.results.size).toBe(1);
  expect(core.state.units.size).toBe(1);
});

test('a bundle is uploaded when wanted, even when the wish comes before the acknowledgement', () => {
  const core = computed(1, LARGE_BYTES);
  core.message({ t: 'bundle.wanted', leaseId: leaseId(1), index: 0, digest: new Uint8Array(32) });
  expect(core.did('upload')).toEqual([]);
  core.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  expect(core.did('upload')).toEqual([{ do: 'upload', unit: unit(0) }]);
  core.event({ on: 'upload-failed', unit: unit(0), code: 'MH-NET-002', message: 'A proxy refuses it (HTTP 413).' });
  expect(core.did('upload')).toEqual([]);
  const said = describe(core.state, core.nowMs);
  expect([said.line, said.code]).toEqual([expect.stringContaining('HTTP 413'), 'MH-NET-002']);
  expect(core.did('upload', core.wait(5000))).toHaveLength(1);
  core.event({ on: 'uploaded', unit: unit(0) });
  expect(describe(core.state, core.nowMs).line).not.toContain('HTTP 413');
  expect(core.state.results.size).toBe(1); // until it is released
});

test('a result that cannot be uploaded is kept and offered for as long as it takes, past the end of its lease', () => {
  const core = computed(1, LARGE_BYTES);
  core.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  core.message({ t: 'bundle.wanted', leaseId: leaseId(1), index: 0, digest: new Uint8Array(32) });
  core.message({ t: 'lease.cancel', leaseId: leaseId(1), code: 'MH-LSE-001' });
  let uploads = 0;
  for (let attempt = 0; attempt < 200; attempt++) {
    core.event({ on: 'upload-failed', unit: unit(0), code: 'MH-GEN-005', message: 'away' });
    const effects = core.wait(30_000);
    for (const kind of ['prepare', 'run', 'delete-result'] as const) expect(core.did(kind, effects)).toEqual([]);
    uploads += core.did('upload', effects).length;
    expect(core.state.results.size).toBe(1);
    if (core.state.connection.phase === 'dialing') core.connect();
  }
  expect(uploads).toBeGreaterThan(10);
});

test('a bundle that the disk does not give back is named as lost, and deleted once it is released', () => {
  const core = computed(1, LARGE_BYTES);
  core.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  core.message({ t: 'custody.reply', id: core.pendingId('custody'), wanted: [unit(0)], released: [] });
  expect(core.did('upload')).toHaveLength(1);
  core.event({ on: 'bundle-lost', unit: unit(0) });
  expect(core.did('upload')).toEqual([]);
  expect(core.did('delete-result')).toEqual([]);
  expect(core.sent().find(({ t }) => t === 'custody')).toMatchObject({ kept: [unit(0)], lost: [unit(0)] });
  core.message({ t: 'custody.reply', id: core.pendingId('custody'), wanted: [], released: [unit(0)] });
  expect(core.did('delete-result')).toMatchObject([{ unit: unit(0) }]);
});

test('while the coordinator takes no signed call nothing more is asked for, and the line says so', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.later(3);
  core.prepared(unit(0));
  core.succeeded(unit(0), LARGE_BYTES);
  core.message({ t: 'bundle.wanted', leaseId: leaseId(1), index: 0, digest: new Uint8Array(32) });
  core.acknowledge(leaseId(1), [[0, 'recorded', null]]);
  core.event({ on: 'upload-failed', unit: unit(0), code: 'MH-SIG-005', message: '' });
  expect(describe(core.state, core.nowMs)).toMatchObject({
    ...{ state: 'waiting', code: 'MH-SIG-005' },
    line: expect.stringMatching(/^Can't hand in finished work: .* clock wrong.* no new units\.$/),
  });
  core.message({ t: 'work' });
  const effects = core.wait(9000);
  expect(core.sentTypes(effects)).not.toContain('lease.request');
  expect(core.did('upload', effects)).toHaveLength(1);
  core.event({ on: 'uploaded', unit: unit(0) });
  expect(core.sentTypes()).toContain('lease.request');
  expect(describe(core.state, core.nowMs).code).not.toBe('MH-SIG-005');
});

test('receipts that are taken later are all held back until the time that is named, and nothing is asked for meanwhile', () => {
  const core = Core.online({ cores: 4 });
  core.random = 0;
  core.grant(leaseOf(1, [[0, 2]]), leaseOf(2, [[5, 1]]));
  for (const name of [unit(0), unit(1), { leaseId: leaseId(2), index: 5 }]) core.prepared(name);
  core.succeeded(unit(0));
  core.succeeded(unit(1));
  const id = core.pendingId('receipts');
  core.message({ t: 'error', id, code: 'MH-RCP-006', message: 'later', retryAfterMs: 60_000 });
  const said = describe(core.state, core.nowMs);
  expect([said.code, said.line]).toEqual([
    'MH-RCP-006',
    expect.stringMatching(/^Finished results wait here: .* 60 sec/),
  ]);
  core.succeeded({ leaseId: leaseId(2), index: 5 });
  core.message({ t: 'work' });
  const early = core.wait(59_000);
  expect(core.did('report', early)).toEqual([]);
  expect(core.sentTypes(early)).not.toContain('lease.request');
  expect(core.did('delete-result', early)).toEqual([]);
  const reports = core.did('report', core.wait(1500));
  expect(reports.map(({ indexes }) => indexes)).toEqual([[0, 1], [5]]);
  core.acknowledge(leaseId(1), [
    [0, 'settled', null],
    [1, 'settled', null],
  ]);
  expect(core.sentTypes()).toContain('lease.request');
  expect(describe(core.state, core.nowMs).code).not.toBe('MH-RCP-006');
});

test('what is answered counts although the receipt is asked for again', () => {
  const core = computed(2);
  core.prepared(unit(1));
  core.succeeded(unit(1));
  const id = core.pendingId('receipts');
  core.message({ t: 'error', id, code: 'MH-RCP-007', message: 'too much', retryAfterMs: 1000 });
  core.message({ t: 'receipts.ack', id, leaseId: leaseId(1), items: [[0, 'settled', 'MH-RCP-001']] });
  expect(core.did('delete-result')).toMatchObject([{ unit: unit(0) }]);
  expect(core.did('report', core.wait(6000))).toMatchObject([{ indexes: [1] }]);
});

test('says what it keeps after each connection and every minute, and follows the answer', () => {
  const core = new Core();
  const kept = [0, 1].map((index) => ({ ...unit(index), ending: success(LARGE_BYTES), isKept: true }));
  core.event({
    on: 'started',
    leases: [{ lease: leaseOf(1, [[0, 2]]), openIndexes: [], begunIndexes: [] }],
    results: kept,
  });
  core.connect();
  expect(core.sent().find(({ t }) => t === 'custody')).toMatchObject({ kept: [unit(0), unit(1)] });
  core.message({ t: 'custody.reply', id: core.pendingId('custody'), wanted: [unit(0)], released: [unit(1)] });
  expect(core.did('upload')).toMatchObject([{ unit: unit(0) }]);
  expect(core.did('delete-result')).toMatchObject([{ unit: unit(1) }]);
  core.later(1, 'MH-LTR-001', 3_600_000);
  expect(core.sentTypes(core.wait(61_000))).toContain('custody');
});

test('frames hold 64 results and 512 KiB of bundles at most', () => {
  const core = new Core();
  const results = Array.from({ length: 200 }, (_, index) => ({
    ...unit(index),
    ending: success(16_000),
    isKept: false,
  }));
  core.event({
    on: 'started',
    leases: [{ lease: leaseOf(1, [[0, 200]]), openIndexes: [], begunIndexes: [] }],
    results,
  });
  core.connect();
  const reports = core.did('report');
  expect(reports.length).toBeGreaterThan(0);
  for (const { indexes } of reports) expect(indexes.length).toBeLessThanOrEqual(32);
  for (let rounds = 0; core.state.results.size > 0 && rounds < 50; rounds++) {
    const [id, pending] = [...core.state.pending].find(([, { kind }]) => kind === 'receipts') ?? [];
    if (id === undefined || pending?.kind !== 'receipts') core.wait(500);
    else {
      const items = pending.indexes.map((index) => [index, 'settled', null] as [number, 'settled', null]);
      core.message({ t: 'receipts.ack', id, leaseId: leaseId(1), items });
    }
  }
  expect(core.state.results.size).toBe(0);
});
