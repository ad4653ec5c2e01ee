// Wrong usage: exit code 2, a sentence for people, a document for scripts; a reader that stops early is no fault.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { LAUNCHER } from '@manyhands/testing';
import { expect, test } from 'vitest';

const run = promisify(execFile);
type Ended = { code: number; stdout: string; stderr: string };

function manyhands(args: readonly string[]): Promise<Ended> {
  return run(process.execPath, [LAUNCHER, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => error,
  );
}

test.for([
  ['an unknown command', ['frobnicate']],
  ['an unknown option', ['demo', '--frobnicate']],
  ['a missing argument', ['worker', 'join']],
  ['a missing option', ['map', 'x.wasm']],
  ['a value out of bounds', ['demo', '--workers', '99']],
] as const)('%s exits with 2', async ([, args]) => {
  const plain = await manyhands(args);
  expect(plain.code, plain.stderr).toBe(2);
  expect(plain.stdout).toBe('');
  expect(plain.stderr.length).toBeGreaterThan(10);
  const json = await manyhands([...args, '--json']);
  expect(json.code).toBe(2);
  expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, error: { code: 'MH-GEN-009' } });
});

test('help and version exit with 0', async () => {
  for (const args of [['--help'], ['map', '--help'], ['--version']])
    expect((await manyhands(args)).code, args.join(' ')).toBe(0);
});

test('a reader that stops early is no fault', async () => {
  const { stdout, stderr } = await run('/bin/sh', ['-c', `"$0" "$1" --help | head -1`, process.execPath, LAUNCHER]);
  expect(stdout).toContain('Usage');
  expect(stderr).toBe('');
});

test.runIf(existsSync('/dev/full'))('an output on a full disk is said as such', async () => {
  for (const word of ['--help', '--version']) {
    const full = run('/bin/sh', ['-c', `"$0" "$1" ${word} > /dev/full`, process.execPath, LAUNCHER]);
    await expect(full, word).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^manyhands: .*MH-GEN-010\n$/),
    });
  }
});
