// Each thing that is not allowed is refused with its code, a stable reason, and words that help.
import { isManyhandsError, type ManyhandsError } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import {
  buildModule,
  F64,
  I32,
  I64,
  i32,
  list,
  type TestModule,
  text,
  uleb,
  V128,
} from '../../../runtime/test/support/wasm-builder.js';
import { buildApp, inspectApp } from '../../src/index.js';
import { FOREIGN_IMPORTS } from '../../src/module/foreign-imports.js';

const OPTIONS = { memoryMaximumBytes: 64 * 65_536, moduleMaximumBytes: 1 << 24 };
const DROP = 0x1a;
const FUNCREF = 0x70;
const NO_RESULT = { parameters: [], results: [] };

/** The error of a refusal. Fails when the module is accepted or something else is thrown. */
async function refusal(wasm: Uint8Array, options = OPTIONS): Promise<ManyhandsError> {
  try {
    await buildApp(wasm, options);
  } catch (error) {
    if (isManyhandsError(error)) return error;
    throw error;
  }
  throw new Error('the module was accepted');
}

const body = (code: readonly number[]): TestModule => ({ functions: [{ code }] });
const code = (...bytes: number[]): TestModule => body(bytes);
const exported = (name: string): TestModule => ({ exports: [{ name, kind: 2, index: 0 }] });
const table = (...payload: number[]): Record<number, number[]> => ({ 4: [1, ...payload] });
const imported = (name: string, parameters: number[], results: number[], module?: string): TestModule => ({
  types: [{ parameters, results }],
  imports: [{ name, type: 1, ...(module !== undefined && { module }) }],
});
const rawImport = (...payload: number[]): TestModule => ({ raw: { 2: [1, ...text('env'), ...text('x'), ...payload] } });
const many = (count: number, item: readonly number[]): number[] => [
  ...uleb(count),
  ...Array.from({ length: count }, () => item).flat(),
];
const blocks = (depth: number): number[] => [
  ...Array.from({ length: depth }, () => [0x02, 0x40]).flat(),
  ...Array.from({ length: depth }, () => 0x0b),
];

/** Each loop has a block in it, which must not count. */
const nested = (depth: number): number[] => [
  ...Array.from({ length: depth }, () => [0x03, 0x40, 0x02, 0x40]).flat(),
  ...Array.from({ length: 2 * depth }, () => 0x0b),
];

