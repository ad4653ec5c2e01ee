import type { Batch, BatchStory } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import { estimateInWords, estimateOf, meanAccepted, watch } from '../../src/project/estimate.js';
import { readEnglish } from './english.js';

readEnglish();

const throughput = (...accepted: number[]) => ({
  intervalMs: 60_000,
  points: accepted.map((count, index) => ({ startMs: index * 60_000, accepted: count })),
});

const batch = (counts: Partial<Batch['counts']>): Batch =>
  ({ counts: { total: 120, accepted: 0, failed: 0, held: 0, ...counts } }) as Batch;
const story = (nowMs: number, ...accepted: number[]): BatchStory => ({
  ...{ nowMs, hands: [] },
  throughput: throughput(...accepted),
});
const lookAt = (accepted: number[], counts: Partial<Batch['counts']> = {}) =>
  watch(
    null,
    batch({ accepted: accepted.reduce((sum, count) => sum + count, 0), ...counts }),
    story(accepted.length * 60_000, ...accepted),
  );

describe('the time left', () => {
  test('follows the pace of the story, as a range', () => {
    const estimate = estimateOf(lookAt([0, 10, 10, 10, 10]));
    expect(estimate?.middleMs).toBe(480_000);
    expect(estimate?.lowMs).toBeLessThan(480_000);
    expect(estimate?.highMs).toBeGreaterThan(480_000);
    expect(estimate && estimateInWords(estimate)).toEqual({ about: 'About 8 minutes left', range: '6 to 12' });
  });

  test('is unknown until ten units or a tenth of the batch are done', () => {
    expect(estimateOf(lookAt([]))).toBeNull();
    expect(estimateOf(lookAt([0, 0, 9]))).toBeNull();
    expect(estimateOf(lookAt([0, 5, 5]))).not.toBeNull();
    expect(estimateOf(lookAt([1, 1], { total: 20 }))).not.toBeNull();
  });

  test('leaves out what is held, and counts what failed as done', () => {
    expect(lookAt([10, 10], { total: 60, held: 20, failed: 10 }).leftMs).toBe(60_000);
  });

  test('rises by no more than the time that passed while nothing comes in', () => {
    const first = lookAt([10, 10, 10]);
    const counts = { accepted: 30 };
    const next = watch(first, batch(counts), story(240_000, 10, 10, 10, 0));
    expect(next.leftMs).toBe((first.leftMs ?? 0) + 60_000);
    expect(watch(next, batch(counts), story(240_000, 10, 10, 10, 0)), 'the same answer again').toBe(next);
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
