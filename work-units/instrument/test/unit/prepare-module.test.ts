// What comes out of the preparation: memory maximum, guard, no custom sections, the same bytes every time.
import { describe, expect, test } from 'vitest';
import {
  buildModule,
  call,
  F64,
  I32,
  i32,
  list,
  type TestModule,
  text,
} from '../../../runtime/test/support/wasm-builder.js';
import { INSTRUMENTER_VERSION, prepareModule, validatePrepared } from '../../src/index.js';

const PAGE = 65_536;
const options = (pages: number): { memoryMaximumBytes: number; moduleMaximumBytes: number } => ({
  memoryMaximumBytes: pages * PAGE,
  moduleMaximumBytes: 1 << 20,
});
const DROP = [0x1a];
const GROW = [0x40, 0];
const CLOSE = { types: [{ parameters: [I32], results: [I32] }], imports: [{ name: 'fd_close', type: 1 }] };
/** Grows by the first parameter's pages until refused, and keeps the count in memory at 8. */
const growing: TestModule = { functions: [{ code: [...i32(8), ...i32(2), ...GROW, 0x36, 2, 0] }] };

function memoryOf(wasm: Uint8Array): { initial: number; maximum: number } {
  const { memory } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm))).exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory');
  const initial = memory.buffer.byteLength / PAGE;
  let maximum = initial;
  try {
    for (; maximum < 100; maximum++) memory.grow(1);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return { initial, maximum };
}

describe('the memory maximum', () => {
  test.each([
    ['none declared', [0, 1], 5, { initial: 1, maximum: 5 }],
    ['a smaller one declared', [1, 1, 3], 5, { initial: 1, maximum: 3 }],
    ['a larger one declared', [1, 2, 9], 5, { initial: 2, maximum: 5 }],
    ['as much as there is from the start', [0, 5], 5, { initial: 5, maximum: 5 }],
    ['no memory at all', [0, 0], 1, { initial: 0, maximum: 1 }],
  ])('%s', (_, memory, pages, expected) => {
    const prepared = prepareModule(buildModule({ memory }), options(pages));
    expect(prepared.memoryInitialBytes).toBe(expected.initial * PAGE);
    expect(prepared.memoryMaximumBytes).toBe(expected.maximum * PAGE);
    expect(memoryOf(prepared.wasm)).toEqual(expected);
  });

  test('is rounded down to whole pages', () => {
    const prepared = prepareModule(buildModule(), { ...options(0), memoryMaximumBytes: 3 * PAGE - 1 });
    expect(prepared.memoryMaximumBytes).toBe(2 * PAGE);
  });
});

describe('the bytes', () => {
  test('are the same again, without custom sections, and unchanged by a second preparation', () => {
    for (const parts of [{}, growing, { ...CLOSE, functions: [{ code: [...i32(0), ...call(0), ...DROP] }] }]) {
      const plain = buildModule(parts);
      const first = prepareModule(plain, options(5));
      const named = prepareModule(buildModule({ ...parts, custom: ['name', '.debug_info'] }), options(5));
      expect(named.wasm).toEqual(first.wasm);
      expect(prepareModule(first.wasm, options(5))).toEqual(first);
      expect(prepareModule(first.wasm, options(9))).toEqual(first);
      expect(WebAssembly.validate(new Uint8Array(first.wasm))).toBe(true);
      validatePrepared(first.wasm, { memoryMaximumBytes: 5 * PAGE });
    }
  });

  test('lowering the maximum of a prepared module is like preparing with the lower one', () => {
    const lowered = prepareModule(prepareModule(buildModule(growing), options(9)).wasm, options(4));
    expect(lowered).toEqual(prepareModule(buildModule(growing), options(4)));
  });

  test('do not alias the module that was given', () => {
    const module = buildModule();
    const copy = module.slice();
    prepareModule(module, options(2)).wasm.fill(0);
    expect(module).toEqual(copy);
  });

  test('change only with the version', () => {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const plain = '0061736d01000000010401600000030201000505010101ac020713'.concat(
      '02066d656d6f72790200065f737461727400000a040102000b',
    );
    const guarded = [
      '0061736d0100000001090260000060017f017f03030200010505010101ac020606017f0141000b072e03066d656d6f727902',
      '00065f73746172740000186d616e7968616e64733a67726f7774682d7265667573656403000a33020b004108410210013602',
      '000b2501017f200040002201417f4604403f00ad2000ad7c42ac0258044041012400000b0b20010b',
    ].join('');
    expect(INSTRUMENTER_VERSION).toBe('cap-v1');
    expect(hex(prepareModule(buildModule(), options(300)).wasm)).toBe(plain);
    expect(hex(prepareModule(buildModule(growing), options(300)).wasm)).toBe(guarded);
  });
});