const CASES: [string, TestModule, string, string][] = [
  ['start section', { raw: { 8: [0] } }, 'MH-MOD-009', 'start-section'],
  ['tag section', { raw: { 13: [1, 0, 0] } }, 'MH-MOD-008', 'exceptions'],
  ['function import of another module', imported('abort', [], [], 'env'), 'MH-MOD-003', 'foreign-import'],
  ['import of an older WASI', imported('fd_close', [I32], [I32], 'wasi_unstable'), 'MH-MOD-003', 'foreign-import'],
  [
    'import named as a property of objects',
    imported('fd_close', [I32], [I32], '__proto__'),
    'MH-MOD-003',
    'foreign-import',
  ],
  ['function that WASI does not have', imported('thread-spawn', [I32], [I32]), 'MH-MOD-003', 'unknown-import'],
  ['function named as a property of objects', imported('constructor', [I32], [I32]), 'MH-MOD-003', 'unknown-import'],
  ['import with another type', imported('fd_close', [I64], [I32]), 'MH-MOD-012', 'import-type'],
  ['import without its result', imported('fd_close', [I32], []), 'MH-MOD-012', 'import-type'],
  ['imported memory', rawImport(2, 0, 1), 'MH-MOD-006', 'imported-memory'],
  ['imported table', rawImport(1, FUNCREF, 0, 1), 'MH-MOD-003', 'foreign-import'],
  ['imported global', rawImport(3, I32, 0), 'MH-MOD-003', 'foreign-import'],
  ['no memory', { raw: { 5: null, 7: list([[...text('_start'), 0, 0]]) } }, 'MH-MOD-006', 'no-memory'],
  ['two memories', { raw: { 5: [2, 0, 1, 0, 1] } }, 'MH-MOD-006', 'memory-count'],
  ['memory not exported', { raw: { 7: list([[...text('_start'), 0, 0]]) } }, 'MH-MOD-006', 'memory-not-exported'],
  ['memory64', { memory: [4, 1] }, 'MH-MOD-011', 'memory64'],
  ['shared memory', { memory: [3, 1, 2] }, 'MH-MOD-011', 'threads'],
  ['memory with pages of another size', { memory: [8, 1, 0] }, 'MH-MOD-001', 'malformed'],
  ['maximum below the start', { memory: [1, 2, 1] }, 'MH-MOD-001', 'malformed'],
  ['more pages than addresses', { memory: [0, ...uleb(65_537)] }, 'MH-MOD-001', 'malformed'],
  ['too much memory at the start', { memory: [0, 65] }, 'MH-MOD-007', 'initial-memory'],
  ['no _start', { raw: { 7: list([[...text('memory'), 2, 0]]) } }, 'MH-MOD-005', 'no-start'],
  ['_start with a result', { raw: { 1: list([[0x60, 0, 1, I32]]) }, ...code(...i32(0)) }, 'MH-MOD-005', 'no-start'],
  [
    '_start that is a memory',
    {
      raw: {
        7: list([
          [...text('memory'), 2, 0],
          [...text('_start'), 2, 0],
        ]),
      },
    },
    'MH-MOD-005',
    'no-start',
  ],
  [
    'reactor',
    {
      raw: {
        7: list([
          [...text('memory'), 2, 0],
          [...text('_initialize'), 0, 0],
        ]),
      },
    },
    'MH-MOD-005',
    'no-start',
  ],
  ['reserved export', exported('asyncify_start_unwind'), 'MH-MOD-014', 'reserved-name'],
  ['reserved fuel', exported('$fuel'), 'MH-MOD-014', 'reserved-name'],
  ['reserved flag', exported('manyhands:growth-refused'), 'MH-MOD-014', 'reserved-name'],
  [
    'vector global',
    { globals: [[V128, 1, 0xfd, 12, ...new Array<number>(16).fill(0), 0x0b]] },
    'MH-MOD-011',
    'vector-global',
  ],
  [
    'computed initial value',
    { globals: [[I32, 0, ...i32(1), ...i32(2), 0x6a, 0x0b]] },
    'MH-MOD-011',
    'constant-expression',
  ],
  ['initial value of another global', { globals: [[I32, 0, 0x23, 0, 0x0b]] }, 'MH-MOD-011', 'constant-expression'],
  ['reference global', { globals: [[FUNCREF, 0, 0xd0, FUNCREF, 0x0b]] }, 'MH-MOD-011', 'reference-types'],
  ['reference parameter', { types: [{ parameters: [0x6f], results: [] }] }, 'MH-MOD-011', 'reference-types'],
  ['reference local', { functions: [{ locals: [FUNCREF], code: [] }] }, 'MH-MOD-011', 'reference-types'],
  ['structure type', { raw: { 1: [2, 0x60, 0, 0, 0x5f, 0] } }, 'MH-MOD-011', 'gc'],
  ['recursive type', { raw: { 1: [1, 0x4e, 1, 0x60, 0, 0] } }, 'MH-MOD-011', 'gc'],
  ['typed reference in a block', code(0x02, 0x64, 0, 0x0b), 'MH-MOD-011', 'gc'],
  ['exception reference', { types: [{ parameters: [0x69], results: [] }] }, 'MH-MOD-011', 'gc'],
  ['table of external references', { raw: table(0x6f, 0, 1) }, 'MH-MOD-011', 'reference-types'],
  ['two tables', { raw: { 4: [2, FUNCREF, 0, 1, FUNCREF, 0, 1] } }, 'MH-MOD-011', 'multiple-tables'],
  ['passive elements', { raw: { ...table(FUNCREF, 0, 1), 9: [1, 1, 0, 1, 0] } }, 'MH-MOD-011', 'table-mutation'],
  ['declared elements', { raw: { ...table(FUNCREF, 0, 1), 9: [1, 3, 0, 1, 0] } }, 'MH-MOD-011', 'table-mutation'],
  ['table.get', { raw: table(FUNCREF, 0, 1), ...code(...i32(0), 0x25, 0, DROP) }, 'MH-MOD-004', 'table-mutation'],
  [
    'table.set',
    { raw: table(FUNCREF, 0, 1), ...code(...i32(0), 0xd0, FUNCREF, 0x26, 0) },
    'MH-MOD-004',
    'reference-types',
  ],
  ['table.init', code(...i32(0), ...i32(0), ...i32(0), 0xfc, 12, 0, 0), 'MH-MOD-004', 'table-mutation'],
  ['elem.drop', code(0xfc, 13, 0), 'MH-MOD-004', 'table-mutation'],
  ['table.copy', code(0xfc, 14, 0, 0), 'MH-MOD-004', 'table-mutation'],
  ['table.grow', code(0xfc, 15, 0), 'MH-MOD-004', 'table-mutation'],
  ['table.size', code(0xfc, 16, 0, DROP), 'MH-MOD-004', 'table-mutation'],
  ['table.fill', code(0xfc, 17, 0), 'MH-MOD-004', 'table-mutation'],
  ['ref.null', code(0xd0, FUNCREF, DROP), 'MH-MOD-004', 'reference-types'],
  ['ref.func', code(0xd2, 0, DROP), 'MH-MOD-004', 'reference-types'],
  ['relaxed SIMD', code(0xfd, ...uleb(0x100)), 'MH-MOD-004', 'relaxed-simd'],
  ['relaxed dot product', code(0xfd, ...uleb(0x113)), 'MH-MOD-004', 'relaxed-simd'],
  ['atomics', code(0xfe, 0x03, 0x00), 'MH-MOD-004', 'threads'],
  ['try', code(0x06, 0x40, 0x0b), 'MH-MOD-004', 'exceptions'],
  ['try_table', code(0x1f, 0x40, 0, 0x0b), 'MH-MOD-004', 'exceptions'],
  ['throw', code(0x08, 0), 'MH-MOD-004', 'exceptions'],
  ['return_call', code(0x12, 0), 'MH-MOD-004', 'tail-calls'],
  ['return_call_indirect', code(0x13, 0, 0), 'MH-MOD-004', 'tail-calls'],
  ['call_ref', code(0x14, 0), 'MH-MOD-004', 'gc'],
  ['struct.new', code(0xfb, 0, 0), 'MH-MOD-004', 'gc'],
  ['a free opcode', code(0x27), 'MH-MOD-004', 'unknown-opcode'],
  ['a free SIMD opcode', code(0xfd, ...uleb(154)), 'MH-MOD-004', 'unknown-opcode'],
  ['wide arithmetic', code(0xfc, 19), 'MH-MOD-004', 'unknown-opcode'],
  ['an access to another memory', code(...i32(0), 0x28, 0x42, 1, 0, DROP), 'MH-MOD-001', 'malformed'],
  ['growth of another memory', code(...i32(0), 0x40, 1, DROP), 'MH-MOD-001', 'malformed'],
  ['too many functions', { raw: { 3: many(50_001, [0]) } }, 'MH-MOD-010', 'limit-functions'],
  ['too many types', { raw: { 1: many(10_001, [0x60, 0, 0]) } }, 'MH-MOD-010', 'limit-types'],
  [
    'too many globals',
    { globals: Array.from({ length: 10_001 }, () => [I32, 0, ...i32(0), 0x0b]) },
    'MH-MOD-010',
    'limit-globals',
  ],
  ['too many locals', { raw: { 10: list([[5, 1, ...uleb(5_001), I32, 0x0b]]) } }, 'MH-MOD-010', 'limit-locals'],
  [
    'locals that add up',
    { functions: [{ locals: new Array<number>(5_001).fill(F64), code: [] }] },
    'MH-MOD-010',
    'limit-locals',
  ],
  [
    'locals that count to 2^32',
    { raw: { 10: list([[8, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, I32, 0x0b]]) } },
    'MH-MOD-010',
    'limit-locals',
  ],
  [
    'locals of many functions',
    { functions: [{ code: [] }], raw: { 3: many(201, [0]), 10: many(201, [5, 1, ...uleb(5_000), I32, 0x0b]) } },
    'MH-MOD-010',
    'limit-localsTotal',
  ],
  ['too many loops', body(many(1_001, [0x03, 0x40, 0x0b]).slice(2)), 'MH-MOD-010', 'limit-loops'],
  ['loops too deep', body(nested(129)), 'MH-MOD-010', 'limit-loopNesting'],
  ['blocks too deep', body(blocks(4_096)), 'MH-MOD-010', 'limit-nesting'],
  ['100,000 blocks', body(blocks(100_000)), 'MH-MOD-010', 'limit-nesting'],
  ['a huge table', { raw: table(FUNCREF, 0, ...uleb(50_001)) }, 'MH-MOD-010', 'limit-tableEntries'],
  [
    'a table that claims to be huge',
    { raw: table(FUNCREF, 0, 0xff, 0xff, 0xff, 0xff, 0x0f) },
    'MH-MOD-010',
    'limit-tableEntries',
  ],
  ['a list that claims to be huge', { raw: { 7: [0xff, 0xff, 0xff, 0xff, 0x0f] } }, 'MH-MOD-010', 'limit-exports'],
  [
    'too many parameters',
    { types: [{ parameters: new Array<number>(1_001).fill(I32), results: [] }] },
    'MH-MOD-010',
    'limit-typeValues',
  ],
  ['a name too long', exported('x'.repeat(1_025)), 'MH-MOD-010', 'limit-nameBytes'],
  ['a huge function', body(new Array<number>(2_100_000).fill(0x01)), 'MH-MOD-010', 'limit-functionBytes'],
  ['types that do not fit', code(0x6a), 'MH-MOD-001', 'malformed'],
  ['else without if', code(0x05), 'MH-MOD-001', 'malformed'],
  ['an unknown function', code(0x10, 1), 'MH-MOD-001', 'malformed'],
  ['an unknown type', code(0x11, 1, 0), 'MH-MOD-001', 'malformed'],
  ['an unknown table', code(...i32(0), 0x11, 0, 0), 'MH-MOD-001', 'malformed'],
  ['an unknown local', code(0x20, 0, DROP), 'MH-MOD-001', 'malformed'],
  ['an unknown global', code(0x23, 0, DROP), 'MH-MOD-001', 'malformed'],
  ['an unknown label', code(0x0c, 1), 'MH-MOD-001', 'malformed'],
  ['an unknown data segment', code(0xfc, 9, 0), 'MH-MOD-001', 'malformed'],
  ['a select of two types', code(...i32(0), ...i32(0), ...i32(0), 0x1c, 2, I32, I32, DROP), 'MH-MOD-001', 'malformed'],
  ['code behind the end', code(0x0b), 'MH-MOD-001', 'malformed'],
  ['bodies missing', { raw: { 10: null } }, 'MH-MOD-001', 'malformed'],
  ['bodies too few', { functions: [{ code: [] }], raw: { 3: [2, 0, 0] } }, 'MH-MOD-001', 'malformed'],
  ['a function of an unknown type', { functions: [{ type: 7, code: [] }] }, 'MH-MOD-001', 'malformed'],
  ['a section with a rest', { raw: { 3: [1, 0, 0] } }, 'MH-MOD-001', 'malformed'],
  ['a number too long', { raw: { 3: [0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0] } }, 'MH-MOD-001', 'malformed'],
  ['a number of more than 32 bits', { raw: { 3: [0xff, 0xff, 0xff, 0xff, 0x1f, 0] } }, 'MH-MOD-001', 'malformed'],
  ['a constant of more than 32 bits', code(0x41, 0xff, 0xff, 0xff, 0xff, 0x4f, DROP), 'MH-MOD-001', 'malformed'],
  ['a name that is not UTF-8', { raw: { 7: [1, 1, 0xff, 2, 0] } }, 'MH-MOD-001', 'malformed'],
  ['an export of an unknown kind', { exports: [{ name: 'x', kind: 5, index: 0 }] }, 'MH-MOD-001', 'malformed'],
  ['a doubled export', exported('memory'), 'MH-MOD-001', 'malformed'],
  [
    'an unknown element',
    { raw: { ...table(FUNCREF, 0, 1), 9: [1, 0, 0x41, 0, 0x0b, 1, 5] } },
    'MH-MOD-001',
    'malformed',
  ],
  ['elements without a table', { raw: { 9: [1, 0, 0x41, 0, 0x0b, 1, 0] } }, 'MH-MOD-001', 'malformed'],
  ['data for another memory', { raw: { 11: [1, 2, 1, 0x41, 0, 0x0b, 0] } }, 'MH-MOD-001', 'malformed'],
];

