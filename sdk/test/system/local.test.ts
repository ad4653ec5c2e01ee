// Runs on this computer: the same program, the same bytes; endless loops end; failures say what happened.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { estimate, type Input, runLocally, type Trial } from '@manyhands/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';

const wasm = { path: new URL('../fixtures/probe.wasm', import.meta.url) };
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'manyhands-local-'));
});
afterAll(() => rm(directory, { recursive: true }));

const run = (args: string[], input: Partial<Input> = {}, options = {}): Promise<Trial> =>
  runLocally({ name: 'probe', wasm }, { name: 'u', ...input }, { args, ...options });
const text = ({ outcome }: Trial): string =>
  outcome.kind === 'success' ? new TextDecoder().decode(outcome.stdout) : `${outcome.code} ${outcome.message}`;

test('standard input comes as text, bytes or a file on disk', async () => {
  await writeFile(join(directory, 'in'), 'hello');
  for (const stdin of ['hello', new TextEncoder().encode('hello'), { path: join(directory, 'in') }])
    expect(text(await run(['echo'], { stdin }))).toBe('hello');
  expect(text(await run(['echo']))).toBe('');
});

test('words: program name, shared ones, the unit’s own; and the environment', async () => {
  const trial = await run(['words', 'a b'], { args: ['c'] }, { programName: 'tool', env: { NAME: 'value' } });
  expect(text(trial)).toBe('tool\nwords\na b\nc\nvalue\n');
});

test('a unit’s own file goes before the shared one; collected files come back, absent ones as null', async () => {
  const options = { files: { 'data.txt': 'shared', 'other.txt': 'x' }, collect: ['out/copy.txt', 'copy.txt'] };
  const { outcome } = await run(['copy', 'data.txt', 'copy.txt'], { files: { 'data.txt': 'own' } }, options);
  expect(outcome).toMatchObject({
    kind: 'success',
    files: [
      { name: 'copy.txt', bytes: new TextEncoder().encode('own') },
      { name: 'out/copy.txt', bytes: null },
    ],
  });
});

test('randomness is the same for the same unit, another for another one', async () => {
  const [first, again, other] = [await run(['random']), await run(['random']), await run(['random'], { name: 'v' })];
  expect(text(first)).toMatch(/^[0-9a-f]{32}$/);
  expect(text(again)).toBe(text(first));
  expect(text(other)).not.toBe(text(first));
});

test('failures: exit code with stderr, trap, too much output, an endless loop', async () => {
  const failed = await run(['fail-on', 'x'], { stdin: 'x' });
  expect(failed.outcome).toMatchObject({ code: 'MH-UNIT-002', exitCode: 7, stderrTail: 'can not do x\n' });
  expect((await run(['exit', '20'], {}, { okExitCodes: [0, 20] })).outcome).toMatchObject({
    kind: 'success',
    exitCode: 20,
  });
  expect((await run(['trap'])).outcome).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-001' });
  const large = await run(['echo'], { stdin: 'x'.repeat(1001) }, { outputMaximumBytes: 1000 });
  expect(large.outcome).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-003' });
  expect((await run(['loop'], {}, { timeoutMs: 1000 })).outcome).toMatchObject({
    kind: 'host-failure',
    code: 'MH-HOST-003',
  });
});

test('an aborted run ends with the reason', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('enough')), 200);
  await expect(run(['loop'], {}, { signal: stop.signal })).rejects.toThrow('enough');
});

test('a program that is none is refused', async () => {
  const refused = runLocally({ name: 'x', wasm: new Uint8Array(8) }, { name: 'u' });
  await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'MH-MOD-001' }));
});

test('an estimate scales the trials up to the batch', () => {
  const trials = [{ elapsedMs: 1000 }, { elapsedMs: 3000 }];
  expect(estimate(trials, { unitCount: 900, creditPerReplicaMilli: 10, cores: 4 })).toEqual({
    units: 900,
    replicas: 1800,
    cpuHours: 1,
    creditMilli: 18_000,
    wallMs: 900_000,
  });
});
