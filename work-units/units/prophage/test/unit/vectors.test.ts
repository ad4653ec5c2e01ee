// The golden vectors: the unit prints the recorded bytes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadGenome, loadPhage, type Region } from '../../src/index.js';
import { runUnit } from '../support/run-unit.js';

interface Vector {
  readonly name: string;
  readonly phage: string;
  readonly window: string | Region;
  readonly args: readonly string[];
  readonly stdoutSha256: string;
  readonly stdout: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];
const genome = loadGenome().sequence;
const { fasta } = loadPhage();

test('there are vectors of the real records and of small sequences', () => {
  expect(vectors.filter((vector) => vector.phage === 'data').length).toBeGreaterThan(3);
  expect(vectors.filter((vector) => vector.phage !== 'data').length).toBeGreaterThan(3);
});

test.each(vectors)('$name', ({ phage, window, args, stdout, stdoutSha256 }) => {
  const stdin = typeof window === 'string' ? window : genome.slice(window.start - 1, window.end);
  const output = runUnit({ args, stdin, phage: phage === 'data' ? fasta : phage });
  expect(output).toEqual({ exitCode: 0, stderr: '', stdout });
  expect(createHash('sha256').update(output.stdout).digest('hex')).toBe(stdoutSha256);
});
