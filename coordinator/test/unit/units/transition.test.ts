// The complete table of a unit's life: every state meets every event.
import { expect, test } from 'vitest';
import { nextUnit, type UnitEvent } from '../../../src/units/domain/transition.js';
import { bucketOf, freshUnit, type UnitState, wantedCount } from '../../../src/units/domain/unit-state.js';

const A = 1;
const B = 2;
const C = 3;
const X = 'x'.repeat(32);
const Y = 'y'.repeat(32);
/** The lineage that whoever hands over first begins. */
const L = 7;

const leased = (account: number): UnitEvent => ({ type: 'leased', account });
const said = (account: number, verdict = X, hasBytes = true): UnitEvent => ({
  type: 'succeeded',
  account,
  verdict,
  hasBytes,
});
const continued = (account: number): UnitEvent => ({ type: 'leased', account, lineage: L });
const left = (account: number, fuel = 50): UnitEvent => ({ type: 'checkpointed', account, fuel, lineage: L });
const handed = (account: number, fuel = 50): UnitEvent => ({ type: 'handed-over', account, fuel, lineage: L });
const after = (...events: UnitEvent[]): UnitState =>
  events.reduce((state, event) => nextUnit(state, event).state, freshUnit(2));

/** Account A is the one that acts in every event. */
const states = {
  fresh: after(),
  running: after(leased(A)),
  'running, expired before': after(leased(A), { type: 'expired', account: A }),
  reported: after(leased(A), said(A)),
  'reported, bytes missing': after(leased(A), said(A, X, false)),
  contested: after(leased(A), leased(B), said(B, Y)),
  agreed: after(leased(A), leased(B), said(A, X, false), said(B, X, false)),
  accepted: after(leased(A), leased(B), said(A), said(B)),
  failed: after(leased(A), { type: 'ended', code: 'MH-VAL-004' }),
  'checkpoint left': after(leased(A), left(A, 10)),
  'handed over': after(leased(A), handed(A, 10)),
  'handed over, taken up by another': after(leased(A), handed(A, 10), continued(B)),
  'taken up from another': after(leased(B), handed(B, 10), continued(A)),
} satisfies Record<string, UnitState>;
type StateName = keyof typeof states;

const events = {
  leased: leased(A),
  'leased by another': leased(C),
  succeeded: said(A),
  'succeeded with other bytes': said(A, Y),
  'succeeded like the other': said(A, Y, false),
  'unit-failed': { type: 'unit-failed', account: A, verdict: 'MH-UNIT-002:1' },
  'host-failed': { type: 'host-failed', account: A },
  expired: { type: 'expired', account: A },
  returned: { type: 'returned', account: A },
  'bytes-stored': { type: 'bytes-stored', account: A },
  'bytes-lost': { type: 'bytes-lost', account: A },
  'bytes-wrong': { type: 'bytes-wrong', account: A },
  banned: { type: 'banned', account: A },
  'quorum-changed': { type: 'quorum-changed', quorum: 3 },
  ended: { type: 'ended', code: 'MH-VAL-005' },
  retried: { type: 'retried' },
  'leased with its lineage': continued(A),
  'needs-all': { type: 'needs-all', account: A },
  checkpointed: left(A),
  'handed-over': handed(A),
  'checkpoint-refused': { type: 'checkpoint-refused', account: A, isGone: false },
} satisfies Record<string, UnitEvent>;
type EventName = keyof typeof events;

/** What people see afterwards, how many replicas are wanted, and what the sender hears. */
type Expected =
  `${'waiting' | 'running' | 'checking' | 'accepted' | 'failed'} ${number} ${'done' | 'settled' | 'refused'}${'' | ` MH-${string}`}`;

