// Whole searches: a planted planet is found, a star without one is left alone.
import { expect, test } from 'vitest';
import { DETECTION_THRESHOLD, FREQUENCY_UNITS, type MadeUpCurve, makeCurve, type Planet } from '../../src/index.js';
import { search } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const STAR: MadeUpCurve = { days: 60, cadence: 1 / 24, noise: 0.0003, seed: 1, gaps: [[20, 22.5]] };
const PERIODS = { shortestPeriod: 1, longestPeriod: 15 };

function spectrumOf(curve: MadeUpCurve) {
  const spectrum = search({ ...PERIODS, curve: makeCurve(curve) });
  return { ...spectrum, candidate: spectrum.candidate ?? expect.fail('no candidate') };
}

/** The distance of two epochs, by whole periods as need be. */
function epochGap(left: number, right: number, period: number): number {
  const orbits = (left - right) / period;
  return Math.abs(orbits - Math.round(orbits)) * period;
}

test.each<[string, Planet]>([
  ['a hot giant', { period: 3.52474859, epoch: 1.3, duration: 0.14, depth: 0.01 }],
  ['a short period', { period: 1.0914, epoch: 0.05, duration: 0.07, depth: 0.001 }],
  ['a long period', { period: 11.217, epoch: 10.9, duration: 0.45, depth: 0.0006 }],
  ['a transit across the seam of the fold', { period: 5.3, epoch: 5.3, duration: 0.2, depth: 0.001 }],
])('%s: period, epoch, duration and depth are recovered', (_, planet) => {
  const { candidate, step } = spectrumOf({ ...STAR, planet });
  expect(candidate.isClaimed).toBe(true);
  // A frequency on the grid next to the planted one, or the one after that.
  const frequencyGap = Math.abs(FREQUENCY_UNITS / candidate.period - FREQUENCY_UNITS / planet.period);
  expect(frequencyGap).toBeLessThan(2 * step);
  const bin = candidate.period / 200;
  expect(epochGap(candidate.epoch, planet.epoch, planet.period)).toBeLessThan(2 * bin);
  expect(Math.abs(candidate.duration - planet.duration)).toBeLessThan(3 * bin);
  expect(Math.abs(candidate.depth / planet.depth - 1)).toBeLessThan(0.2);
});

test('a planet as faint as the noise of one measurement is found, under several noises', () => {
  const planet = { period: 3.52474859, epoch: 1.3, duration: 0.13, depth: 0.001 };
  for (const seed of [1, 2]) {
    const { candidate, step } = spectrumOf({ ...STAR, days: 90, cadence: 1 / 48, noise: 0.001, seed, planet });
    expect(candidate.isClaimed, `seed ${seed}`).toBe(true);
    const frequencyGap = Math.abs(FREQUENCY_UNITS / candidate.period - FREQUENCY_UNITS / planet.period);
    expect(frequencyGap, `seed ${seed}`).toBeLessThan(4 * step);
  }
});

test('a star without a planet is not claimed to have one, under several noises', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { candidate } = spectrumOf({ ...STAR, seed });
    expect(candidate.isClaimed, `seed ${seed}`).toBe(false);
    expect(candidate.efficiency).toBeLessThan(DETECTION_THRESHOLD - 1);
  }
});

test('bright boxes are no planets', () => {
  const planet = { period: 3.5, epoch: 1.3, duration: 0.14, depth: -0.01 };
  const { candidate } = spectrumOf({ ...STAR, planet });
  // What is darker than the mean is all the rest, which no transit of at most a tenth of the orbit covers well.
  expect(candidate.depth).toBeLessThan(0.002);
});

test('the answer does not depend on how the search is cut', () => {
  const planet = { period: 3.52474859, epoch: 1.3, duration: 0.14, depth: 0.001 };
  const options = { ...PERIODS, longestPeriod: 5, curve: makeCurve({ ...STAR, planet }) };
  const whole = search({ ...options, trialsPerUnit: 100_000 });
  for (const trialsPerUnit of [7919, 1000, 333]) expect(search({ ...options, trialsPerUnit })).toEqual(whole);
});
