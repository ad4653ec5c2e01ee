// The golden vectors: the unit prints the recorded bytes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type MadeUpCurve, makeCurve, printCurve } from '../../src/index.js';
import { runUnit } from '../support/run-unit.js';

interface Vector {
  readonly name: string;
  readonly args: readonly string[];
  readonly curve: MadeUpCurve;
  readonly stdinSha256: string;
  readonly stdout: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

test('there are vectors', () => expect(vectors.length).toBeGreaterThan(3));

test.each(vectors)('$name', ({ args, curve, stdinSha256, stdout }) => {
  const stdin = printCurve(makeCurve(curve));
  expect(createHash('sha256').update(stdin).digest('hex')).toBe(stdinSha256);
  expect(runUnit({ args, stdin })).toEqual({ exitCode: 0, stderr: '', stdout });
});
