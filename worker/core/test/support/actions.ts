// What may happen to a worker, as random actions on a world: what the network, the executor, the coordinator and the volunteer do.
import type { MessageToWorker, ReceiptStatus } from '@manyhands/contract';
import { type UnitRef, unitKey } from '@manyhands/worker-core';
import fc from 'fast-check';
import { challengeFor, LARGE_BYTES, leaseId, leaseOf, NONCE, success, welcome } from './core.js';
import type { World } from './world.js';

const pick = <T>(items: Iterable<T>, number: number): T | undefined => {
  const all = [...items];
  return all[number % Math.max(1, all.length)];
};

export type Action = { name: string; run(world: World): void };
const action = (name: string, run: (world: World) => void): Action => ({ name, run });
export const message = (world: World, value: MessageToWorker): void =>
  world.do({ on: 'message', connection: world.core.state.connectionNumber, message: value });

export function connect(world: World): void {
  const connection = world.core.state.connectionNumber;
  world.do({ on: 'opened', connection, nonce: NONCE });
  message(world, challengeFor(NONCE));
  message(world, welcome);
}

function acknowledge(world: World, choice: number, status: ReceiptStatus): void {
  const report = pick(world.reported, choice);
  if (!report || !world.isWelcome) return;
  for (const index of report.indexes) world.released.add(unitKey({ leaseId: report.leaseId, index }));
  const items = report.indexes.map((index): [number, ReceiptStatus, null] => [index, status, null]);
  message(world, { t: 'receipts.ack', id: report.requestId, leaseId: report.leaseId, items });
}

export function finish(world: World, choice: number, how: 'small' | 'large' | 'failure' | 'crash' | 'stopped'): void {
  const unit = pick(world.running.values(), choice);
  if (!unit) return;
  world.running.delete(unitKey(unit));
  if (how === 'crash') world.do({ on: 'crashed', unit });
  else if (how === 'stopped') world.do({ on: 'stopped', unit });
  else end(world, unit, how);
}

/** The driver journals a success before it tells of it. */
export function end(world: World, unit: UnitRef, how: 'small' | 'large' | 'failure'): void {
  const entry = world.journal.get(unitKey(unit));
  if (how !== 'failure' && entry?.state === 'open') {
    world.journal.set(unitKey(unit), { state: 'computed', reportable: true });
    world.computedCount += 1;
  }
  const failure = {
    code: 'MH-UNIT-001',
    exitCode: null,
    message: '',
    stderrTail: '',
    elapsedMs: 5,
    fuel: 7,
    markCount: 1,
    chainRoot: null,
  } as const;
  world.do({
    on: 'ended',
    unit,
    ending: how === 'failure' ? { kind: 'unit-failure', ...failure } : success(how === 'small' ? 100 : LARGE_BYTES, 50),
  });
}

function handOver(world: World, choice: number, how: { isMade: boolean; isAnswered: boolean }): void {
  const found = pick(world.handingOver.values(), choice);
  if (!found) return;
  const { unit, isFinal } = found;
  world.handingOver.delete(unitKey(unit));
  const made = { envelope: new Uint8Array(9), key: new Uint8Array(32) };
  if (how.isMade) world.do({ on: 'handed-over', unit, isFinal, ...made });
  else world.do({ on: 'hand-over-failed', unit, isFinal });
  const asked = world.asked.findLast(({ t }) => t === 'hand.over');
  if (how.isAnswered && asked && 'id' in asked) message(world, { t: 'ack', id: asked.id });
}

