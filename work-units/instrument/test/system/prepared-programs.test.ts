// Real programs go through the preparation unchanged in what they do, and within the memory that they are given.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareModule, validatePrepared } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, runUnit, type UnitOutcome } from '@manyhands/runtime';
import { describe, expect, test } from 'vitest';
import { compileToWasm, missingToolchain } from '../../../runtime/test/support/c-programs.js';

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
};

const options = (memoryMaximumBytes: number) => ({ memoryMaximumBytes, moduleMaximumBytes: 16 * MEBIBYTE });
const run = (wasm: Uint8Array): UnitOutcome => runUnit(new WebAssembly.Module(new Uint8Array(wasm)), INPUT);
const output = (outcome: UnitOutcome): string =>
  outcome.kind === 'success' ? new TextDecoder().decode(outcome.stdout) : JSON.stringify(outcome);

describe.skipIf(missingToolchain() !== null)('programs in C, prepared', () => {
  test('a program that takes all the memory there is sees the maximum, not the host', () => {
    const wasm = compileToWasm(join(PROGRAMS, 'memory.c'), ['-fno-builtin']);
    for (const [mebibytes, expected] of [
      [8, 7],
      [64, 63],
    ] as const) {
      const prepared = prepareModule(wasm, options(mebibytes * MEBIBYTE));
      validatePrepared(prepared.wasm, { memoryMaximumBytes: mebibytes * MEBIBYTE });
      expect(Number(output(run(prepared.wasm))), `${mebibytes} MiB`).toBe(expected);
    }
  });

  test('a host that has less memory than the program was promised fails as a host', () => {
    const prepared = prepareModule(compileToWasm(join(PROGRAMS, 'memory.c'), ['-fno-builtin']), options(64 * MEBIBYTE));
    expect(runWithLittleMemory(prepared.wasm)).toMatchObject({ kind: 'host-failure', code: 'MH-HOST-001' });
  });

  test.each([
    ['-O0', []],
    ['-O3', []],
    [
      '-O3 with SIMD and bulk memory',
      ['-msimd128', '-mbulk-memory', '-mnontrapping-fptoint', '-msign-ext', '-mmultivalue'],
    ],
  ])('what compilers emit by default is allowed and does the same: %s', (level, features) => {
    const wasm = compileToWasm(join(PROGRAMS, 'features.c'), [level.slice(0, 3), ...features]);
    const plain = output(run(wasm));
    expect(plain).toMatch(/^zero 0\none 1\ntwo 4\n/);
    expect(output(run(prepareModule(wasm, options(4 * MEBIBYTE)).wasm))).toBe(plain);
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
  ])('%s are refused with advice', (_, flags, code) => {
    const wasm = compileToWasm(join(PROGRAMS, 'features.c'), flags);
    expect(() => prepareModule(wasm, options(4 * MEBIBYTE))).toThrow(expect.objectContaining({ code }));
  });
});

/** Runs a module in a process whose engine gives a memory at most 100 pages. */
function runWithLittleMemory(wasm: Uint8Array): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'manyhands-memory-'));
  try {
    const path = join(folder, 'module.wasm');
    writeFileSync(path, wasm);
    const script = `import { readFileSync } from 'node:fs';
      import { DEFAULT_UNIT_LIMITS, runUnit } from ${JSON.stringify(import.meta.resolve('@manyhands/runtime'))};
      const input = { args: ['program'], stdin: new Uint8Array(0), files: [], collect: [], okExitCodes: [0], seed: new Uint8Array(32), limits: DEFAULT_UNIT_LIMITS };
      console.log(JSON.stringify(runUnit(new WebAssembly.Module(readFileSync(${JSON.stringify(path)})), input)));`;
    const parameters = ['--wasm-max-mem-pages=100', '--input-type=module', '--eval', script];
    const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
