import { describe, expect, test } from 'vitest';
import { estimateInWords, estimateLeft, meanAccepted } from '../../src/project/estimate.js';
import { readEnglish } from './english.js';

readEnglish();

const throughput = (...accepted: number[]) => ({
  intervalMs: 60_000,
  points: accepted.map((count, index) => ({ startMs: index * 60_000, accepted: count })),
});

describe('the time left', () => {
  test('follows the pace of the finished intervals, as a range', () => {
    const estimate = estimateLeft(100, throughput(0, 3, 10, 10, 10, 2));
    expect(estimate?.middleMs).toBe(600_000);
    expect(estimate?.lowMs).toBeLessThan(600_000);
    expect(estimate?.highMs).toBeGreaterThan(600_000);
    expect(estimate && estimateInWords(estimate)).toEqual({ about: 'About 10 minutes left', range: '8 to 14' });
  });

  test('is not guessed from too little', () => {
    expect(estimateLeft(100, throughput())).toBeNull();
    expect(estimateLeft(100, throughput(0, 0, 5))).toBeNull();
    expect(estimateLeft(100, throughput(5, 1, 1, 3))).toBeNull();
    expect(estimateLeft(0, throughput(5, 10, 10, 3))).toBeNull();
  });

  test('grows while nothing comes in', () => {
    const busy = estimateLeft(50, throughput(5, 10, 10, 0));
    const stuck = estimateLeft(50, throughput(5, 10, 10, 0, 0, 0, 0));
    expect(stuck?.middleMs).toBeGreaterThan(busy?.middleMs ?? 0);
  });

  test('is told in the unit that fits', () => {
    const words = (middleMs: number) => estimateInWords({ lowMs: middleMs, middleMs, highMs: middleMs }).about;
    expect([words(1), words(40_000), words(7_200_000), words(3 * 86_400_000)]).toEqual([
      'About 1 second left',
      'About 40 seconds left',
      'About 2 hours left',
      'About 3 days left',
    ]);
  });
});

describe('the mean', () => {
  test('counts gaps as zero, but neither the time before work began nor the open interval', () => {
    expect(meanAccepted(throughput(0, 0, 4, 0, 8, 99), true)).toBe(4);
    expect(meanAccepted(throughput(0, 0, 0), true)).toBeNull();
    expect(meanAccepted(throughput(7), true)).toBeNull();
    expect(meanAccepted(throughput(0, 0, 0), false)).toBeNull();
  });

  test('does not sink when there is nothing left to do', () => {
    expect(meanAccepted(throughput(0, 6, 10, 0, 0, 0), true)).toBe(4);
    expect(meanAccepted(throughput(0, 6, 10, 0, 0, 0), false)).toBe(8);
  });
});
