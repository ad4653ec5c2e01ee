// Every way in which a unit, a replica, a lease or a batch can end, and its sentence.
import { ENGINE_ERROR_CODES, ERROR_CODES, unitCountsSchema } from '@manyhands/contract';
import {
  ENDING_CODES,
  ENDING_WORDS,
  type Ending,
  endedCounts,
  endedInWords,
  endingOf,
  sentenceOf,
  wordOfBatch,
} from '@manyhands/contract/words';
import { describe, expect, test } from 'vitest';

const ALL_CODES = Object.keys({ ...ERROR_CODES, ...ENGINE_ERROR_CODES });
/** Units end with MH-VAL codes; replicas with those of programs, computers and checkpoints, or declined (MH-APP-004); leases with MH-LSE-001 or as their units. */
const ENDS = ALL_CODES.filter(
  (code) => /^MH-(VAL|UNIT|HOST|CKP)-/.test(code) || code === 'MH-APP-004' || code === 'MH-LSE-001',
);

describe('sentences', () => {
  test('every end has one of its own', () => {
    expect(ENDS.length).toBeGreaterThan(30);
    const sentences = ENDS.map((code) => sentenceOf(code));
    for (const [at, sentence] of sentences.entries()) {
      expect(sentence, ENDS[at]).toMatch(/^[A-Z].*\.$/);
      expect(sentence, ENDS[at]).not.toContain('no words for');
      expect(sentence, ENDS[at]).not.toMatch(/MH-|wasm|deterministic/i);
    }
    expect(new Set(sentences).size).toBe(ENDS.length);
  });

  test('what ends for good reads so', () => {
    expect(
      Object.fromEntries(ENDS.filter((code) => code.startsWith('MH-VAL')).map((code) => [code, sentenceOf(code)])),
    ).toMatchInlineSnapshot(`
        {
          "MH-VAL-001": "It failed in the same way on several computers.",
          "MH-VAL-002": "The computers kept giving different answers.",
          "MH-VAL-003": "Too many computers could not run it.",
          "MH-VAL-004": "The batch was cancelled before it was done.",
          "MH-VAL-005": "The batch expired before it was done.",
          "MH-VAL-006": "The operator stopped the program before it was done.",
          "MH-VAL-007": "This computer gave another answer than those that agreed.",
          "MH-VAL-008": "It is held: computers of four people, which deliver other work, took it and none came to its end. Its scientist can open it again.",
        }
      `);
  });

  test.for(['MH-VAL-999', 'toString', '__proto__', ''])('an unknown code %j is named', (code) => {
    expect(sentenceOf(code)).toBe(`It ended for a reason that this version has no words for: ${code}.`);
  });

  test('even without a code there is something to say', () => {
    expect(sentenceOf(null)).toBe('It ended, and no code says why: please report this.');
  });
});

describe('endings', () => {
  test.for<[string | null, Ending]>([
    ...Object.entries(ENDING_CODES),
    ['MH-VAL-001', 'failed'],
    ['MH-VAL-002', 'failed'],
    ['MH-VAL-003', 'failed'],
    ['MH-UNIT-001', 'failed'],
    ['hasOwnProperty', 'failed'],
    [null, 'failed'],
  ])('%s is %s', ([code, ending]) => {
    expect(endingOf(code)).toBe(ending);
  });

  test('only codes that exist', () => {
    for (const code of Object.keys(ENDING_CODES)) expect(ALL_CODES).toContain(code);
    expect(Object.values(ENDING_CODES).toSorted()).toEqual(
      Object.keys(ENDING_WORDS)
        .filter((kind) => kind !== 'failed')
        .toSorted(),
    );
  });

  test('true failures are what was not ended', () => {
    const counts = { failed: 50, ended: { cancelled: 44, expired: 3, stopped: 1 } };
    expect(endedCounts(counts)).toEqual({ failed: 2, cancelled: 44, expired: 3, stopped: 1 });
    expect(endedInWords(counts)).toBe('2 failed, 44 cancelled, 3 expired, 1 stopped by the operator');
    expect(endedInWords({ failed: 1200, ended: { cancelled: 1200, expired: 0, stopped: 0 } }, (n) => `<${n}>`)).toBe(
      '<1200> cancelled',
    );
    expect(endedInWords({ failed: 0 })).toBe('');
  });

  test('an older coordinator tells no endings: all of them count as failed', () => {
    const { ended, ...older } = { total: 3, waiting: 0, running: 0, checking: 0, accepted: 1, failed: 2, ended: null };
    expect(ended).toBeNull();
    const counts = unitCountsSchema.parse(older);
    expect(counts.ended).toEqual({ cancelled: 0, expired: 0, stopped: 0 });
    expect(endedCounts(older)).toEqual({ failed: 2, cancelled: 0, expired: 0, stopped: 0 });
  });

  test('counts that contradict one another never go below zero', () => {
    expect(endedCounts({ failed: 1, ended: { cancelled: 2, expired: 0, stopped: 0 } }).failed).toBe(0);
  });
});

test.for([
  [{ state: 'open', endedCode: null }, 'open'],
  [{ state: 'complete' }, 'complete'],
  [{ state: 'cancelled', endedCode: 'MH-VAL-004' }, 'cancelled'],
  [{ state: 'cancelled', endedCode: 'MH-VAL-006' }, 'stopped by the operator'],
  [{ state: 'expired', endedCode: 'MH-VAL-005' }, 'expired'],
] as const)('a batch %j is %s', ([batch, word]) => {
  expect(wordOfBatch(batch)).toBe(word);
});
