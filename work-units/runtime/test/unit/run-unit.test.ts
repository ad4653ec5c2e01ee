// A whole run: results, exit codes, limits at their exact point, traps, and what counts as the host's failure.
import { ENGINE_ERROR_CODES, OUTPUT_MAXIMUM_BYTES, STDERR_TAIL_BYTES } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import { DEFAULT_UNIT_LIMITS, runUnit, type UnitOutcome } from '../../src/index.js';
import { bytesOf, textOf, unitInput } from '../support/guest.js';
import { prepare, runOptions } from '../support/machine.js';
import { rawStep } from '../support/raw-step.js';
import { buildModule, call, I32, I64, i32, i64, type TestModule } from '../support/wasm-builder.js';

const TYPES = [
  { parameters: [I32], results: [] },
  { parameters: [I32, I32, I32, I32], results: [I32] },
  { parameters: [I32, I32, I32, I32, I32, I64, I64, I32, I32], results: [I32] },
  { parameters: [I32], results: [I32] },
] as const;
const DROP = [0x1a];
const UNREACHABLE = [0x00];
/** `ab\n` at 100 as one buffer (list at 0), the path `out` at 200. */
const DATA = [
  { offset: 0, bytes: [100, 0, 0, 0, 3, 0, 0, 0] },
  { offset: 100, bytes: [...bytesOf('ab\n')] },
  { offset: 200, bytes: [...bytesOf('out')] },
];
const EXIT = { name: 'proc_exit', type: 1 };
const WRITE = { name: 'fd_write', type: 2 };
const OPEN = { name: 'path_open', type: 3 };

type Input = Parameters<typeof unitInput>[0];

/** Through the pipeline; in the build `nonleaf`. */
async function run(parts: TestModule, input: Input = {}): Promise<UnitOutcome> {
  const { nonleaf } = await prepare({ types: TYPES, data: DATA, ...parts });
  return runUnit(nonleaf, unitInput(input), runOptions('nonleaf'));
}

/** As it is, which the pipeline would refuse. */
function runRaw(parts: TestModule, input: Input = {}): UnitOutcome {
  const module = new WebAssembly.Module(buildModule({ types: TYPES, data: DATA, ...parts }));
  return runUnit(module, unitInput(input), runOptions('nonleaf'));
}

const body = (...code: (readonly number[])[]): NonNullable<TestModule['functions']> => [{ code: code.flat() }];
const write = (fd: number, index = 0): number[] => [
  ...i32(fd),
  ...i32(0),
  ...i32(1),
  ...i32(16),
  ...call(index),
  ...DROP,
];
const times = (count: number, code: readonly number[]): number[] => Array.from({ length: count }, () => code).flat();
const create = (index: number): number[] => [
  ...[3, 0, 200, 3, 1].flatMap(i32),
  ...i64(0x1fff_ffffn),
  ...i64(0n),
  ...[0, 24].flatMap(i32),
  ...call(index),
  ...DROP,
];

