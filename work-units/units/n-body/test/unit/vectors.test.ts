// The golden vectors: the unit prints the recorded bytes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runUnit } from '../support/run-unit.js';

interface Vector {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly stdout: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

test('there are vectors', () => expect(vectors.length).toBeGreaterThan(3));

test.each(vectors)('$name', ({ args, stdin, stdout }) => {
  expect(runUnit({ args, stdin })).toEqual({ exitCode: 0, stderr: '', stdout });
});
