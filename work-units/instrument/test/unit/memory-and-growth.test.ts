// The memory that a build declares, and the guard of its growth.
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
import { buildApp, inspectApp, validatePrepared } from '../../src/index.js';
import { type ModuleLayout, readLayout, writeLayout } from '../../src/layout/module-layout.js';

const PAGE = 65_536;
const options = (pages: number): { memoryMaximumBytes: number; moduleMaximumBytes: number } => ({
  memoryMaximumBytes: pages * PAGE,
  moduleMaximumBytes: 1 << 20,
});
const DROP = [0x1a];
const GROW = [0x40, 0];
/** Grows by two pages, and keeps the answer in memory at 8. */
const growing: TestModule = { functions: [{ code: [...i32(8), ...i32(2), ...GROW, 0x36, 2, 0] }] };

async function built(parts: TestModule, pages: number): Promise<Uint8Array> {
  const { builds } = await buildApp(buildModule(parts), options(pages));
  if (!('nonleaf' in builds)) throw new Error('not a command');
  return builds.nonleaf;
}

/** Instantiates with a yield that never comes, as all the fuel is there. */
function instance(wasm: Uint8Array): { memory: WebAssembly.Memory; start: () => void; flag: WebAssembly.Global } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), {
    manyhands: { yield: () => undefined },
  });
  (exports['manyhands:fuel'] as WebAssembly.Global).value = 2n ** 40n;
  return {
    memory: exports.memory as WebAssembly.Memory,
    start: exports._start as () => void,
    flag: exports['manyhands:growth-refused'] as WebAssembly.Global,
  };
}

function pagesOf(wasm: Uint8Array): { initial: number; maximum: number } {
  const { memory } = instance(wasm);
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
  ])('%s', async (_, memory, pages, expected) => {
    const app = await buildApp(buildModule({ memory }), options(pages));
    expect(app.memoryInitialBytes).toBe(expected.initial * PAGE);
    expect(app.memoryMaximumBytes).toBe(expected.maximum * PAGE);
    for (const wasm of Object.values(app.builds)) expect(pagesOf(wasm)).toEqual(expected);
  });

  test('is rounded down to whole pages', async () => {
    const app = await buildApp(buildModule(), { ...options(0), memoryMaximumBytes: 3 * PAGE - 1 });
    expect(app.memoryMaximumBytes).toBe(2 * PAGE);
  });
});

test('custom sections leave no trace', async () => {
  const plain = await built(growing, 5);
  expect(await built({ ...growing, custom: ['name', '.debug_info'] }, 5)).toEqual(plain);
});

test('imports are listed once each and sorted; floats are found wherever they are', () => {
  const types = [{ parameters: [I32], results: [I32] }];
  const imports = ['fd_sync', 'fd_close', 'fd_sync'].map((name) => ({ name, type: 1 }));
  expect(inspectApp(buildModule({ types, imports }))).toMatchObject({
    imports: ['fd_close', 'fd_sync'],
    hasFloat: false,
  });
  const floats: TestModule[] = [
    { types: [{ parameters: [F64], results: [] }] },
    { functions: [{ locals: [F64], code: [] }] },
    { globals: [[F64, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b]] },
    { functions: [{ code: [...i32(0), 0xb7, 0x1a] }] },
  ];
  for (const parts of floats) expect(inspectApp(buildModule(parts)).hasFloat).toBe(true);
});

describe('the guard of growth', () => {
  const run = (wasm: Uint8Array): { before: number; flag: unknown } => {
    const { memory, start, flag } = instance(wasm);
    start();
    return { before: new DataView(memory.buffer).getInt32(8, true), flag: flag.value };
  };

  test('lets growth through, and answers -1 at the declared maximum', async () => {
    expect(run(await built(growing, 3))).toEqual({ before: 1, flag: 0 });
    expect(run(await built(growing, 2))).toEqual({ before: -1, flag: 0 });
  });

  test('takes sums beyond 32 bits for what they are', async () => {
    const parts = { functions: [{ code: [...i32(8), ...i32(-1), ...GROW, 0x36, 2, 0] }] };
    expect(run(await built(parts, 3))).toEqual({ before: -1, flag: 0 });
  });

  test('stands in for every growth, wherever it is', async () => {
    const code = [...i32(1), ...GROW, ...DROP, 0x02, 0x40, ...i32(1), ...GROW, ...DROP, 0x0b];
    const { memory, start } = instance(
      await built({ functions: [{ code: [...code, ...call(1)] }, { code }, { code: [] }] }, 9),
    );
    start();
    expect(memory.buffer.byteLength).toBe(5 * PAGE);
  });

  const refused = (wasm: Uint8Array, pages: number): void => {
    expect(() => validatePrepared(wasm, { memoryMaximumBytes: pages * PAGE, build: 'nonleaf' })).toThrow(
      expect.objectContaining({ code: 'MH-MOD-013', meta: { reason: 'not-prepared' } }),
    );
  };
  const changed = (wasm: Uint8Array, change: (layout: ModuleLayout) => Partial<ModuleLayout>): Uint8Array => {
    const layout = readLayout(wasm);
    return writeLayout({ ...layout, ...change(layout) });
  };

  test('and the maximum that it has in it are checked by the worker', async () => {
    const good = await built(growing, 3);
    for (const pages of [3, 4]) validatePrepared(good, { memoryMaximumBytes: pages * PAGE, build: 'nonleaf' });
    refused(good, 2);
    refused(
      changed(good, ({ memories }) => ({ memories: [Uint8Array.of(1, 1, 5), ...memories.slice(1)] })),
      9,
    );
    refused(Uint8Array.from([...good, 0, 2, 1, 0x61]), 9);
  });

  test('alone may set its flag', async () => {
    const code = [...i32(1), 0x24, 0, ...i32(8), ...i32(2), ...GROW, 0x36, 2, 0];
    const good = await built({ functions: [{ code }], globals: [[I32, 1, 0x41, 0, 0x0b]] }, 3);
    validatePrepared(good, { memoryMaximumBytes: 3 * PAGE, build: 'nonleaf' });
    const flag = readLayout(good).globals.length - 1;
    const redirected = changed(good, ({ bodies }) => ({
      bodies: bodies.map((body, index) => {
        const set = body.findIndex((byte, at) => byte === 0x24 && body[at + 1] === 0);
        return index < bodies.length - 1 && set >= 0 ? body.with(set + 1, flag) : body;
      }),
    }));
    expect(redirected).not.toEqual(good);
    refused(redirected, 3);
  });
});

test('a table of functions, both ways of writing elements, and constants of every type are fine', async () => {
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  const wasm = await built(
    {
      functions: [
        { code: [...i32(0), 0x11, 0x80, 0x80, 0x80, 0x80, 0x00, 0x80, 0x80, 0x80, 0x80, 0x00] },
        { code: [] },
      ],
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
    },
    1,
  );
  expect(instance(wasm).start).not.toThrow();
});