test('imports are listed once each and sorted; floats are found wherever they are', () => {
  const types = [{ parameters: [I32], results: [I32] }];
  const imports = ['fd_sync', 'fd_close', 'fd_sync'].map((name) => ({ name, type: 1 }));
  expect(prepareModule(buildModule({ types, imports }), options(1))).toMatchObject({
    imports: ['fd_close', 'fd_sync'],
    hasFloat: false,
  });
  const floats: TestModule[] = [
    { types: [{ parameters: [F64], results: [] }] },
    { functions: [{ locals: [F64], code: [] }] },
    { globals: [[F64, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b]] },
    { functions: [{ code: [...i32(0), 0xb7, 0x1a] }] },
  ];
  for (const parts of floats) expect(prepareModule(buildModule(parts), options(1)).hasFloat).toBe(true);
});

describe('the guard of growth', () => {
  const run = (wasm: Uint8Array): { before: number; flag: unknown } => {
    const exports = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm))).exports;
    const { memory, _start: start } = exports as { memory: WebAssembly.Memory; _start: () => void };
    start();
    const flag = exports['manyhands:growth-refused'];
    return { before: new DataView(memory.buffer).getInt32(8, true), flag: (flag as WebAssembly.Global).value };
  };

  test('lets growth through, and answers -1 at the declared maximum', () => {
    expect(run(prepareModule(buildModule(growing), options(3)).wasm)).toEqual({ before: 1, flag: 0 });
    expect(run(prepareModule(buildModule(growing), options(2)).wasm)).toEqual({ before: -1, flag: 0 });
  });

  test('takes sums beyond 32 bits for what they are', () => {
    const parts = { functions: [{ code: [...i32(8), ...i32(-1), ...GROW, 0x36, 2, 0] }] };
    expect(run(prepareModule(buildModule(parts), options(3)).wasm)).toEqual({ before: -1, flag: 0 });
  });

  test('stands in for every growth, wherever it is', () => {
    const code = [...i32(1), ...GROW, ...DROP, 0x02, 0x40, ...i32(1), ...GROW, ...DROP, 0x0b];
    const functions = [{ code: [...code, ...call(1)] }, { code }, { code: [] }];
    const prepared = prepareModule(buildModule({ functions }), options(9));
    validatePrepared(prepared.wasm, { memoryMaximumBytes: 9 * PAGE });
    const { memory, _start: start } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(prepared.wasm)))
      .exports as {
      memory: WebAssembly.Memory;
      _start: () => void;
    };
    start();
    expect(memory.buffer.byteLength).toBe(5 * PAGE);
  });
});

