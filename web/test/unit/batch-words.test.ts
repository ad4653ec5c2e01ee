import { describe, expect, test } from 'vitest';
import { endInWords, headline, settledShare } from '../../src/project/batch-words.js';
import { completeBatch, NOW_MS, openBatch, plainBatch } from '../fixtures/answers.js';

describe('a batch in words', () => {
  test('says how far it is', () => {
    expect(headline(openBatch)).toBe('45 of 68 units are done and checked');
    expect(headline(completeBatch)).toBe('All 68 units are done and checked');
    expect(headline({ ...openBatch, state: 'cancelled' })).toBe('Stopped by its scientist after 45 of 68 units');
    expect(headline({ ...openBatch, state: 'expired' })).toBe('Time ran out after 45 of 68 units');
  });

  test('does not call checked what was not', () => {
    expect(headline(plainBatch)).not.toContain('checked');
    const one = { ...plainBatch.counts, total: 1, accepted: 1, failed: 0 };
    expect(headline({ ...plainBatch, counts: one })).toBe('The one unit is done');
  });

  test('says when it ended, and whether units failed', () => {
    expect(endInWords(openBatch, NOW_MS)).toBeNull();
    expect(endInWords(completeBatch, NOW_MS)).toMatch(/^finished at /);
    expect(endInWords(completeBatch, NOW_MS + 86_400_000)).toMatch(/^finished on /);
    const failed = { ...completeBatch, counts: { ...completeBatch.counts, accepted: 66, failed: 2 } };
    expect(endInWords(failed, NOW_MS)).toMatch(/, 2 failed$/);
    expect(settledShare(failed)).toBe(1);
  });
});