const NEVER_LEASED = {
  leased: 'running 1 done',
  'leased by another': 'running 1 done',
  succeeded: 'waiting 2 refused MH-LSE-002',
  'succeeded with other bytes': 'waiting 2 refused MH-LSE-002',
  'succeeded like the other': 'waiting 2 refused MH-LSE-002',
  'unit-failed': 'waiting 2 refused MH-LSE-002',
  'host-failed': 'waiting 2 refused MH-LSE-002',
  expired: 'waiting 2 refused MH-LSE-002',
  returned: 'waiting 2 refused MH-LSE-002',
  'bytes-stored': 'waiting 2 refused MH-LSE-002',
  'bytes-lost': 'waiting 2 refused MH-LSE-002',
  'bytes-wrong': 'waiting 2 refused MH-LSE-002',
  banned: 'waiting 2 refused MH-LSE-002',
  'quorum-changed': 'waiting 3 done',
  ended: 'failed 0 done',
  retried: 'waiting 2 settled MH-RCP-002',
  'leased with its lineage': 'waiting 2 refused MH-LSE-001',
  'needs-all': 'waiting 2 refused MH-LSE-002',
  checkpointed: 'waiting 2 refused MH-LSE-002',
  'handed-over': 'waiting 2 refused MH-LSE-002',
  'checkpoint-refused': 'waiting 2 refused MH-LSE-002',
} as const satisfies Record<EventName, Expected>;

