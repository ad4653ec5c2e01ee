// The estimate of the time left: unknown at first, and no promise that is taken back.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTimeLeft, type Sighting, type TimeLeft } from '../../../src/words/time-left.js';

const watch = (sightings: readonly Sighting[]): TimeLeft[] => {
  const seen: TimeLeft[] = [];
  for (const sighting of sightings) seen.push(nextTimeLeft(seen.at(-1) ?? null, sighting));
  return seen;
};
const seconds = (total: number, ...done: number[]): Sighting[] =>
  done.map((count, at) => ({ atMs: at * 1000, done: count, total }));

test('unknown until ten units or a tenth of the batch are done', () => {
  expect(watch(seconds(1000, 0, 5, 9, 10, 20)).map(({ leftMs }) => leftMs)).toEqual([
    null,
    null,
    null,
    297_000,
    98_000,
  ]);
  expect(watch(seconds(20, 0, 1, 2, 3)).map(({ leftMs }) => leftMs)).toEqual([null, null, 18_000, 17_000]);
  expect(watch(seconds(3, 0, 1, 3)).map(({ leftMs }) => leftMs)).toEqual([null, 2000, 0]);
});

test('what was done before anybody looked says nothing of the pace', () => {
  expect(watch(seconds(1000, 500, 505, 515)).map(({ leftMs }) => leftMs)).toEqual([null, null, 48_500]);
});

test('it follows the pace of the later half, up as slowly as time passes', () => {
  const faster = watch(seconds(1000, 0, 10, 20, 70, 120, 170, 220)).at(-1);
  expect(faster?.leftMs).toBe(15_600);
  const stuck = watch(seconds(100, 0, 10, 20, 20, 20, 20)).map(({ leftMs }) => leftMs);
  expect(stuck).toEqual([null, 9000, 8000, 9000, 10_000, 11_000]);
});

test('units that are opened again begin anew', () => {
  expect(watch(seconds(20, 0, 10, 20, 15, 16)).map(({ leftMs }) => leftMs)).toEqual([null, 1000, 0, null, null]);
});

test('it never rises by more than the time that passed, and never falls below nothing', () => {
  const step = fc.record({ ms: fc.integer({ min: 0, max: 60_000 }), more: fc.integer({ min: 0, max: 30 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 3000 }), (steps, total) => {
      let sighting: Sighting = { atMs: 0, done: 0, total };
      let before: TimeLeft | null = null;
      for (const { ms, more } of steps) {
        sighting = { ...sighting, atMs: sighting.atMs + ms, done: Math.min(total, sighting.done + more) };
        const now: TimeLeft = nextTimeLeft(before, sighting);
        if (sighting.done < Math.min(10, total / 10)) expect(now.leftMs).toBeNull();
        if (now.leftMs !== null) expect(now.leftMs).toBeGreaterThanOrEqual(0);
        if (before?.leftMs != null) expect(now.leftMs).toBeLessThanOrEqual(before.leftMs + ms);
        expect(now.seen.length).toBeLessThanOrEqual(61);
        before = now;
      }
    }),
  );
});
