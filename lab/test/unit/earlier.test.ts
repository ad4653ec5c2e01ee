// What is made of a report of tests that looked at an earlier version: only what was asserted, or waited for in vain, shows a fault.
import { expect, test } from 'vitest';
import { findingsOf, type Report } from '../../src/earlier/findings.js';

const report = (...results: [title: string, status: string, message?: string | undefined][]): Report => ({
  testResults: [
    {
      name: 'a.test.ts',
      message: 'Cannot find module',
      assertionResults: results.map(([title, status, message]) => ({
        title,
        status,
        failureMessages: message === undefined ? [] : [message],
      })),
    },
  ],
});

test.each([
  [
    'failed',
    'AssertionError: expected 18 to be +0\n    at a.test.ts:1',
    'assertion',
    'AssertionError: expected 18 to be +0',
  ],
  ['failed', 'Error: Test timed out in 9ms.\nwaited 9 s for a result', 'wait', 'waited 9 s for a result'],
  ['failed', 'TypeError: undefined is no function', 'other', 'TypeError: undefined is no function'],
  ['passed', undefined, 'passed', ''],
])('%s, %j', (status, message, outcome, says) => {
  const results = report(['a host sleeps', status, message], ['another', 'failed', 'AssertionError: no']);
  expect(findingsOf(results, 'a host')).toEqual([{ test: 'a host sleeps', outcome, says }]);
});

test('a test that is not there, was skipped, or whose file did not run is missing', () => {
  const missing = { test: 'a host', outcome: 'missing', says: 'Cannot find module' };
  expect(findingsOf(report(), 'a host')).toEqual([missing]);
  expect(findingsOf(report(['a host sleeps', 'skipped']), 'a host')).toEqual([missing]);
  expect(findingsOf(null, 'a host')).toEqual([{ ...missing, says: '' }]);
});

test('a beginning that several share gives them all', () => {
  const results = report(['map --a', 'failed', 'AssertionError: a'], ['map --b', 'passed']);
  expect(findingsOf(results, 'map --').map(({ test, outcome }) => [test, outcome])).toEqual([
    ['map --a', 'assertion'],
    ['map --b', 'passed'],
  ]);
});
