// Runs on this computer: the same program, the same bytes; endless loops end; failures say what happened.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FUEL_PER_COBBLESTONE } from '@manyhands/contract';
import {
  type BuiltProgram,
  buildProgram,
  buildsOf,
  estimate,
  type Input,
  runLocally,
  type Trial,
} from '@manyhands/sdk';
import { childrenOf, cpuMsOf, innermostOf, temporaryFolder, until } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';

/** So small that marks lie as close together as they may. */
const MEMORY_MAXIMUM_BYTES = 16 * 2 ** 20;
const wasm = { path: new URL('../fixtures/probe.wasm', import.meta.url) };
let directory: string;
beforeAll(async () => {
  directory = await temporaryFolder();
});

const run = (args: string[], input: Partial<Input> = {}, options = {}): Promise<Trial> =>
  runLocally(
    { name: 'probe', wasm, dataDirectory: directory, memoryMaximumBytes: MEMORY_MAXIMUM_BYTES },
    { name: 'u', ...input },
    { args, ...options },
  );
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
  expect((await run(['loop'], {}, { timeoutMs: 1000, fuelMaximum: 2 ** 50 })).outcome).toMatchObject({
    kind: 'host-failure',
    code: 'MH-HOST-003',
  });
});

test('an aborted run ends with the reason', async () => {
  const stop = new AbortController();
  const running = expect(run(['loop'], {}, { signal: stop.signal })).rejects.toThrow('enough');
  await until('a process that computes', () =>
    childrenOf(process.pid)
      .map(innermostOf)
      .some((pid) => cpuMsOf(pid) > 1000),
  );
  stop.abort(new Error('enough'));
  await running;
});

test('a program that is none is refused', async () => {
  const refused = runLocally({ name: 'x', wasm: new Uint8Array(8), dataDirectory: directory }, { name: 'u' });
  await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'MH-MOD-001' }));
});

test('fuel is the same every time, and a unit that needs more than its limit fails at exactly that', async () => {
  const [first, again] = [await run(['words', 'a']), await run(['words', 'a'])];
  const fuel = first.outcome.kind === 'success' ? first.outcome.fuel : 0;
  expect(fuel).toBeGreaterThan(100);
  expect(again).toMatchObject({ build: 'nonleaf', outcome: { kind: 'success', fuel } });
  expect((await run(['words', 'a'], {}, { fuelMaximum: fuel })).outcome.kind).toBe('success');
  expect((await run(['words', 'a'], {}, { fuelMaximum: fuel - 1 })).outcome).toMatchObject({
    kind: 'unit-failure',
    code: 'MH-UNIT-008',
    fuel: fuel - 1,
  });
});

test('a program that stays in one innermost loop is run again with the other build', async () => {
  const fuelMaximum = 10_000_000_000;
  const { build, outcome } = await run(['loop'], {}, { fuelMaximum });
  expect(outcome).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-008', fuel: fuelMaximum });
  expect(build).toBe('all');
});

test('the clock stands where it was put', async () => {
  const clockMs = Date.UTC(2026, 10, 22);
  expect(text(await run(['clock'], {}, { clockMs }))).toBe(`${clockMs / 1000}\n`);
  expect(text(await run(['clock']))).toBe(`${Date.UTC(2000, 0, 1) / 1000}\n`);
});

test('builds are made once for a program, and again for another memory', async () => {
  let builds = 0;
  const build = (memoryMaximumBytes: number): Promise<BuiltProgram> =>
    buildProgram(wasm, {
      memoryMaximumBytes,
      cacheDirectory: join(directory, 'other'),
      onBuild: () => {
        builds += 1;
      },
    });
  const first = await build(MEMORY_MAXIMUM_BYTES);
  const again = await build(MEMORY_MAXIMUM_BYTES);
  expect([builds, first.isCached, again.isCached]).toEqual([1, false, true]);
  expect(again).toEqual({ ...first, isCached: true });
  expect(buildsOf(first).map(([name]) => name)).toEqual(['nonleaf', 'all']);
  await build(2 * MEMORY_MAXIMUM_BYTES);
  expect(builds).toBe(2);
});

test('an aborted instrumentation ends with the reason', async () => {
  const stop = new AbortController();
  const building = buildProgram(wasm, {
    cacheDirectory: null,
    onBuild: () => stop.abort(new Error('enough')),
    signal: stop.signal,
  });
  await expect(building).rejects.toThrow('enough');
});

test('an estimate scales the trials up to the batch; credit and duration on an ordinary core follow from fuel', () => {
  const trials = [
    { elapsedMs: 1000, fuel: 5_000_000_000 },
    { elapsedMs: 3000, fuel: 15_000_000_000 },
  ];
  expect(estimate(trials, { unitCount: 900, cores: 4 })).toEqual({
    units: 900,
    replicas: 1800,
    expectedDurationMs: 2000,
    cpuHours: 1,
    creditMilli: Math.floor((1800 * 10_000_000_000_000) / FUEL_PER_COBBLESTONE),
    wallMs: 900_000,
  });
});
