// Real programs go through the preparation unchanged in what they do, and within the memory that they are given.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp, validatePrepared } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, runUnit, type UnitOutcome } from '@manyhands/runtime';
import { temporaryFolderSync } from '@manyhands/testing';
import { describe, expect, test } from 'vitest';
import { compileToWasm, missingToolchain } from '../../../runtime/test/support/c-programs.js';
import { drive, runPlain } from '../support/driver.js';

const MEBIBYTE = 1024 * 1024;
const PROGRAMS = join(import.meta.dirname, 'programs');
const INPUT = {
  args: ['program'],
  stdin: new Uint8Array(0),
  files: [],
  collect: [],
  okExitCodes: [0],
  seed: new Uint8Array(32),
  limits: DEFAULT_UNIT_LIMITS,
  fuelMaximum: 2 ** 50,
};

const options = (memoryMaximumBytes: number) => ({ memoryMaximumBytes, moduleMaximumBytes: 16 * MEBIBYTE });
const RUN = { build: 'nonleaf', moduleCid: 'module', markSpacing: 2 ** 40 } as const;
const run = (wasm: Uint8Array): UnitOutcome => runUnit(new WebAssembly.Module(new Uint8Array(wasm)), INPUT, RUN);
const buildsOf = async (wasm: Uint8Array, mebibytes: number): Promise<{ nonleaf: Uint8Array; all: Uint8Array }> => {
  const { builds } = await buildApp(wasm, options(mebibytes * MEBIBYTE));
  if (!('nonleaf' in builds)) throw new Error('not a command');
  return builds;
};
const output = (outcome: UnitOutcome): string =>
  outcome.kind === 'success' ? new TextDecoder().decode(outcome.stdout) : JSON.stringify(outcome);

describe.skipIf(missingToolchain() !== null)('programs in C, prepared', () => {
  test('a program that takes all the memory there is sees the maximum, not the host', async () => {
    const wasm = compileToWasm(join(PROGRAMS, 'memory.c'), ['-fno-builtin']);
    for (const [mebibytes, expected] of [
      [8, 7],
      [64, 63],
    ] as const) {
      const { nonleaf } = await buildsOf(wasm, mebibytes);
      validatePrepared(nonleaf, { memoryMaximumBytes: mebibytes * MEBIBYTE, build: 'nonleaf' });
      expect(Number(output(run(nonleaf))), `${mebibytes} MiB`).toBe(expected);
    }
  });

  test('a host that has less memory than the program was promised fails as a host', async () => {
    const { nonleaf } = await buildsOf(compileToWasm(join(PROGRAMS, 'memory.c'), ['-fno-builtin']), 64);
    expect(runWithLittleMemory(nonleaf)).toMatchObject({ kind: 'host-failure', code: 'MH-HOST-001' });
  });

  test.each([
    ['-O0', []],
    ['-O3', []],
    [
      '-O3 with SIMD and bulk memory',
      ['-msimd128', '-mbulk-memory', '-mnontrapping-fptoint', '-msign-ext', '-mmultivalue'],
    ],
  ])('what compilers emit by default is allowed and does the same: %s', async (level, features) => {
    const wasm = compileToWasm(join(PROGRAMS, 'features.c'), [level.slice(0, 3), ...features]);
    const plain = runPlain(wasm).stdout;
    expect(plain).toMatch(/^zero 0\none 1\ntwo 4\n/);
    const { nonleaf, all } = await buildsOf(wasm, 4);
    expect(output(run(nonleaf))).toBe(plain);
    expect(drive(all, { build: 'all', slice: () => 10_000n, isMoved: true })).toMatchObject({
      stdout: plain,
      trap: null,
    });
  });

  test.each([
    [
      'threads',
      ['-matomics', '-mbulk-memory', '-Wl,--shared-memory', '-Wl,--max-memory=1048576', '-Wl,--no-check-features'],
      'MH-MOD-011',
    ],
    ['a reactor', ['-mexec-model=reactor'], 'MH-MOD-005'],
    ['missing functions', ['-Wl,--allow-undefined', '-Dmain=main_missing'], 'MH-MOD-003'],
    ['an imported memory', ['-Wl,--import-memory'], 'MH-MOD-006'],
  ])('%s are refused with advice', async (_, flags, code) => {
    const wasm = compileToWasm(join(PROGRAMS, 'features.c'), flags);
    await expect(buildApp(wasm, options(4 * MEBIBYTE))).rejects.toMatchObject({ code });
  });
});

/** Runs a module in a process whose engine gives a memory at most 100 pages. */
function runWithLittleMemory(wasm: Uint8Array): unknown {
  const folder = temporaryFolderSync();
  const path = join(folder, 'module.wasm');
  writeFileSync(path, wasm);
  const script = `import { readFileSync } from 'node:fs';
    import { DEFAULT_UNIT_LIMITS, runUnit } from ${JSON.stringify(import.meta.resolve('@manyhands/runtime'))};
    const input = { args: ['program'], stdin: new Uint8Array(0), files: [], collect: [], okExitCodes: [0], seed: new Uint8Array(32), limits: DEFAULT_UNIT_LIMITS, fuelMaximum: 2 ** 50 };
    console.log(JSON.stringify(runUnit(new WebAssembly.Module(readFileSync(${JSON.stringify(path)})), input, ${JSON.stringify(RUN)})));`;
  const parameters = ['--wasm-max-mem-pages=100', '--input-type=module', '--eval', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}