describe('validation at the worker', () => {
  const refused = (wasm: Uint8Array, pages: number): void => {
    expect(() => validatePrepared(wasm, { memoryMaximumBytes: pages * PAGE })).toThrow(
      expect.objectContaining({ code: 'MH-MOD-013', meta: { reason: 'not-prepared' } }),
    );
  };
  const good = prepareModule(buildModule(growing), options(3)).wasm;

  test('accepts a maximum up to the expected one', () => {
    validatePrepared(good, { memoryMaximumBytes: 3 * PAGE });
    validatePrepared(good, { memoryMaximumBytes: 4 * PAGE });
    refused(good, 2);
  });

  test('refuses what was not prepared', () => {
    refused(buildModule(), 9);
    refused(buildModule({ memory: [1, 1, 3], custom: ['name'] }), 9);
    refused(buildModule({ ...growing, memory: [1, 1, 3] }), 9);
  });

  test('refuses what preparation refuses', () => {
    const module = buildModule({ memory: [1, 1, 3], raw: { 8: [0] } });
    expect(() => validatePrepared(module, { memoryMaximumBytes: 9 * PAGE })).toThrow(
      expect.objectContaining({ code: 'MH-MOD-009' }),
    );
  });

  test('refuses a guard that is not exactly ours', () => {
    const flag = [I32, 1, 0x41, 0, 0x0b];
    const exports = [{ name: 'manyhands:growth-refused', kind: 3, index: 0 }];
    const memory = [1, 1, 3];
    refused(buildModule({ memory, globals: [flag], exports }), 9);
    refused(buildModule({ ...growing, memory, globals: [flag], exports }), 9);
    const body = good.length - 1;
    const changed = good.with(body - 12, (good[body - 12] as number) ^ 1);
    expect(() => validatePrepared(changed, { memoryMaximumBytes: 9 * PAGE })).toThrow();
    const raised = good.slice();
    const at = memoryMaximumAt(good);
    raised[at] = 5;
    refused(raised, 9);
  });

  test('refuses a program that uses the flag itself', () => {
    const code = [...i32(1), 0x24, 0, ...i32(8), ...i32(2), ...GROW, 0x36, 2, 0];
    const guarded = prepareModule(
      buildModule({ functions: [{ code }], globals: [[I32, 1, 0x41, 0, 0x0b]] }),
      options(3),
    ).wasm;
    validatePrepared(guarded, { memoryMaximumBytes: 3 * PAGE });
    const start = guarded.findIndex((_, index) => guarded[index] === 0x24 && guarded[index + 1] === 0);
    refused(guarded.with(start + 1, 1), 3);
  });
});

/** Where the maximum of the one memory of the test's module stands. */
function memoryMaximumAt(wasm: Uint8Array): number {
  const pattern = [5, 4, 1, 1, 1, 3];
  const start = wasm.findIndex((_, index) => pattern.every((byte, offset) => wasm[index + offset] === byte));
  return start + pattern.length - 1;
}

test('a table of functions, both ways of writing elements, and constants of every type are fine', () => {
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  const wasm = buildModule({
    functions: [{ code: [...i32(0), 0x11, 0x80, 0x80, 0x80, 0x80, 0x00, 0x80, 0x80, 0x80, 0x80, 0x00] }, { code: [] }],
    globals: [
      [0x7e, 0, 0x42, 0x7f, 0x0b],
      [0x7d, 0, 0x43, ...zeros(4), 0x0b],
      [0x7b, 0, 0xfd, 12, ...zeros(16), 0x0b],
    ],
    exports: [{ name: '__indirect_function_table', kind: 1, index: 0 }],
    raw: {
      4: [1, 0x70, 1, 4, 4],
      9: list([
        [0, ...i32(0), 0x0b, 1, 1],
        [2, 0, ...i32(1), 0x0b, 0, 1, 1],
        [4, ...i32(2), 0x0b, 1, 0xd2, 1, 0x0b],
        [6, 0, ...i32(3), 0x0b, 0x70, 1, 0xd0, 0x70, 0x0b],
      ]),
      11: list([[2, 0, ...i32(0), 0x0b, ...text('data')]]),
    },
  });
  const prepared = prepareModule(wasm, options(1));
  const { _start: start } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(prepared.wasm))).exports;
  expect(start as () => void).not.toThrow();
});
