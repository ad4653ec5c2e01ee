// One vote for an account, one for a host key, and, where copies must agree, one for a network.
import { expect, test } from 'vitest';
import { isKin, mayBegin } from '../../../../src/core/units/domain/kin.js';
import { lineageFor } from '../../../../src/core/units/domain/lineage.js';
import { nextUnit } from '../../../../src/core/units/domain/transition.js';
import type { UnitEvent } from '../../../../src/core/units/domain/unit-events.js';
import { freshUnit, type Party, type UnitState, wantedCount } from '../../../../src/core/units/domain/unit-state.js';

const X = 'x'.repeat(32);
const Y = 'y'.repeat(32);
const party = (account: number, host: number, network: number): Party => ({ account, host, network });
const ANN = party(1, 11, 21);
const BOB = party(2, 12, 22);
const CID = party(3, 13, 23);
/** Ann's computer with Bob's account, and others in her network. */
const ANN_AS_BOB = party(2, 11, 24);
const NEAR_ANN = party(4, 14, 21);
const ALSO_NEAR_ANN = party(5, 15, 21);

const leased = (who: Party): UnitEvent => ({ type: 'leased', ...who });
const said = (who: Party, verdict = X): UnitEvent => ({ type: 'succeeded', ...who, verdict, hasBytes: true });
const failed = (who: Party): UnitEvent => ({ type: 'unit-failed', ...who, verdict: 'MH-UNIT-002:1' });
const broke = (who: Party): UnitEvent => ({ type: 'host-failed', ...who });
const expired = ({ account }: Party): UnitEvent => ({ type: 'expired', account });
const run = (state: UnitState, ...events: UnitEvent[]): UnitState =>
  events.reduce((before, event) => nextUnit(before, event).state, state);
const after = (...events: UnitEvent[]): UnitState => run(freshUnit(2), ...events);
const refusal = { status: 'refused', code: 'MH-LSE-001' };

test('kin is who has the same account or key, or the same network while copies must agree', () => {
  expect(isKin(ANN, ANN_AS_BOB, 1)).toBe(true);
  expect(isKin(BOB, ANN_AS_BOB, 1)).toBe(true);
  expect(isKin(ANN, NEAR_ANN, 2)).toBe(true);
  expect(isKin(ANN, NEAR_ANN, 1), 'one answer is enough').toBe(false);
  expect(isKin({ ...ANN, network: 0 }, { ...NEAR_ANN, network: 0 }, 2), 'a shared network').toBe(false);
  expect(isKin(ANN, CID, 2)).toBe(false);
});

test('a key gets a unit once, whatever account it names, and again after its lease ran out', () => {
  const running = after(leased(ANN));
  expect(nextUnit(running, leased(ANN_AS_BOB)).reply).toEqual(refusal);
  expect(nextUnit(run(running, said(ANN)), leased(ANN_AS_BOB)).reply).toEqual(refusal);
  expect(nextUnit(run(running, expired(ANN)), leased(ANN_AS_BOB)).reply.status).toBe('done');
  expect(nextUnit(run(running, expired(ANN)), leased(ANN)).reply.status).toBe('done');
});

test('a second copy goes to another network', () => {
  const reported = after(leased(ANN), said(ANN));
  expect(nextUnit(reported, leased(NEAR_ANN)).reply).toEqual(refusal);
  expect(run(reported, leased(BOB), said(BOB)).phase).toBe('accepted');
  const shared = { ...ANN, network: 0 };
  const together = after(leased(shared), said(shared), leased({ ...NEAR_ANN, network: 0 }));
  expect(run(together, said({ ...NEAR_ANN, network: 0 })).phase, 'but within a shared one').toBe('accepted');
});

test('of a key and of a network the first word counts; what is said later takes nothing of the unit', () => {
  const twice = after(leased(ANN), expired(ANN), leased(ANN_AS_BOB), said(ANN_AS_BOB, Y));
  expect(nextUnit(twice, said(ANN, Y)).reply).toEqual({ status: 'settled', code: 'MH-RCP-002' });
  const many = after(...[leased(ANN), expired(ANN), leased(NEAR_ANN), expired(NEAR_ANN), leased(ALSO_NEAR_ANN)]);
  const liars = run(many, said(ANN, 'a'), said(NEAR_ANN, 'b'), said(ALSO_NEAR_ANN, 'c'));
  expect(liars).toMatchObject({ phase: 'open', attempts: 1 });
  expect(wantedCount(liars)).toBe(1);
  expect(run(liars, leased(BOB), said(BOB), leased(CID), said(CID)).phase).toBe('accepted');
});

test('a late word ends what its kin has begun since', () => {
  const late = after(leased(ANN), expired(ANN), leased(NEAR_ANN), said(ANN));
  expect(late.replicas).toMatchObject([
    { account: 1, phase: 'succeeded' },
    { account: 4, phase: 'returned' },
  ]);
  expect(late.attempts).toBe(1);
  expect(wantedCount(late)).toBe(1);
});

test('unit failures of one key or network are one; of two they end the unit', () => {
  const once = after(leased(ANN), expired(ANN), leased(NEAR_ANN), failed(NEAR_ANN), failed(ANN));
  expect(once).toMatchObject({ phase: 'open', attempts: 1 });
  expect(run(once, leased(BOB), failed(BOB))).toMatchObject({ phase: 'failed', code: 'MH-VAL-001' });
});

test('who cannot run a unit bars its network after three times, and ends nothing that needs two', () => {
  let state = after();
  for (const who of [ANN, NEAR_ANN, ALSO_NEAR_ANN]) state = run(state, leased(who), broke(who));
  expect(mayBegin(state, party(6, 16, 21))).toBe(false);
  expect(state).toMatchObject({ phase: 'open', hostFailures: 3, attempts: 3 });
  expect(run(state, leased(BOB), said(BOB), leased(CID), said(CID)).phase).toBe('accepted');
});

test('results that are lost again and again use nothing up', () => {
  let state = after();
  for (let round = 0; round < 20; round++)
    state = run(state, leased(ANN), { ...said(ANN), hasBytes: false } as UnitEvent, { type: 'bytes-lost', account: 1 });
  expect(state).toMatchObject({ phase: 'open', attempts: 0 });
});

test('a lineage is one copy for its networks too', () => {
  const handed = after(leased(ANN), { type: 'handed-over', account: 1, fuel: 10, lineage: 7 });
  expect(lineageFor(handed, NEAR_ANN)?.id, 'it may go on with the copy of its neighbour').toBe(7);
  expect(mayBegin(handed, NEAR_ANN), 'but begin none of its own').toBe(false);
  const voted = run(handed, leased(BOB), said(BOB));
  expect(lineageFor(voted, party(6, 16, 22)), 'its neighbour has spoken').toBeUndefined();
});

test('somebody else may have what is held for too long; both may speak', () => {
  const held = after(leased(ANN), { type: 'overdue', account: 1 });
  expect(wantedCount(held)).toBe(2);
  const others = run(held, leased(BOB), leased(CID), said(BOB));
  expect(wantedCount(others)).toBe(0);
  expect(run(others, said(ANN)).phase, 'who was slow has a vote all the same').toBe('accepted');
  expect(run(others, said(CID)).phase).toBe('accepted');
});
