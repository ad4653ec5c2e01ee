// The golden vectors: the unit prints the recorded bytes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runUnit } from '../support/run-unit.js';

// Real work, and test machines may be busy.

interface Vector {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdout: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

test('there are vectors', () => expect(vectors.length).toBeGreaterThan(5));

test.each(vectors)('$name', ({ args, stdout }) => {
  expect(runUnit(args)).toEqual({ exitCode: 0, stderr: '', stdout });
});
