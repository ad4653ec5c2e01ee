// Any order of what may happen keeps the invariants of SPEC.md: grants, losses, crashes, pauses, repeated and invented messages.
import { unitKey } from '@manyhands/worker-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actions, connect, end, finish, message } from '../support/actions.js';
import { leaseId, leaseOf } from '../support/core.js';
import { World } from '../support/world.js';

test('any order of events keeps the invariants', () => {
  let computed = 0;
  fc.assert(
    fc.property(fc.array(actions, { minLength: 30, maxLength: 150 }), fc.nat(9), (steps, chance) => {
      const world = new World(chance === 0);
      connect(world);
      message(world, { t: 'lease.grant', id: 0, leases: [leaseOf(99, [[0, 40]])] });
      for (const { run } of steps) run(world);
      computed += world.computedCount;
    }),
    { numRuns: 150 },
  );
  expect(computed, 'the runs were worth something').toBeGreaterThan(150);
});

test('with an honest coordinator every unit is computed once and handed over, whatever the interruptions', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('disconnect', 'crash', 'pause', 'nothing'), { maxLength: 12 }), (troubles) => {
      const world = new World(true);
      connect(world);
      let left = 24;
      const open = new Set<number>();
      for (let round = 0; round < 3000 && !world.core.state.ended; round++) {
        if (round % 7 === 0) trouble(world, troubles[round / 7]);
        serve(world, { take: () => (left > 0 ? 24 - left-- : undefined), open });
        world.wait(250);
      }
      expect(world.core.state.ended).toMatchObject({ isFinished: true });
      expect(world.computedCount).toBe(24);
    }),
    { numRuns: 60 },
  );
});

function trouble(world: World, kind: string | undefined): void {
  if (kind === 'disconnect') world.do({ on: 'closed', connection: world.core.state.connectionNumber });
  if (kind === 'crash' && world.running.size > 0) finish(world, 0, 'stopped');
  world.do({ on: 'commanded', command: kind === 'pause' ? 'pause' : 'resume' });
}

/** One round of a coordinator that answers everything and an executor that ends everything. */
function serve(world: World, units: { take(): number | undefined; open: Set<number> }): void {
  if (world.core.state.connection.phase === 'dialing') connect(world);
  for (const request of world.asked.splice(0)) answer(world, request as never, units);
  for (const report of world.reported.splice(0)) {
    for (const index of report.indexes) {
      world.released.add(unitKey({ leaseId: report.leaseId, index }));
      units.open.delete(numberOf(report.leaseId));
    }
    const items = report.indexes.map((index): [number, 'settled', null] => [index, 'settled', null]);
    message(world, { t: 'receipts.ack', id: report.requestId, leaseId: report.leaseId, items });
  }
  for (const unit of [...world.preparing.values()])
    if (world.core.state.units.get(unitKey(unit))?.phase === 'preparing')
      world.do({ on: 'prepared', unit, needs: { memoryBytes: 100, inputBytes: 1000, timeoutMs: 1000 } });
  for (const [key, unit] of [...world.running]) {
    world.running.delete(key);
    if (world.core.state.units.get(key)?.phase === 'stopping') world.do({ on: 'stopped', unit });
    else end(world, unit, 'small');
  }
}

const returned: number[] = [];
const numberOf = (id: string): number =>
  Array.from({ length: 24 }, (_, unit) => unit).find((unit) => leaseId(unit) === id) ?? -1;

function answer(
  world: World,
  request: { t: string; id: number; leaseIds?: ReturnType<typeof leaseId>[]; leaseId?: string },
  { take, open }: { take(): number | undefined; open: Set<number> },
): void {
  if (request.t === 'lease.request') {
    const next = returned.pop() ?? take();
    if (next !== undefined) open.add(next);
    if (next !== undefined) message(world, { t: 'lease.grant', id: request.id, leases: [leaseOf(next, [[next, 1]])] });
    else
      message(world, {
        t: 'lease.later',
        id: request.id,
        code: 'MH-LTR-001',
        message: '',
        retryAfterMs: 1000,
        openUnitCount: open.size,
      });
  }
  if (request.t === 'lease.renew')
    message(world, {
      t: 'lease.renewed',
      id: request.id,
      leases: (request.leaseIds ?? []).map((leaseId) => ({ leaseId, durationMs: 30_000 })),
    });
  if (request.t === 'lease.return') {
    const unit = numberOf(request.leaseId ?? '');
    if (!returned.includes(unit)) returned.push(unit);
  }
  if (request.t === 'lease.return' || request.t === 'leave') message(world, { t: 'ack', id: request.id });
}