describe('success', () => {
  test('standard output, collected files and the end of standard error', async () => {
    const code = body(write(1), create(1), write(4), write(4), write(2));
    const outcome = await run(
      { imports: [WRITE, OPEN], functions: code },
      { collect: ['out', 'none', './out', 'out'] },
    );
    expect(outcome).toMatchObject({ kind: 'success', exitCode: 0, stderrTail: 'ab\n' });
    if (outcome.kind !== 'success') return;
    expect(textOf(outcome.stdout)).toBe('ab\n');
    expect(outcome.files.map(({ name, bytes }) => [name, bytes && textOf(bytes)])).toEqual([
      ['out', 'ab\nab\n'],
      ['none', null],
      ['./out', 'ab\nab\n'],
    ]);
  });

  test.each([0, 10, 20, 255])('exit code %i, declared', async (exitCode) => {
    const parts = { imports: [EXIT], functions: body(i32(exitCode), call(0), UNREACHABLE) };
    expect(await run(parts, { okExitCodes: [0, 10, 20, 255] })).toMatchObject({ kind: 'success', exitCode });
  });

  test.each([
    [-1, 255],
    [256, 0],
    [0x1234, 0x34],
  ])('of exit code %i the low 8 bits count: %i', async (exitCode, expected) => {
    const parts = { imports: [EXIT], functions: body(i32(exitCode), call(0), UNREACHABLE) };
    expect(await run(parts, { okExitCodes: [expected] })).toMatchObject({ kind: 'success', exitCode: expected });
    expect(await run(parts, { okExitCodes: [7] })).toMatchObject({ code: 'MH-UNIT-002', exitCode: expected });
  });

  test('twice gives equal outcomes, and neither input nor output share memory with the run', async () => {
    const parts = { imports: [WRITE], functions: body(write(1)) };
    expect(await run(parts)).toEqual(await run(parts));
    const stdin = bytesOf('input');
    expect(await run({}, { stdin, files: [{ name: 'f', bytes: stdin }], collect: ['f'] })).toMatchObject({
      kind: 'success',
    });
    expect(textOf(stdin)).toBe('input');
  });

  test('exports with names of JavaScript’s own are harmless', async () => {
    const exports = ['then', '__proto__', 'constructor', 'toString'].map((name) => ({ name, kind: 0, index: 0 }));
    expect((await run({ exports })).kind).toBe('success');
  });
});

describe('failure of the unit', () => {
  test('an exit code that was not declared', async () => {
    const parts = { imports: [EXIT, WRITE], functions: body(write(2, 1), i32(3), call(0)) };
    expect(await run(parts)).toMatchObject({
      kind: 'unit-failure',
      code: 'MH-UNIT-002',
      exitCode: 3,
      stderrTail: 'ab\n',
    });
  });

  test('a normal end when zero does not mean success', async () => {
    expect(await run({}, { okExitCodes: [1] })).toMatchObject({
      kind: 'unit-failure',
      code: 'MH-UNIT-002',
      exitCode: 0,
    });
  });

  test.each([
    ['unreachable', UNREACHABLE],
    ['division by zero', [...i32(1), ...i32(0), 0x6d, ...DROP]],
    ['an access outside the memory', [...i32(-1), 0x28, 2, 0, ...DROP]],
  ])('a trap: %s', async (_, code) => {
    expect(await run({ functions: [{ code }] })).toMatchObject({
      kind: 'unit-failure',
      code: 'MH-UNIT-001',
      exitCode: null,
    });
  });

  test('a signal that the program raises', async () => {
    const parts = { imports: [{ name: 'proc_raise', type: 4 }], functions: body(i32(6), call(0), DROP) };
    expect(await run(parts)).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-001' });
  });

  test('standard output: the limit itself is fine, one write more is a failure', async () => {
    const parts = (count: number): TestModule => ({ imports: [WRITE], functions: body(times(count, write(1))) });
    expect((await run(parts(3), { limits: { outputMaximumBytes: 9 } })).kind).toBe('success');
    expect(await run(parts(3), { limits: { outputMaximumBytes: 8 } })).toMatchObject({
      code: 'MH-UNIT-003',
      exitCode: null,
    });
  });

  test('collected files count as output too, others do not', async () => {
    const parts = { imports: [WRITE, OPEN], functions: body(write(1), create(1), write(4)) };
    const limits = { outputMaximumBytes: 5 };
    expect(await run(parts, { limits, collect: ['out'] })).toMatchObject({ code: 'MH-UNIT-003' });
    expect((await run(parts, { limits })).kind).toBe('success');
  });

  test('files: the limit itself is fine, one byte more is a failure', async () => {
    const parts = { imports: [WRITE, OPEN], functions: body(create(1), write(4)) };
    const needed = 512 * 3 + 3;
    expect((await run(parts, { limits: { fileTreeMaximumBytes: needed } })).kind).toBe('success');
    expect(await run(parts, { limits: { fileTreeMaximumBytes: needed - 1 } })).toMatchObject({ code: 'MH-UNIT-004' });
  });

  test('inputs above the limit of files', async () => {
    const input = { stdin: new Uint8Array(4096), limits: { fileTreeMaximumBytes: 4096 } };
    expect(await run({}, input)).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-004' });
  });

  test('descriptors: the limit itself is fine, one more is a failure', async () => {
    const parts = { imports: [WRITE, OPEN], functions: body(create(1), create(1)) };
    expect((await run(parts, { limits: { openFilesMaximum: 6 } })).kind).toBe('success');
    expect(await run(parts, { limits: { openFilesMaximum: 5 } })).toMatchObject({ code: 'MH-UNIT-005' });
  });

  test.each([
    ['/absolute', {}],
    ['../out', {}],
    ['', {}],
    ['folder/', {}],
    ['same/../same', {}],
    ['same', {}],
    ['a\0b', {}],
    ['ok', { args: ['a\0b'] }],
    ['ok', { env: { 'A=B': '1' } }],
    ['ok', { env: { '': '1' } }],
    ['ok', { args: ['x'.repeat(1024 * 1024)] }],
  ])('inputs that no program can get: file %j, %j', async (name, changes) => {
    const bytes = new Uint8Array(0);
    const files = [
      { name: 'same', bytes },
      { name, bytes },
    ];
    expect(await run({}, { files, ...changes })).toMatchObject({
      kind: 'unit-failure',
      code: 'MH-UNIT-006',
      stderrTail: '',
    });
  });

  test.each([
    ['an unknown function', { imports: [{ name: 'fd_teleport', type: 1 }] }],
    ['a name of JavaScript’s own', { imports: [{ name: '__proto__', type: 1 }] }],
    ['another module', { imports: [{ module: 'constructor', name: 'name', type: 1 }] }],
    ['one that was not prepared', {}],
    ['no memory exported', { raw: { 7: [1, 6, ...bytesOf('_start'), 0, 0] } }],
    ['no _start exported', { raw: { 7: [1, 6, ...bytesOf('memory'), 2, 0] } }],
    ['_start is not a function', { raw: { 7: [2, 6, ...bytesOf('memory'), 2, 0, 6, ...bytesOf('_start'), 2, 0] } }],
  ] satisfies [string, TestModule][])('a module that does not fit: %s', (_, parts) => {
    expect(runRaw(parts)).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-007' });
  });
});