/** What it is, why it breaks determinism or safety, what to do instead. */
const THREE_PARTS = /^[A-Z].{15,}\. Why not: [a-zW].{15,}\. What to do: [a-z].{10,}\.$/s;

test.each(CASES)('%s', async (_, parts, expectedCode, reason) => {
  const error = await refusal(buildModule({ types: [NO_RESULT], ...parts }));
  expect([error.code, error.meta.reason]).toEqual([expectedCode, reason]);
  expect(error.message).toMatch(THREE_PARTS);
  expect(error.message).not.toMatch(/\.\.| undefined|\. ?\.|\?\./);
});

describe('files that are no module', () => {
  const good = buildModule();
  test.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('(module)')],
    ['bad magic', good.with(0, 1)],
    ['a component', good.with(4, 0x0d).with(6, 1)],
    ['another version', good.with(4, 2)],
  ])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'MH-MOD-001', meta: { reason: 'not-a-module' } });
  });

  test('sections repeated or out of order', async () => {
    const repeated = Uint8Array.from([...good, ...good.subarray(8)]);
    expect(await refusal(repeated)).toMatchObject({ code: 'MH-MOD-001', meta: { reason: 'malformed' } });
    const unknown = Uint8Array.from([...good, 14, 0]);
    expect(await refusal(unknown)).toMatchObject({ code: 'MH-MOD-008', meta: { reason: 'unknown-section' } });
    const custom = Uint8Array.from([...good, 0, 1, 9]);
    expect(await refusal(custom)).toMatchObject({ code: 'MH-MOD-001' });
  });

  test('too large', async () => {
    const error = await refusal(good, { ...OPTIONS, moduleMaximumBytes: good.length - 1 });
    expect(error).toMatchObject({ code: 'MH-MOD-002', meta: { reason: 'module-size' } });
    await expect(buildApp(good, { ...OPTIONS, moduleMaximumBytes: good.length })).resolves.toMatchObject({
      abi: 'command',
    });
  });

  test('50 MB of data', async () => {
    const dataBytes = 50_000_000;
    const segment = [1, 0, ...i32(0), 0x0b, ...uleb(dataBytes)];
    const head = [...good, 11, ...uleb(segment.length + dataBytes), ...segment];
    const bytes = new Uint8Array(head.length + dataBytes);
    bytes.set(head);
    const error = await refusal(bytes, { ...OPTIONS, moduleMaximumBytes: 1 << 26 });
    expect(error).toMatchObject({ code: 'MH-MOD-010', meta: { reason: 'limit-dataBytes' } });
  });
});

