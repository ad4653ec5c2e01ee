// A machine that slept: no time has passed for the core, and it finds out at once what has changed.
import { expect, test } from 'vitest';
import { Core, leaseId, leaseOf } from '../support/core.js';

const unit = { leaseId: leaseId(1), index: 0 };

test('leases are renewed, work is asked for and the connection is tried at once', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.later(5);
  core.prepared(unit);
  core.wait(1000);
  const effects = core.event({ on: 'slept' });
  expect(core.sentTypes(effects)).toContain('lease.renew');
  expect(core.did('probe', effects)).toEqual([{ do: 'probe', connection: 1 }]);
  core.message({ t: 'lease.renewed', id: core.pendingId('renew'), leases: [] });
  expect(core.did('stop')).toEqual([{ do: 'stop', unit, isKept: true }]);
  expect(core.sentTypes()).toContain('lease.request');
});

test('without a connection it dials at once, however long it meant to wait', () => {
  const core = Core.online();
  for (let attempt = 0; attempt < 20; attempt++) {
    core.event({ on: 'closed', connection: core.state.connectionNumber });
    core.wait(60_000);
  }
  core.event({ on: 'closed', connection: core.state.connectionNumber });
  expect(core.did('dial')).toEqual([]);
  expect(core.did('dial', core.event({ on: 'slept' }))).toHaveLength(1);
});

test('fetches that sleep cut off are no failures of this host', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  for (let nap = 0; nap < 5; nap++) {
    core.event({ on: 'unprepared', unit, code: 'MH-BLK-003', message: '' });
    core.event({ on: 'slept' });
    expect(core.did('prepare')).toMatchObject([{ unit }]);
  }
  expect(core.state.results.size).toBe(0);
});

test('paused or leaving it asks for nothing, also when it wakes', () => {
  const core = Core.online();
  core.grant(leaseOf(1, [[0, 1]]));
  core.prepared(unit);
  core.event({ on: 'commanded', command: 'pause' });
  expect(core.sentTypes(core.event({ on: 'slept' }))).not.toContain('lease.renew');
});
