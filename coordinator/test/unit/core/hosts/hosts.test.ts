// Back-off, pseudonyms, and who is asked for a bundle.
import { expect, test } from 'vitest';
import { pseudonymOf } from '../../../../src/core/hosts/domain/pseudonym.js';
import { nextReliability } from '../../../../src/core/standing/domain/back-off.js';
import {
  newSearch,
  nextAsk,
  type Search,
  UNDELIVERED_MAXIMUM_MS,
  withProgress,
} from '../../../../src/core/validation/domain/custody.js';

test('a host that fails again and again waits longer each time, and one good result forgives', () => {
  let host = { failureStreak: 0, workNotBeforeMs: 0 };
  const waits: number[] = [];
  for (let count = 0; count < 12; count++) {
    host = nextReliability(host, { goodCount: 0, badCount: 1 }, 0);
    waits.push(host.workNotBeforeMs / 1000);
  }
  expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  expect(nextReliability(host, { goodCount: 1, badCount: 0 }, 0)).toEqual({ failureStreak: 0, workNotBeforeMs: 0 });
  expect(nextReliability(host, { goodCount: 0, badCount: 0 }, 0)).toBe(host);
});

test('pseudonyms are words, and depend on the random bytes only', () => {
  expect(pseudonymOf(Uint8Array.of(0, 0, 0x4f, 0x2a))).toBe('amber-ant-4f2a');
  for (let byte = 0; byte < 256; byte++)
    expect(pseudonymOf(Uint8Array.of(byte, byte, byte, byte))).toMatch(/^[a-z]+-[a-z]+-[0-9a-f]{4}$/);
});

const fresh: Search = newSearch(0);
const custodian = (account: number, isOnline = true) => ({ account, isOnline, bundleBytes: 640 });

test('custodians are asked one after the other, and then again: who is here and cannot deliver has not lost anything', () => {
  const situation = { custodians: [custodian(1), custodian(2)], absenceMs: 120_000 };
  const first = nextAsk(fresh, situation, 0);
  expect(first).toMatchObject({ ask: 1, isLost: false });
  expect(nextAsk(first.search, situation, 30_000)).toMatchObject({ ask: null, isLost: false });
  const second = nextAsk(first.search, situation, 30_010);
  expect(second).toMatchObject({ ask: 2, isLost: false });
  expect(nextAsk(second.search, situation, 60_019)).toMatchObject({ ask: null, isLost: false });
  const third = nextAsk(second.search, situation, 60_021);
  expect(third).toMatchObject({ ask: 1, isLost: false });
  expect(nextAsk(third.search, situation, 90_040)).toMatchObject({ ask: 2, isLost: false });
});

test('the only custodian is asked again and again for a day without a byte; each part gives it its time anew', () => {
  const alone = { custodians: [custodian(1)], absenceMs: 120_000 };
  let { search } = nextAsk(fresh, alone, 0);
  let asks = 0;
  for (let nowMs = 1000; nowMs < UNDELIVERED_MAXIMUM_MS; nowMs += 1000) {
    const next = nextAsk(search, alone, nowMs);
    expect(next.isLost).toBe(false);
    if (next.ask !== null) asks += 1;
    search = next.search;
  }
  expect(asks).toBeGreaterThan(2000);
  expect(nextAsk(search, alone, UNDELIVERED_MAXIMUM_MS)).toMatchObject({ ask: null, isLost: true });
  const moved = withProgress(search, UNDELIVERED_MAXIMUM_MS - 1000);
  expect(nextAsk(moved, alone, UNDELIVERED_MAXIMUM_MS + 29_000)).toMatchObject({ ask: null, isLost: false });
});

test('nothing is lost while a custodian may come back, and none of them has been away for long', () => {
  const situation = { custodians: [custodian(1), custodian(2, false)], absenceMs: 120_000 };
  const first = nextAsk(fresh, situation, 0);
  const again = nextAsk(first.search, situation, 40_020);
  expect(again, 'the other one is not here').toMatchObject({ ask: 1, isLost: false });
  expect(
    nextAsk(again.search, { ...situation, custodians: [custodian(1, false), custodian(2)] }, 50_000),
  ).toMatchObject({
    ask: 2,
    isLost: false,
  });
  const gone = { ...situation, custodians: [custodian(1, false), custodian(2, false)] };
  expect(nextAsk(again.search, gone, 160_019)).toMatchObject({ ask: null, isLost: false });
  expect(nextAsk(again.search, gone, 160_020)).toMatchObject({ isLost: true });
});

test('a custodian that goes away is replaced at once, and asked when it comes back', () => {
  const both = { custodians: [custodian(1), custodian(2)], absenceMs: 120_000 };
  const { search } = nextAsk(fresh, both, 0);
  expect(nextAsk(search, { ...both, custodians: [custodian(1, false), custodian(2)] }, 10)).toMatchObject({ ask: 2 });
  const alone = nextAsk(search, { ...both, custodians: [custodian(1, false)] }, 10);
  expect(alone).toMatchObject({ ask: null, isLost: false });
  expect(nextAsk(alone.search, { ...both, custodians: [custodian(1)] }, 90_000)).toMatchObject({ ask: 1 });
  expect(nextAsk(alone.search, { ...both, custodians: [custodian(1, false)] }, 120_010)).toMatchObject({
    isLost: true,
  });
});
