// The complete table of a unit's life: every state meets every event.
import { expect, test } from 'vitest';
import { nextUnit } from '../../../../src/core/units/domain/transition.js';
import type { UnitEvent } from '../../../../src/core/units/domain/unit-events.js';
import { bucketOf, freshUnit, type UnitState, wantedCount } from '../../../../src/core/units/domain/unit-state.js';
import {
  A,
  after,
  B,
  C,
  type EventName,
  events,
  leased,
  partyOf,
  type StateName,
  said,
  states,
  table,
  X,
  Y,
} from './transition-table.js';

const cases = Object.entries(table).flatMap(([state, row]) =>
  Object.entries(row).map(([event, expected]) => [state as StateName, event as EventName, expected] as const),
);

test.each(cases)('%s meets %s', (stateName, eventName, expected) => {
  const before = states[stateName];
  const { state, reply, effects } = nextUnit(before, events[eventName]);
  const heard = reply.code === null ? reply.status : `${reply.status} ${reply.code}`;
  expect(`${bucketOf(state)} ${wantedCount(state)} ${heard}`).toBe(expected);
  if (heard !== 'done') expect(state, 'nothing changes').toBe(before);
  const settledNow = state.phase !== before.phase && (state.phase === 'accepted' || state.phase === 'failed');
  expect(effects.filter(({ type }) => type === 'accepted' || type === 'failed')).toHaveLength(settledNow ? 1 : 0);
  expect(effects.filter(({ type }) => type === 'bundle-wanted')).toHaveLength(
    state.phase === 'agreed' && before.phase !== 'agreed' ? 1 : 0,
  );
});

test('equal unit failures of the quorum fail the unit', () => {
  const failure = (account: number, verdict: string): UnitEvent => ({
    type: 'unit-failed',
    ...partyOf(account),
    verdict,
  });
  const differing = after(leased(A), leased(B), failure(A, 'MH-UNIT-002:1'), failure(B, 'MH-UNIT-002:2'));
  expect(differing.phase).toBe('open');
  const agreeing = [leased(C), failure(C, 'MH-UNIT-002:2')].reduce(
    (state, event) => nextUnit(state, event).state,
    differing,
  );
  expect(agreeing).toMatchObject({ phase: 'failed', code: 'MH-VAL-001' });
});

test('poison does not circulate for ever', () => {
  const failing = (event: (account: number) => UnitEvent): UnitState => {
    let state = freshUnit(2);
    for (let account = 1; account <= 40 && state.phase === 'open'; account++)
      state = nextUnit(nextUnit(state, leased(account)).state, event(account)).state;
    return state;
  };
  expect(failing((account) => ({ type: 'host-failed', ...partyOf(account) }))).toMatchObject({
    code: 'MH-VAL-003',
    attempts: 6,
  });
  expect(failing((account) => said(account, `${account}`.padEnd(32)))).toMatchObject({
    code: 'MH-VAL-002',
    attempts: 8,
  });
});

test('an account that cannot run a unit is barred after three times; two such accounts end it, one does not', () => {
  const fail = (state: UnitState, account: number): UnitState =>
    nextUnit(nextUnit(state, leased(account)).state, { type: 'host-failed', ...partyOf(account) }).state;
  const thrice = (state: UnitState, account: number): UnitState => fail(fail(fail(state, account), account), account);
  const once = thrice(freshUnit(2), A);
  expect(once).toMatchObject({ phase: 'open', hostFailures: 3 });
  expect(nextUnit(once, leased(A)).reply).toEqual({ status: 'refused', code: 'MH-LSE-001' });
  expect(wantedCount(once)).toBe(2);
  expect(thrice(once, B)).toMatchObject({ phase: 'failed', code: 'MH-VAL-003' });
  expect(thrice(freshUnit(1), A)).toMatchObject({ phase: 'failed', code: 'MH-VAL-003' });
});

test('an account that sent other bytes than it signed for gets no second chance', () => {
  const caught = nextUnit(after(leased(A), said(A, X, false)), { type: 'bytes-wrong', account: A }).state;
  expect(nextUnit(caught, leased(A)).reply).toEqual({ status: 'refused', code: 'MH-LSE-001' });
});

test.each(['returned', 'expired'] as const)('a replica that %s is as if never leased, however often', (type) => {
  let state = freshUnit(1);
  for (let round = 0; round < 50; round++)
    state = nextUnit(nextUnit(state, leased(A)).state, { type, account: A }).state;
  expect(state).toMatchObject({ phase: 'open', attempts: 0, hostFailures: 0 });
  expect(nextUnit(nextUnit(state, leased(A)).state, said(A)).state).toMatchObject({ phase: 'accepted', attempts: 1 });
});

test('attempts count replicas that run, spoke or failed, however they came to it', () => {
  const expired = after(leased(A), { type: 'expired', account: A });
  expect(expired.attempts).toBe(0);
  const late = nextUnit(expired, said(A)).state;
  expect(late, 'a late answer is one').toMatchObject({ attempts: 1, phase: 'open' });
  const gone: UnitEvent[] = [
    { type: 'handed-over', account: A, fuel: 10, lineage: 7 },
    { type: 'leased', ...partyOf(B), lineage: 7 },
    { type: 'checkpoint-refused', account: B, isGone: true },
  ];
  expect(after(leased(A), ...gone), 'a checkpoint that is gone is nobody’s failure').toMatchObject({ attempts: 0 });
  const interrupted: UnitEvent[] = [...gone.slice(0, 2), { type: 'banned', account: A }];
  expect(after(leased(A), ...interrupted), 'who went on where a liar stopped did nothing wrong').toMatchObject({
    attempts: 0,
    replicas: [
      { account: A, phase: 'host-failed' },
      { account: B, phase: 'expired' },
    ],
  });
});

test('a failed unit forgets what it was, a held one goes on with it', () => {
  const held = after(leased(B), said(B), leased(A), { type: 'expired', account: A }, { type: 'held' });
  expect(held).toMatchObject({ phase: 'held', code: 'MH-VAL-008' });
  const reopened = nextUnit(held, { type: 'retried' }).state;
  expect(reopened).toMatchObject({ phase: 'open', code: null, attempts: 1 });
  expect(nextUnit(nextUnit(reopened, leased(A)).state, said(A)).state.phase).toBe('accepted');
});

test('all who agree are credited, others are not', () => {
  const state = after(leased(A), leased(B), said(A, Y), leased(C), said(B));
  const { effects } = nextUnit(state, said(C));
  expect(effects).toEqual([{ type: 'accepted', canonicalAccount: B, credited: [B, C] }]);
});