const table: Record<StateName, Record<EventName, Expected>> = {
  fresh: NEVER_LEASED,
  running: {
    leased: 'running 1 refused MH-LSE-001',
    'leased by another': 'running 0 done',
    succeeded: 'checking 1 done',
    'succeeded with other bytes': 'checking 1 done',
    'succeeded like the other': 'checking 1 done',
    'unit-failed': 'checking 1 done',
    'host-failed': 'waiting 2 done',
    expired: 'waiting 2 done',
    returned: 'waiting 2 done',
    'bytes-stored': 'running 1 refused MH-LSE-002',
    'bytes-lost': 'running 1 refused MH-LSE-002',
    'bytes-wrong': 'running 1 refused MH-LSE-002',
    banned: 'waiting 2 done',
    'quorum-changed': 'running 2 done',
    ended: 'failed 0 done',
    retried: 'running 1 settled MH-RCP-002',
    'leased with its lineage': 'running 1 refused MH-LSE-001',
    'needs-all': 'waiting 2 done',
    checkpointed: 'running 1 done',
    'handed-over': 'waiting 2 done',
    'checkpoint-refused': 'running 1 refused MH-LSE-002',
  },
  'running, expired before': {
    ...NEVER_LEASED,
    // A late receipt counts: the account had leased the unit and has not spoken yet.
    succeeded: 'checking 1 done',
    'succeeded with other bytes': 'checking 1 done',
    'succeeded like the other': 'checking 1 done',
    'unit-failed': 'checking 1 done',
    'host-failed': 'waiting 2 done',
    'needs-all': 'waiting 2 done MH-RCP-001',
  },
  reported: {
    leased: 'checking 1 refused MH-LSE-001',
    'leased by another': 'running 0 done',
    succeeded: 'checking 1 done MH-RCP-001',
    'succeeded with other bytes': 'checking 1 refused MH-RCP-004',
    'succeeded like the other': 'checking 1 refused MH-RCP-004',
    'unit-failed': 'checking 1 refused MH-RCP-004',
    'host-failed': 'checking 1 refused MH-RCP-004',
    expired: 'checking 1 refused MH-LSE-002',
    returned: 'checking 1 refused MH-LSE-002',
    'bytes-stored': 'checking 1 done MH-RCP-001',
    'bytes-lost': 'checking 1 refused MH-LSE-002',
    'bytes-wrong': 'checking 1 refused MH-LSE-002',
    banned: 'waiting 2 done',
    'quorum-changed': 'checking 2 done',
    ended: 'failed 0 done',
    retried: 'checking 1 settled MH-RCP-002',
    'leased with its lineage': 'checking 1 refused MH-LSE-001',
    'needs-all': 'checking 1 refused MH-RCP-004',
    checkpointed: 'checking 1 refused MH-LSE-002',
    'handed-over': 'checking 1 refused MH-LSE-002',
    'checkpoint-refused': 'checking 1 refused MH-LSE-002',
  },
  'reported, bytes missing': {
    leased: 'checking 1 refused MH-LSE-001',
    'leased by another': 'running 0 done',
    succeeded: 'checking 1 done MH-RCP-001',
    'succeeded with other bytes': 'checking 1 refused MH-RCP-004',
    'succeeded like the other': 'checking 1 refused MH-RCP-004',
    'unit-failed': 'checking 1 refused MH-RCP-004',
    'host-failed': 'checking 1 refused MH-RCP-004',
    expired: 'checking 1 refused MH-LSE-002',
    returned: 'checking 1 refused MH-LSE-002',
    'bytes-stored': 'checking 1 done',
    'bytes-lost': 'waiting 2 done',
    'bytes-wrong': 'waiting 2 done',
    banned: 'waiting 2 done',
    'quorum-changed': 'checking 2 done',
    ended: 'failed 0 done',
    retried: 'checking 1 settled MH-RCP-002',
    'leased with its lineage': 'checking 1 refused MH-LSE-001',
    'needs-all': 'checking 1 refused MH-RCP-004',
    checkpointed: 'checking 1 refused MH-LSE-002',
    'handed-over': 'checking 1 refused MH-LSE-002',
    'checkpoint-refused': 'checking 1 refused MH-LSE-002',
  },
  contested: {
    leased: 'running 0 refused MH-LSE-001',
    'leased by another': 'running 0 done', // the service leases only what is wanted
    succeeded: 'checking 1 done',
    'succeeded with other bytes': 'accepted 0 done',
    'succeeded like the other': 'accepted 0 done', // the other's bytes are durable
    'unit-failed': 'checking 1 done',
    'host-failed': 'checking 1 done',
    expired: 'checking 1 done',
    returned: 'checking 1 done',
    'bytes-stored': 'running 0 refused MH-LSE-002',
    'bytes-lost': 'running 0 refused MH-LSE-002',
    'bytes-wrong': 'running 0 refused MH-LSE-002',
    banned: 'checking 1 done',
    'quorum-changed': 'running 1 done',
    ended: 'failed 0 done',
    retried: 'running 0 settled MH-RCP-002',
    'leased with its lineage': 'running 0 refused MH-LSE-001',
    'needs-all': 'checking 1 done',
    checkpointed: 'running 0 done',
    'handed-over': 'checking 1 done',
    'checkpoint-refused': 'running 0 refused MH-LSE-002',
  },
  agreed: {
    leased: 'checking 0 settled MH-RCP-002',
    'leased by another': 'checking 0 settled MH-RCP-002',
    succeeded: 'checking 0 done MH-RCP-001',
    'succeeded with other bytes': 'checking 0 refused MH-RCP-004',
    'succeeded like the other': 'checking 0 refused MH-RCP-004',
    'unit-failed': 'checking 0 refused MH-RCP-004',
    'host-failed': 'checking 0 refused MH-RCP-004',
    expired: 'checking 0 refused MH-LSE-002',
    returned: 'checking 0 refused MH-LSE-002',
    'bytes-stored': 'accepted 0 done',
    'bytes-lost': 'checking 1 done',
    'bytes-wrong': 'checking 1 done',
    banned: 'checking 1 done',
    'quorum-changed': 'checking 1 done',
    ended: 'failed 0 done',
    retried: 'checking 0 settled MH-RCP-002',
    'leased with its lineage': 'checking 0 settled MH-RCP-002',
    'needs-all': 'checking 0 refused MH-RCP-004',
    checkpointed: 'checking 0 refused MH-LSE-002',
    'handed-over': 'checking 0 refused MH-LSE-002',
    'checkpoint-refused': 'checking 0 refused MH-LSE-002',
  },
  accepted: {
    leased: 'accepted 0 settled MH-RCP-002',
    'leased by another': 'accepted 0 settled MH-RCP-002',
    succeeded: 'accepted 0 done MH-RCP-001',
    'succeeded with other bytes': 'accepted 0 refused MH-RCP-004',
    'succeeded like the other': 'accepted 0 refused MH-RCP-004',
    'unit-failed': 'accepted 0 refused MH-RCP-004',
    'host-failed': 'accepted 0 refused MH-RCP-004',
    expired: 'accepted 0 settled MH-RCP-002',
    returned: 'accepted 0 settled MH-RCP-002',
    'bytes-stored': 'accepted 0 settled MH-RCP-002',
    'bytes-lost': 'accepted 0 settled MH-RCP-002',
    'bytes-wrong': 'accepted 0 settled MH-RCP-002',
    banned: 'accepted 0 settled MH-RCP-002',
    'quorum-changed': 'accepted 0 settled MH-RCP-002',
    ended: 'accepted 0 settled MH-RCP-002',
    retried: 'accepted 0 settled MH-RCP-002',
    'leased with its lineage': 'accepted 0 settled MH-RCP-002',
    'needs-all': 'accepted 0 settled MH-RCP-002',
    checkpointed: 'accepted 0 settled MH-RCP-002',
    'handed-over': 'accepted 0 settled MH-RCP-002',
    'checkpoint-refused': 'accepted 0 settled MH-RCP-002',
  },
  failed: {
    leased: 'failed 0 settled MH-RCP-002',
    'leased by another': 'failed 0 settled MH-RCP-002',
    succeeded: 'failed 0 settled MH-RCP-002',
    'succeeded with other bytes': 'failed 0 settled MH-RCP-002',
    'succeeded like the other': 'failed 0 settled MH-RCP-002',
    'unit-failed': 'failed 0 settled MH-RCP-002',
    'host-failed': 'failed 0 settled MH-RCP-002',
    expired: 'failed 0 settled MH-RCP-002',
    returned: 'failed 0 settled MH-RCP-002',
    'bytes-stored': 'failed 0 settled MH-RCP-002',
    'bytes-lost': 'failed 0 settled MH-RCP-002',
    'bytes-wrong': 'failed 0 settled MH-RCP-002',
    banned: 'failed 0 settled MH-RCP-002',
    'quorum-changed': 'failed 0 settled MH-RCP-002',
    ended: 'failed 0 settled MH-RCP-002',
    retried: 'waiting 2 done',
    'leased with its lineage': 'failed 0 settled MH-RCP-002',
    'needs-all': 'failed 0 settled MH-RCP-002',
    checkpointed: 'failed 0 settled MH-RCP-002',
    'handed-over': 'failed 0 settled MH-RCP-002',
    'checkpoint-refused': 'failed 0 settled MH-RCP-002',
  },
  'checkpoint left': {
    leased: 'running 1 refused MH-LSE-001',
    'leased by another': 'running 0 done',
    succeeded: 'checking 1 done',
    'succeeded with other bytes': 'checking 1 done',
    'succeeded like the other': 'checking 1 done',
    'unit-failed': 'checking 1 done',
    'host-failed': 'waiting 2 done',
    expired: 'waiting 2 done',
    returned: 'waiting 2 done',
    'bytes-stored': 'running 1 refused MH-LSE-002',
    'bytes-lost': 'running 1 refused MH-LSE-002',
    'bytes-wrong': 'running 1 refused MH-LSE-002',
    banned: 'waiting 2 done',
    'quorum-changed': 'running 2 done',
    ended: 'failed 0 done',
    retried: 'running 1 settled MH-RCP-002',
    'leased with its lineage': 'running 1 refused MH-LSE-001',
    'needs-all': 'waiting 2 done',
    checkpointed: 'running 1 done',
    'handed-over': 'waiting 2 done',
    'checkpoint-refused': 'running 1 refused MH-LSE-002',
  },
  'handed over': {
    leased: 'waiting 2 refused MH-LSE-001',
    'leased by another': 'running 1 done',
    succeeded: 'checking 1 done',
    'succeeded with other bytes': 'checking 1 done',
    'succeeded like the other': 'checking 1 done',
    'unit-failed': 'checking 1 done',
    'host-failed': 'waiting 2 settled MH-RCP-002',
    expired: 'waiting 2 refused MH-LSE-002',
    returned: 'waiting 2 refused MH-LSE-002',
    'bytes-stored': 'waiting 2 refused MH-LSE-002',
    'bytes-lost': 'waiting 2 refused MH-LSE-002',
    'bytes-wrong': 'waiting 2 refused MH-LSE-002',
    banned: 'waiting 2 done',
    'quorum-changed': 'waiting 3 done',
    ended: 'failed 0 done',
    retried: 'waiting 2 settled MH-RCP-002',
    'leased with its lineage': 'running 1 done',
    'needs-all': 'waiting 2 done MH-RCP-001',
    checkpointed: 'waiting 2 refused MH-LSE-002',
    'handed-over': 'waiting 2 refused MH-LSE-002',
    'checkpoint-refused': 'waiting 2 refused MH-LSE-002',
  },
  'handed over, taken up by another': {
    leased: 'running 1 refused MH-LSE-001',
    'leased by another': 'running 0 done',
    succeeded: 'running 1 settled MH-RCP-002',
    'succeeded with other bytes': 'running 1 settled MH-RCP-002',
    'succeeded like the other': 'running 1 settled MH-RCP-002',
    'unit-failed': 'running 1 settled MH-RCP-002',
    'host-failed': 'running 1 settled MH-RCP-002',
    expired: 'running 1 refused MH-LSE-002',
    returned: 'running 1 refused MH-LSE-002',
    'bytes-stored': 'running 1 refused MH-LSE-002',
    'bytes-lost': 'running 1 refused MH-LSE-002',
    'bytes-wrong': 'running 1 refused MH-LSE-002',
    banned: 'waiting 2 done',
    'quorum-changed': 'running 2 done',
    ended: 'failed 0 done',
    retried: 'running 1 settled MH-RCP-002',
    'leased with its lineage': 'running 1 refused MH-LSE-001',
    'needs-all': 'running 1 done MH-RCP-001',
    checkpointed: 'running 1 refused MH-LSE-002',
    'handed-over': 'running 1 refused MH-LSE-002',
    'checkpoint-refused': 'running 1 refused MH-LSE-002',
  },
  'taken up from another': {
    leased: 'running 1 refused MH-LSE-001',
    'leased by another': 'running 0 done',
    succeeded: 'checking 1 done',
    'succeeded with other bytes': 'checking 1 done',
    'succeeded like the other': 'checking 1 done',
    'unit-failed': 'checking 1 done',
    'host-failed': 'waiting 2 done',
    expired: 'waiting 2 done',
    returned: 'waiting 2 done',
    'bytes-stored': 'running 1 refused MH-LSE-002',
    'bytes-lost': 'running 1 refused MH-LSE-002',
    'bytes-wrong': 'running 1 refused MH-LSE-002',
    banned: 'waiting 2 done',
    'quorum-changed': 'running 2 done',
    ended: 'failed 0 done',
    retried: 'running 1 settled MH-RCP-002',
    'leased with its lineage': 'running 1 refused MH-LSE-001',
    'needs-all': 'waiting 2 done',
    checkpointed: 'running 1 done',
    'handed-over': 'waiting 2 done',
    'checkpoint-refused': 'waiting 2 done',
  },
};

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
  const failure = (account: number, verdict: string): UnitEvent => ({ type: 'unit-failed', account, verdict });
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
  expect(failing((account) => ({ type: 'host-failed', account }))).toMatchObject({ code: 'MH-VAL-003', attempts: 6 });
  expect(failing((account) => ({ type: 'expired', account }))).toMatchObject({ code: 'MH-VAL-003', attempts: 8 });
  expect(failing((account) => said(account, `${account}`.padEnd(32)))).toMatchObject({
    code: 'MH-VAL-002',
    attempts: 8,
  });
});

test('an account that cannot run a unit is barred after three times; two such accounts end it, one does not', () => {
  const fail = (state: UnitState, account: number): UnitState =>
    nextUnit(nextUnit(state, leased(account)).state, { type: 'host-failed', account }).state;
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

test('a replica given back unbegun is as if never leased', () => {
  let state = freshUnit(2);
  for (let round = 0; round < 50; round++)
    state = nextUnit(nextUnit(state, leased(A)).state, { type: 'returned', account: A }).state;
  expect(state).toMatchObject({ phase: 'open', attempts: 0 });
});

test('all who agree are credited, others are not', () => {
  const state = after(leased(A), leased(B), said(A, Y), leased(C), said(B));
  const { effects } = nextUnit(state, said(C));
  expect(effects).toEqual([{ type: 'accepted', canonicalAccount: B, credited: [B, C] }]);
});
