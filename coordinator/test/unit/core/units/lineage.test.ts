// Replicas that several hosts work on one after the other, and units that need the stricter build.
import { HAND_OVERS_MAXIMUM } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { lineageFor, sharesOf, waitingLineages } from '../../../../src/core/units/domain/lineage.js';
import { nextUnit } from '../../../../src/core/units/domain/transition.js';
import type { UnitEvent, UnitReply } from '../../../../src/core/units/domain/unit-events.js';
import { bucketOf, freshUnit, type UnitState, wantedCount } from '../../../../src/core/units/domain/unit-state.js';
import { partyOf } from './transition-table.js';

const [A, B, C, D] = [1, 2, 3, 4] as const;
const L = 100;
const X = 'x:900';

const leased = (account: number, lineage?: number): UnitEvent =>
  lineage === undefined ? { type: 'leased', ...partyOf(account) } : { type: 'leased', ...partyOf(account), lineage };
const left = (account: number, fuel: number, lineage = L): UnitEvent => ({
  type: 'checkpointed',
  account,
  fuel,
  lineage,
});
const handed = (account: number, fuel: number, lineage = L): UnitEvent => ({
  type: 'handed-over',
  account,
  fuel,
  lineage,
});
const said = (account: number, verdict = X): UnitEvent => ({
  type: 'succeeded',
  ...partyOf(account),
  verdict,
  hasBytes: true,
});
const refused = (account: number, isGone = false): UnitEvent => ({ type: 'checkpoint-refused', account, isGone });

function run(state: UnitState, ...events: UnitEvent[]): UnitState {
  for (const event of events) {
    const next = nextUnit(state, event);
    expect(next.reply.status, JSON.stringify({ event, reply: next.reply })).toBe('done');
    state = next.state;
  }
  return state;
}
const after = (...events: UnitEvent[]): UnitState => run(freshUnit(2), ...events);
const replyTo = (state: UnitState, event: UnitEvent): UnitReply => nextUnit(state, event).reply;
const phaseOf = (state: UnitState, account: number) =>
  state.replicas.find((replica) => replica.account === account)?.phase;

test('a host hands over, another one finishes: one vote, and credit for each part', () => {
  const waiting = after(leased(A), leased(B), handed(A, 300));
  expect(waitingLineages(waiting)).toEqual([{ id: L, segments: [{ account: A, toFuel: 300 }] }]);
  expect([wantedCount(waiting), waiting.attempts, phaseOf(waiting, A)]).toEqual([1, 1, 'handed-over']);
  const done = run(waiting, said(B), leased(C, L));
  expect(wantedCount(done)).toBe(0);
  const { state, effects } = nextUnit(done, said(C));
  expect(effects).toMatchObject([{ type: 'accepted', credited: [B, C] }]);
  expect(sharesOf(state, { account: C, fuel: 900 })).toEqual([
    { account: A, segment: 0, fromFuel: 0, toFuel: 300 },
    { account: C, segment: null, fromFuel: 300, toFuel: 900 },
  ]);
  expect(sharesOf(state, { account: B, fuel: 900 })).toEqual([{ account: B, segment: null, fromFuel: 0, toFuel: 900 }]);
});

test('parts of one replica join without a gap and add up to its fuel, whoever did them', () => {
  const state = after(leased(A), handed(A, 10), leased(B, L), handed(B, 25), leased(A, L), handed(A, 70), leased(C, L));
  const shares = sharesOf(run(state, said(C)), { account: C, fuel: 900 });
  expect(shares.map(({ account, fromFuel, toFuel }) => [account, toFuel - fromFuel])).toEqual([
    [A, 10],
    [B, 15],
    [A, 45],
    [C, 830],
  ]);
});

test('whoever did a part may not make another replica of the unit, and no two replicas share a part', () => {
  const waiting = after(leased(A), handed(A, 300));
  expect(replyTo(waiting, leased(A))).toEqual({ status: 'refused', code: 'MH-LSE-001' });
  const running = run(waiting, leased(B, L));
  expect(replyTo(running, leased(C, L)), 'it is taken up already').toMatchObject({ code: 'MH-LSE-001' });
  const two = run(running, leased(C), handed(C, 200, 101), handed(B, 400));
  expect(lineageFor(two, partyOf(C))?.id, 'its own').toBe(101);
  expect(lineageFor(two, partyOf(A))?.id).toBe(L);
  expect(replyTo(two, leased(A, 101))).toMatchObject({ code: 'MH-LSE-001' });
  expect(lineageFor(two, partyOf(D))?.id, 'anybody else').toBe(L);
  const voted = run(two, leased(D, L), said(D));
  expect(lineageFor(voted, partyOf(D))).toBeUndefined();
});