describe('failure of the host', () => {
  const options = runOptions('step');

  test('a native stack overflow', () => {
    const module = rawStep({ step: call(2) });
    expect(runUnit(module, unitInput(), options)).toMatchObject({ kind: 'host-failure', code: 'MH-HOST-002' });
  });

  test('a memory that cannot be had', () => {
    const module = rawStep({ step: UNREACHABLE, growthRefused: 1 });
    expect(runUnit(module, unitInput(), options)).toMatchObject({ kind: 'host-failure', code: 'MH-HOST-001' });
  });
});

describe('standard error', () => {
  test('keeps its end only, and cuts no character in two', async () => {
    const data = [
      { offset: 0, bytes: [100, 0, 0, 0, 7, 0, 0, 0] },
      { offset: 100, bytes: [...bytesOf('x€€')] },
    ];
    const parts = { imports: [WRITE], data, functions: body(times(9, write(2))) };
    expect(await run(parts, { limits: { stderrTailBytes: 8 } })).toMatchObject({ stderrTail: '€x€€'.slice(1) });
    expect(await run(parts, { limits: { stderrTailBytes: 5 } })).toMatchObject({ stderrTail: '€' });
    expect(await run(parts, { limits: { stderrTailBytes: 0 } })).toMatchObject({ kind: 'success', stderrTail: '' });
  });
});

test('codes are documented and limits are those of the contract', async () => {
  for (const code of ['MH-UNIT-001', 'MH-UNIT-006', 'MH-UNIT-007', 'MH-HOST-001', 'MH-HOST-002', 'MH-HOST-005'])
    expect(Object.keys(ENGINE_ERROR_CODES)).toContain(code);
  expect(DEFAULT_UNIT_LIMITS.outputMaximumBytes).toBe(OUTPUT_MAXIMUM_BYTES);
  expect(DEFAULT_UNIT_LIMITS.stderrTailBytes).toBe(STDERR_TAIL_BYTES);
});
