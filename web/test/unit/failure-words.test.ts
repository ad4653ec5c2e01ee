import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/findings/findings.js';
import { captionOf, groupFailures } from '../../src/project/failure-words.js';

const failure = (facts: Partial<Failure>): Failure => ({
  index: 0,
  name: 'unit-0',
  code: 'MH-VAL-001',
  cause: 'MH-UNIT-002',
  message: null,
  ...facts,
});
const cancelled = failure({ code: 'MH-VAL-004', cause: null, name: 'open-1' });

describe('units without a result', () => {
  test('are grouped by what became of them, true failures first, then the most frequent', () => {
    const rare = failure({ message: 'rare', name: 'rare-1' });
    const often = failure({ message: 'often' });
    const groups = groupFailures([
      cancelled,
      cancelled,
      cancelled,
      cancelled,
      rare,
      often,
      { ...often, name: 'unit-9' },
    ]);
    expect(groups.map(({ sentence, count, example }) => [sentence, count, example])).toEqual([
      ['often', 2, 'unit-0'],
      ['rare', 1, 'rare-1'],
      ['The batch was cancelled before it was done.', 4, 'open-1'],
    ]);
  });

  test('always have a reason: the program’s own words, else the sentence of the code that says most', () => {
    const sentenceOf = (facts: Partial<Failure>) => groupFailures([failure(facts)])[0]?.sentence;
    expect(sentenceOf({ message: 'table full' })).toBe('table full');
    expect(sentenceOf({})).toBe('The exit code of the program does not count as success.');
    expect(sentenceOf({ cause: null })).toBe('It failed in the same way on several computers.');
    expect(sentenceOf({ code: 'MH-VAL-002', cause: null, message: '' })).toBe(
      'The computers kept giving different answers.',
    );
    expect(sentenceOf({ code: null, cause: null })).toMatch(/\w/);
    expect(sentenceOf({ code: 'MH-VAL-005', message: 'said before it was ended' })).toBe(
      'The batch expired before it was done.',
    );
    expect(sentenceOf({ code: 'MH-VAL-006', cause: null })).toBe(
      'The operator stopped the program before it was done.',
    );
  });

  test('carry their codes', () => {
    expect(groupFailures([failure({})])[0]?.codes).toBe('MH-VAL-001 MH-UNIT-002');
    expect(groupFailures([failure({ code: 'MH-VAL-004', cause: 'MH-HOST-003' })])[0]?.codes).toBe('MH-VAL-004');
  });

  test('are blamed on nobody where nothing failed', () => {
    const caption = (...failures: Failure[]) => captionOf(groupFailures(failures));
    expect(caption(cancelled)).toBe('Nothing failed: these units were still open when the batch was cancelled.');
    expect(caption(failure({ code: 'MH-VAL-005' }))).toMatch(/^Nothing failed: .* ran out\.$/);
    expect(caption(failure({ code: 'MH-VAL-006' }))).toMatch(/^Nothing failed: .* operator stopped/);
    expect(caption(failure({}))).toMatch(/not the volunteers\.$/);
    expect(caption(failure({}), cancelled)).toMatch(/did not fail\.$/);
    expect(groupFailures([])).toEqual([]);
  });
});