test('a checkpoint left on the way is taken up when its host runs out, leaves or fails', () => {
  const events: UnitEvent[] = [
    { type: 'expired', account: A },
    { type: 'returned', account: A },
    { type: 'host-failed', ...partyOf(A) },
  ];
  for (const event of events) {
    const state = after(leased(A), left(A, 100), left(A, 250), event);
    expect(waitingLineages(state), event.type).toEqual([{ id: L, segments: [{ account: A, toFuel: 250 }] }]);
    expect(state.attempts, event.type).toBe(0);
    expect(state.hostFailures).toBe(event.type === 'host-failed' ? 1 : 0);
  }
});

test('a successor that ends without a checkpoint of its own leaves the one before to wait again', () => {
  const waiting = after(leased(A), handed(A, 300));
  const again = run(waiting, leased(B, L), { type: 'expired', account: B });
  expect(waitingLineages(again)).toEqual(waitingLineages(waiting));
  expect([phaseOf(again, B), again.attempts]).toEqual(['expired', 0]);
  expect(lineageFor(again, partyOf(B))?.id).toBe(L);
  const further = run(again, leased(B, L), left(B, 400), { type: 'expired', account: B });
  expect(waitingLineages(further)[0]?.segments).toEqual([
    { account: A, toFuel: 300 },
    { account: B, toFuel: 400 },
  ]);
});

test('who was taken for gone may finish as long as nobody has taken up the rest', () => {
  const gone = after(leased(A), left(A, 300), { type: 'expired', account: A });
  const back = run(gone, said(A));
  expect(sharesOf(back, { account: A, fuel: 900 }).reduce((sum, s) => sum + s.toFuel - s.fromFuel, 0)).toBe(900);
  expect(back.attempts).toBe(1);
  const taken = run(gone, leased(B, L));
  expect(replyTo(taken, said(A))).toEqual({ status: 'settled', code: 'MH-RCP-002' });
  expect(nextUnit(taken, said(A)).state).toBe(taken);
});

test('a checkpoint must come from who runs the unit, and be further than the one before', () => {
  const state = after(leased(A), handed(A, 300), leased(B, L));
  const noProgress = { status: 'refused', code: 'MH-CKP-003' };
  expect(replyTo(state, handed(B, 300))).toEqual(noProgress);
  const on = run(state, left(B, 400));
  expect(replyTo(on, left(B, 399))).toEqual(noProgress);
  expect(replyTo(on, handed(B, 400)).status, 'the last one may be the final one').toBe('done');
  expect(replyTo(state, handed(A, 500))).toMatchObject({ code: 'MH-LSE-002' });
  expect(replyTo(freshUnit(2), handed(A, 500))).toMatchObject({ code: 'MH-LSE-002' });
});

test('a unit is handed over a bounded number of times; then its host must finish', () => {
  let state = freshUnit(1);
  for (let count = 1; count <= HAND_OVERS_MAXIMUM; count++)
    state = run(state, leased(count, count === 1 ? undefined : L), handed(count, 10 * count));
  state = run(state, leased(50, L));
  expect(replyTo(state, handed(50, 1000))).toEqual({ status: 'refused', code: 'MH-CKP-007' });
  expect(replyTo(state, left(50, 1000))).toEqual({ status: 'refused', code: 'MH-CKP-007' });
  for (let round = 0; state.phase === 'open' && round < 20; round++) {
    if (round > 0) state = run(state, leased(50 + round, L));
    state = nextUnit(state, { type: 'expired', account: 50 + round }).state;
  }
  expect(state, 'those who only run out say nothing of it').toMatchObject({ phase: 'open', attempts: 0 });
});

test('a refused checkpoint ends its lineage; it counts against who signed and who refused, not against the others', () => {
  const state = after(leased(A), handed(A, 10), leased(B, L), handed(B, 25), leased(C, L), refused(C));
  expect(state.lineages).toEqual([]);
  expect([phaseOf(state, A), phaseOf(state, B), phaseOf(state, C)]).toEqual(['expired', 'host-failed', 'host-failed']);
  expect([state.hostFailures, wantedCount(state), state.attempts]).toEqual([1, 2, 1]);
  for (const account of [A, B, C, D]) expect(replyTo(state, leased(account)).status, `${account}`).toBe('done');
});

test('a checkpoint that is gone is nobody’s fault', () => {
  const state = after(leased(A), handed(A, 10), leased(B, L), refused(B, true));
  expect([state.lineages, state.hostFailures]).toEqual([[], 0]);
  expect([phaseOf(state, A), phaseOf(state, B)]).toEqual(['expired', 'expired']);
});