test('messages say what to do for the usual mistakes', async () => {
  expect((await refusal(buildModule({ ...imported('abort', [I32, I32, I32, I32], [], 'env') }))).message).toContain(
    '--use abort=',
  );
  expect((await refusal(buildModule({ ...imported('getpid', [], [I32], 'env') }))).message).toContain('linked');
  expect((await refusal(buildModule(imported('fd_close', [I32], [I32], 'wasi_unstable')))).message).toContain(
    'preview 1',
  );
  expect((await refusal(buildModule(imported('fd_close', [I64], [I32])))).message).toContain('(i64) -> (i32)');
  expect((await refusal(buildModule({ raw: { 8: [0] } }))).message).toContain('--exportStart');
  expect((await refusal(buildModule(code(0xfe, 3, 0)))).message).toContain('-pthread');
});

describe('imports from elsewhere', () => {
  const samples: [string, string, string][] = [
    ['env', 'abort', '--use abort='],
    ['env', 'seed', 'random_get'],
    ['wasi', 'thread-spawn', '-pthread'],
    ['env', 'pthread_create', '-pthread'],
    ['env', '__cxa_throw', '-fno-exceptions'],
    ['env', 'setjmp', 'error codes'],
    ['env', 'popen', 'another unit'],
    ['env', 'alarm', 'another unit'],
    ['env', 'socket', 'input files'],
    ['env', 'emscripten_memcpy_big', 'wasi-sdk'],
    ['env', 'getpid', 'linked'],
    ['wasi_unstable', 'fd_write', 'preview 1'],
    ['wasi:clocks/wall-clock@0.2.0', 'now', 'wasm32-wasip1'],
    ['wasix_32v1', 'sock_open', 'plain preview 1'],
    ['wbg', '__wbindgen_throw', 'wasm-bindgen'],
    ['gojs', 'syscall/js.valueGet', 'wasip1'],
    ['__proto__', 'fd_write', 'plain command'],
  ];

  test.each(samples)('%s %s', async (module, name, advice) => {
    const error = await refusal(buildModule(imported(name, [], [], module)));
    expect(error).toMatchObject({ code: 'MH-MOD-003', meta: { reason: 'foreign-import' } });
    expect(error.message).toMatch(THREE_PARTS);
    expect(error.message).toContain(advice);
  });

  test('all of them are named at once, many only counted', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const imports = names.map((name) => ({ module: 'env', name, type: 1 }));
    const { message } = await refusal(buildModule({ types: [{ parameters: [], results: [] }], imports }));
    expect(message).toMatch(THREE_PARTS);
    expect(message).toContain('imports "f0" from "env"');
    expect(message).toContain('and also "f1" from "env", "f2" from "env"');
    expect(message).toContain('"f12" from "env" and 7 more. Why not');
  });

  test('each kind was tried', () => {
    for (const rule of FOREIGN_IMPORTS) {
      const first = samples.find(
        ([module, name]) => FOREIGN_IMPORTS.find((each) => each.module.test(module) && each.name.test(name)) === rule,
      );
      expect(first, rule.instead).toBeDefined();
    }
  });
});

test('as many loops as are allowed, side by side and inside one another', () => {
  for (const code of [many(1_000, [0x03, 0x40, 0x0b]).slice(2), nested(128)])
    expect(inspectApp(buildModule(body(code))).loops).toBe(code.filter((byte) => byte === 0x03).length);
});
