import { expect, test } from 'vitest';
import { sinceStart } from '../../src/project/since-start.js';
import { openBatch } from '../fixtures/answers.js';

const points = Array.from({ length: 60 }, (_, index) => ({ startMs: index * 10_000, accepted: 0 }));
const throughput = { intervalMs: 10_000, points };

test('the time before the first batch is left out, not drawn as zero', () => {
  const shown = sinceStart(throughput, [{ ...openBatch, submittedAtMs: 305_000 }]).points;
  expect(shown[0]?.startMs).toBe(300_000);
  expect(shown.at(-1)).toBe(points.at(-1));
});

test('some intervals are kept in any case, and all when older batches may exist', () => {
  expect(sinceStart(throughput, [{ ...openBatch, submittedAtMs: 595_000 }]).points).toHaveLength(20);
  expect(sinceStart(throughput, []).points).toHaveLength(60);
  expect(sinceStart(throughput, Array(20).fill({ ...openBatch, submittedAtMs: 595_000 })).points).toHaveLength(60);
});
