// What is said of units without a result: what failed, and what was merely ended with the batch.
import { endingOf, sentenceOf } from '@manyhands/contract/words';
import type { Failure } from '@manyhands/sdk';
import { describe, expect, test } from 'vitest';
import { endedLines, exitCodeOf, failureLines } from '../../src/support/collected-words.js';

function unit(index: number, code: string, more: Partial<Failure> = {}): Failure {
  return {
    ...{ state: 'failed', ending: endingOf(code), index, name: `unit-${index}`, code, reason: sentenceOf(code) },
    ...{ exitCode: null, cause: null, message: null, fuel: null, stderrTail: '' },
    ...more,
  };
}

const failed = unit(0, 'MH-VAL-001', { exitCode: 3, cause: 'MH-UNIT-002', stderrTail: 'a\nb\n' });
const cancelled = [unit(1, 'MH-VAL-004'), unit(2, 'MH-VAL-004')];

describe('exit codes', () => {
  test.for([
    ['nothing is missing', [], 0],
    ['a unit failed', [failed], 1],
    ['one failed and others were cancelled', [...cancelled, failed], 1],
    ['all were only cancelled', cancelled, 4],
    ['expired', [unit(1, 'MH-VAL-005')], 4],
    ['stopped', [unit(1, 'MH-VAL-006')], 4],
  ] as const)('%s', ([, units, exitCode]) => {
    expect(exitCodeOf(units)).toBe(exitCode);
  });
});

test('each kind of end has one line with its sentence', () => {
  expect(endedLines([failed, ...cancelled, unit(3, 'MH-VAL-006')])).toEqual([
    '2 units cancelled. The batch was cancelled before it was done.',
    '1 unit stopped by the operator. The operator stopped the program before it was done.',
  ]);
  expect(endedLines([failed])).toEqual([]);
});

test('a failure is said with what the hosts reported, else with its sentence, never without a reason', () => {
  expect(failureLines(failed)).toEqual([
    '  x unit-0 (unit 0): exit code 3 MH-UNIT-002 MH-VAL-001',
    '      a',
    '      b',
  ]);
  expect(failureLines(unit(4, 'MH-VAL-002'))).toEqual([
    '  x unit-4 (unit 4): The computers kept giving different answers. MH-VAL-002',
  ]);
  expect(failureLines(unit(5, 'MH-VAL-999'))[0]).toContain('no words for: MH-VAL-999');
});
