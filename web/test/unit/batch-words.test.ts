import { describe, expect, test } from 'vitest';
import { datesOf } from '../../src/project/batch-list.js';
import { endInWords, headline, settledShare, situationInWords, stateInWords } from '../../src/project/batch-words.js';
import { chooseBatch } from '../../src/project/choose-batch.js';
import {
  cancelledBatch,
  completeBatch,
  expiredBatch,
  NOW_MS,
  openBatch,
  plainBatch,
  stoppedBatch,
} from '../fixtures/answers.js';
import { readEnglish } from './english.js';

readEnglish();

const DAY_MS = 86_400_000;

describe('a batch in words', () => {
  test('says how far it is, and what ended it', () => {
    expect(headline(openBatch)).toBe('45 of 68 units are done and checked');
    expect(headline(completeBatch)).toBe('All 68 units are done and checked');
    expect(headline(cancelledBatch)).toBe('Cancelled by its scientist after 22 of 68 units');
    expect(headline(expiredBatch)).toBe('Time ran out after 22 of 68 units');
    expect(headline(stoppedBatch)).toBe('Stopped by the operator after 22 of 68 units');
  });

  test('does not call checked what was not', () => {
    expect(headline(plainBatch)).not.toContain('checked');
    const one = { ...plainBatch.counts, total: 1, accepted: 1, failed: 0 };
    expect(headline({ ...plainBatch, counts: one })).toBe('The one unit is done');
    expect(headline({ ...plainBatch, counts: { ...one, accepted: 0 } })).toBe('0 of 1 unit is done');
    expect(headline({ ...plainBatch, counts: { ...one, total: 0, accepted: 0 } })).toBe('0 of 0 units are done');
  });

  test('says when it ended and what came to no result, each in its own word', () => {
    expect(endInWords(openBatch, NOW_MS)).toBeNull();
    expect(endInWords(completeBatch, NOW_MS)).toMatch(/^finished at [^;]+$/);
    expect(endInWords(completeBatch, NOW_MS + DAY_MS)).toMatch(/^finished on [^;]+$/);
    expect(endInWords(cancelledBatch, NOW_MS)).toMatch(/^cancelled at .*; 2 failed, 44 cancelled$/);
    expect(endInWords(expiredBatch, NOW_MS)).toMatch(/^ran out of time on .*; 46 expired$/);
    expect(endInWords(stoppedBatch, NOW_MS)).toMatch(/^stopped by the operator at .*; 46 stopped by the operator$/);
    expect(endInWords({ ...cancelledBatch, completedAtMs: null }, NOW_MS)).toBe('cancelled; 2 failed, 44 cancelled');
  });

  test('has a state, an age while it is open, and dates', () => {
    expect([openBatch, completeBatch, cancelledBatch, expiredBatch, stoppedBatch].map(stateInWords)).toEqual([
      ...['open', 'finished', 'cancelled', 'ran out of time', 'stopped by the operator'],
    ]);
    expect(situationInWords(openBatch, NOW_MS)).toBe('Happening now · batch known-prophage, 1 min old');
    expect(situationInWords(openBatch, openBatch.submittedAtMs - 5000)).toContain('0 s old');
    expect(situationInWords(completeBatch, NOW_MS)).toMatch(/^Batch known-prophage, finished at /);
    expect(datesOf(openBatch, NOW_MS)).toMatch(/^submitted at [^,]+$/);
    expect(datesOf(completeBatch, NOW_MS)).toMatch(/^submitted at .*, finished at /);
    expect(datesOf(completeBatch, NOW_MS + DAY_MS)).toMatch(/^submitted on .*, finished the same day$/);
    expect(datesOf(expiredBatch, NOW_MS)).toMatch(/^submitted on .*, ran out of time on /);
  });

  test('counts as settled whatever has ended', () => {
    expect(settledShare(cancelledBatch)).toBe(1);
    expect(settledShare(openBatch)).toBeCloseTo(45 / 68);
    expect(settledShare({ ...openBatch, counts: { ...openBatch.counts, total: 0, accepted: 0 } })).toBe(0);
  });
});

describe('the batch that is shown', () => {
  const older = { ...openBatch, batchId: plainBatch.batchId };

  test('is the one of the address', () => {
    expect(chooseBatch([completeBatch, older], older.batchId)).toEqual({ kind: 'listed', batch: older });
    expect(chooseBatch([completeBatch], 'batch_old')).toEqual({ kind: 'older', batchId: 'batch_old' });
  });

  test('else the newest that is open, else the newest', () => {
    expect(chooseBatch([completeBatch, older], undefined)).toEqual({ kind: 'listed', batch: older });
    expect(chooseBatch([completeBatch, cancelledBatch], undefined)).toEqual({ kind: 'listed', batch: completeBatch });
    expect(chooseBatch([], undefined)).toEqual({ kind: 'listed', batch: undefined });
  });
});
