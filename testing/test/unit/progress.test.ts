// The line that shows how far a run of tests is.
import { expect, it } from 'vitest';
import { progressLine } from '../../src/progress-reporter.js';

it('counts files and tests, and names some of those that run', () => {
  const progress = { files: 163, done: 34, tests: 513, failed: 1, elapsedMs: 83_900, running: [] };
  const line = '34 of 163 files, 512 tests passed, 1 failed, 1:23';
  expect(progressLine(progress)).toBe(line);
  expect(progressLine({ ...progress, running: ['a', 'b', 'c'] })).toBe(`${line}; running a, b, c`);
  expect(progressLine({ ...progress, running: ['a', 'b', 'c', 'd'] })).toBe(`${line}; running a, b, c, …`);
});