const number = fc.nat(20);
/** One of them. */
export const actions = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .oneof(
        { weight: 5, arbitrary: fc.integer({ min: 1, max: 900 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000 }) },
      )
      .map((ms) => action(`wait ${ms}`, (world) => world.wait(ms))),
  },
  { weight: 3, arbitrary: fc.constant(action('connect', connect)) },
  {
    weight: 1,
    arbitrary: fc.constant(
      action('disconnect', (world) => world.do({ on: 'closed', connection: world.core.state.connectionNumber })),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(number, fc.nat(5), fc.integer({ min: 1, max: 300 })).map(([lease, first, count]) =>
      action(`grant ${lease} [${first}, ${count}]`, (world) => {
        const request = world.asked.findLast(({ t }) => t === 'lease.request');
        const id = request && 'id' in request ? request.id : 0;
        // A lease id is granted once by a coordinator, however often it says so.
        message(world, { t: 'lease.grant', id, leases: [leaseOf(lease, [[first, Math.min(256, count)]])] });
      }),
    ),
  },
  {
    weight: 12,
    arbitrary: fc.tuple(number, fc.integer({ min: 10, max: 1500 })).map(([choice, memoryBytes]) =>
      action('prepared', (world) => {
        const unit = pick(world.preparing.values(), choice);
        if (unit) world.do({ on: 'prepared', unit, needs: { memoryBytes, inputBytes: 1000, timeoutMs: 1000 } });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(number, fc.constantFrom('MH-HOST-006', 'MH-SIG-001')).map(([choice, code]) =>
      action('unprepared', (world) => {
        const unit = pick(world.preparing.values(), choice);
        if (unit) world.do({ on: 'unprepared', unit, code: code as 'MH-HOST-006', message: '' });
      }),
    ),
  },
  {
    weight: 12,
    arbitrary: fc
      .tuple(number, fc.constantFrom('small', 'small', 'large', 'large', 'failure', 'crash', 'stopped'))
      .map(([choice, how]) => action(`finish ${how}`, (world) => finish(world, choice, how))),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(number, fc.constantFrom('snapshot-kept', 'snapshot-lost', 'resumed')).map(([choice, on]) =>
      action(on, (world) => {
        const unit = pick(world.running.values(), choice);
        if (unit) world.do({ on, unit });
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(number, fc.boolean(), fc.boolean())
      .map(([choice, isMade, isAnswered]) =>
        action('hand over', (world) => handOver(world, choice, { isMade, isAnswered })),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(number, fc.constantFrom('recorded', 'settled', 'refused'))
      .map(([choice, status]) => action(`ack ${status}`, (world) => acknowledge(world, choice, status))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(number, fc.boolean()).map(([lease, isAll]) =>
      action('renewed', (world) => {
        const renewal = world.asked.findLast(({ t }) => t === 'lease.renew');
        if (renewal?.t !== 'lease.renew') return;
        const leases = renewal.leaseIds.filter((_, place) => isAll || place !== lease % renewal.leaseIds.length);
        const renewed = leases.map((leaseId) => ({ leaseId, durationMs: 30_000 }));
        message(world, { t: 'lease.renewed', id: renewal.id, leases: renewed });
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(number, number, fc.constantFrom('wanted', 'released')).map(([lease, index, wish]) =>
      action(`bundle ${wish}`, (world) => {
        const name = { leaseId: leaseId(lease), index };
        // Only an acknowledged result may go; the core must see to it that this release frees nothing else.
        if (world.journal.get(unitKey(name))?.state === 'kept') world.released.add(unitKey(name));
        if (wish === 'wanted') message(world, { t: 'bundle.wanted', ...name, digest: new Uint8Array(32) });
        else message(world, { t: 'bundle.released', leaseId: name.leaseId, indexes: [index] });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(number, fc.boolean()).map(([choice, isGood]) =>
      action('upload', (world) => {
        const unit = pick(world.uploading.values(), choice);
        if (unit && isGood) world.do({ on: 'uploaded', unit });
        else if (unit) world.do({ on: 'upload-failed', unit, code: 'MH-GEN-005', message: '' });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('pause', 'resume')
      .map((command) => action(command, (world) => world.do({ on: 'commanded', command }))),
  },
  {
    weight: 1,
    arbitrary: fc
      .boolean()
      .map((isActive) =>
        action(`battery ${isActive}`, (world) => world.do({ on: 'sensed', reason: 'battery', isActive })),
      ),
  },
  {
    weight: 1,
    arbitrary: number.map((lease) =>
      action('cancel', (world) => message(world, { t: 'lease.cancel', leaseId: leaseId(lease), code: 'MH-VAL-004' })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(60), fc.integer({ min: 0, max: 100_000 }), fc.nat(3)).map(([id, retryAfterMs, open]) =>
      action('later', (world) =>
        message(world, {
          t: 'lease.later',
          id: 2 * id,
          code: 'MH-LTR-001',
          message: '',
          retryAfterMs,
          openUnitCount: open,
        }),
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(60).map((id) => action('ack', (world) => message(world, { t: 'ack', id: 2 * id }))),
  },
  {
    weight: 1,
    arbitrary: fc.nat(60).map((id) =>
      action('error', (world) => {
        const pending = world.core.state.pending.get(2 * id);
        // A passing error: nothing may be deleted for it.
        if (pending) message(world, { t: 'error', id: 2 * id, code: 'MH-WIR-004', message: '', retryAfterMs: 100 });
      }),
    ),
  },
);