test('one host that leaves rubbish, or refuses what is good, is barred before it ends the unit', () => {
  let state = freshUnit(2);
  for (let round = 0; round < 3; round++)
    state = run(state, leased(A), handed(A, 10), leased(10 + round, L), refused(10 + round));
  expect(state).toMatchObject({ phase: 'open', hostFailures: 3 });
  expect(replyTo(state, leased(A))).toMatchObject({ code: 'MH-LSE-001' });
  let other = freshUnit(2);
  for (let round = 0; round < 3; round++)
    other = run(other, leased(10 + round), handed(10 + round, 10), leased(A, L), refused(A));
  expect(other).toMatchObject({ phase: 'open', hostFailures: 3 });
  expect(lineageFor(run(other, leased(B), handed(B, 10)), partyOf(A))).toBeUndefined();
});

test('nobody can refuse a checkpoint that it did not take up', () => {
  expect(replyTo(after(leased(A)), refused(A))).toMatchObject({ code: 'MH-LSE-002' });
  expect(replyTo(after(leased(A), left(A, 10)), refused(A))).toMatchObject({ code: 'MH-LSE-002' });
});

test('what a banned host had a part in is not continued', () => {
  const waiting = after(leased(A), handed(A, 10), leased(B, L), handed(B, 25));
  const state = run(waiting, { type: 'banned', account: A });
  expect([state.lineages, phaseOf(state, A), phaseOf(state, B)]).toEqual([[], 'host-failed', 'expired']);
  const running = run(waiting, leased(C, L), { type: 'banned', account: A });
  expect([running.lineages, phaseOf(running, C)]).toEqual([[], 'expired']);
  const voted = run(waiting, leased(C, L), said(C), { type: 'banned', account: A });
  expect(phaseOf(voted, C), 'a statement that others must confirm stands').toBe('succeeded');
  expect(sharesOf(voted, { account: C, fuel: 900 }).map(({ account }) => account)).toEqual([B, C]);
});

test('a successor whose bundle is lost or wrong: the one before waits, or all is void', () => {
  const reported = after(leased(A), handed(A, 10), leased(B, L), {
    type: 'succeeded',
    ...partyOf(B),
    verdict: X,
    hasBytes: false,
  });
  const lost = run(reported, { type: 'bytes-lost', account: B });
  expect(waitingLineages(lost)).toHaveLength(1);
  const wrong = run(reported, { type: 'bytes-wrong', account: B });
  expect([waitingLineages(wrong).length, phaseOf(wrong, B)]).toEqual([1, 'host-failed']);
  const own = after(leased(A), handed(A, 10), leased(B, L), left(B, 20), {
    type: 'succeeded',
    ...partyOf(B),
    verdict: X,
    hasBytes: false,
  });
  expect(run(own, { type: 'bytes-wrong', account: B }).lineages, 'its own checkpoint is all there was').toEqual([]);
  expect(waitingLineages(run(own, { type: 'bytes-lost', account: B }))[0]?.segments).toHaveLength(2);
});

test('a unit that needs the other build is leased again without a failure or an attempt', () => {
  const state = after(leased(A), { type: 'needs-all', account: A });
  expect(state).toMatchObject({ needsAll: true, attempts: 0, hostFailures: 0 });
  expect([wantedCount(state), phaseOf(state, A), bucketOf(state)]).toEqual([2, 'returned', 'waiting']);
  const again = run(state, leased(A), leased(B), said(A), said(B));
  expect(again.phase).toBe('accepted');
  expect(replyTo(again, { type: 'needs-all', account: A })).toMatchObject({ status: 'settled' });
});

test('a unit that needs the other build forgets what was begun with the first', () => {
  const state = after(leased(A), handed(A, 10), leased(B, L), left(B, 20), { type: 'needs-all', account: B });
  expect([state.lineages, phaseOf(state, A), phaseOf(state, B)]).toEqual([[], 'expired', 'returned']);
  expect(replyTo(after(leased(A), said(A)), { type: 'needs-all', account: A })).toMatchObject({ code: 'MH-RCP-004' });
});

test('a failed unit that is tried again forgets its lineages and remembers its build', () => {
  const state = after(leased(A), { type: 'needs-all', account: A }, leased(A), handed(A, 10), {
    type: 'ended',
    code: 'MH-VAL-004',
  });
  expect(run(state, { type: 'retried' })).toMatchObject({ lineages: [], replicas: [], needsAll: true });
});
