// What the coordinator is told of what this host does: only what it can make use of, and not too often.
import type { MessageOf, MessageToWorker } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { Core, challengeFor, leaseId, leaseOf, NONCE, welcome } from '../support/core.js';

/** A core whose coordinator has the feature, or not. */
function online(features: readonly string[]): Core {
  const core = new Core();
  core.event({ on: 'started', leases: [], results: [] });
  core.event({ on: 'opened', connection: core.state.connectionNumber, nonce: NONCE });
  core.message(challengeFor(NONCE));
  core.message({ ...welcome, features } as MessageToWorker);
  return core;
}

const statesOf = (core: Core, effects = core.effects): MessageOf<'state'>[] =>
  core.sent(effects).filter((message): message is MessageOf<'state'> => message.t === 'state');

test('which units it computes, by lease: those in the line of the executor are not among them', () => {
  const core = online(['computing']);
  expect(statesOf(core), 'at once, so that nothing is taken to be computed').toEqual([
    { t: 'state', state: 'idle', runningUnits: 0, computing: [] },
  ]);
  core.grant(leaseOf(1, [[4, 3]]), leaseOf(2, [[9, 1]]));
  for (const index of [4, 5, 6]) core.prepared({ leaseId: leaseId(1), index });
  core.prepared({ leaseId: leaseId(2), index: 9 });
  const [said] = statesOf(core, core.wait(2000));
  expect(said).toEqual({ t: 'state', state: 'working', runningUnits: 2, computing: [[leaseId(1), [[4, 2]]]] });
});

test('other units in the place of those that are done are told later', () => {
  const core = online(['computing']);
  core.grant(leaseOf(1, [[0, 6]]));
  for (let index = 0; index < 6; index++) core.prepared({ leaseId: leaseId(1), index });
  core.wait(2000);
  core.succeeded({ leaseId: leaseId(1), index: 0 });
  expect(statesOf(core, core.wait(5000))).toEqual([]);
  expect(statesOf(core, core.wait(5000))).toMatchObject([{ computing: [[leaseId(1), [[1, 2]]]] }]);
});

test('an older coordinator hears what it understands', () => {
  const core = online([]);
  core.grant(leaseOf(1, [[0, 1]]));
  core.prepared({ leaseId: leaseId(1), index: 0 });
  expect(statesOf(core, core.wait(2000))).toEqual([{ t: 'state', state: 'working', runningUnits: 1 }]);
});
