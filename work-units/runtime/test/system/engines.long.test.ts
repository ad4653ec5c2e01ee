// The chain does not depend on how the engine runs a program: tiers of V8, threads and slices all give the golden values.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBase64Url } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { withFolder } from '../support/c-programs.js';
import { unitInput } from '../support/guest.js';
import { BUSY_INPUT } from '../support/programs.js';
import type { ChainVector } from '../support/vectors.js';

const { vectors } = JSON.parse(readFileSync(new URL('../../spec/vectors/chain-v1.json', import.meta.url), 'utf8')) as {
  vectors: ChainVector[];
};
const SCRIPT = join(import.meta.dirname, 'programs', 'run-vectors.mjs');

/** The input of the vectors, with byte strings as text. */
function inputAsJson(): unknown {
  const input = unitInput(BUSY_INPUT);
  return {
    ...input,
    stdin: toBase64Url(input.stdin),
    seed: toBase64Url(input.seed),
    files: input.files.map(({ name, bytes }) => ({ name, bytes: toBase64Url(bytes) })),
  };
}

test.each([
  ['as it comes', [], []],
  ['the baseline compiler only', ['--liftoff-only'], []],
  ['the optimising compiler only', ['--no-liftoff'], []],
  ['another thread', [], ['thread']],
])('%s', (_, flags, parameters) => {
  withFolder((folder) => {
    const file = join(folder, 'vectors.json');
    writeFileSync(file, JSON.stringify({ vectors, input: inputAsJson() }));
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, SCRIPT, file, ...parameters], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    const expected = vectors.flatMap(({ outcome: { kind, fuel, links, resultDigest } }) => {
      const seen = { kind, fuel, links, resultDigest };
      return [seen, seen];
    });
    expect(JSON.parse(stdout)).toEqual(expected);
  });
});
