// Damaged modules are refused or accepted, never a crash; what is accepted compiles and stays within its memory.
import { isManyhandsError } from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildModule, call, I32, i32, type TestModule } from '../../../runtime/test/support/wasm-builder.js';
import { type Build, type BuiltApp, buildApp, validatePrepared } from '../../src/index.js';

const OPTIONS = { memoryMaximumBytes: 1 << 20, moduleMaximumBytes: 1 << 16 };

const rich: TestModule = {
  types: [
    { parameters: [I32, I32, I32, I32], results: [I32] },
    { parameters: [0x7c, 0x7b], results: [0x7c] },
  ],
  imports: [
    { name: 'fd_write', type: 1 },
    { name: 'fd_read', type: 1 },
  ],
  functions: [
    {
      code: [
        ...[1, 2, 3, 4].flatMap(i32),
        ...call(0),
        0x1a,
        ...i32(1),
        0x40,
        0,
        0x1a,
        0x03,
        0x40,
        ...i32(0),
        0x0d,
        0,
        0x0b,
      ],
    },
    { type: 2, locals: [I32, 0x7e], code: [0x20, 0, 0x20, 1, 0xfd, 0x21, 1, 0xa0] },
  ],
  globals: [[I32, 1, ...i32(7), 0x0b]],
  exports: [{ name: 'helper', kind: 0, index: 3 }],
  data: [{ offset: 16, bytes: [1, 2, 3] }],
  raw: { 4: [1, 0x70, 0, 2], 9: [1, 0, 0x41, 0, 0x0b, 2, 2, 3] },
  custom: ['name'],
};
const module = buildModule(rich);

/** Builds, and checks what must hold of everything that is accepted. Whether it was accepted. */
async function survives(wasm: Uint8Array): Promise<boolean> {
  let app: BuiltApp;
  try {
    app = await buildApp(wasm, OPTIONS);
  } catch (error) {
    if (!isManyhandsError(error)) throw error;
    expect(error.code).toMatch(/^MH-MOD-0/);
    return false;
  }
  expect(app.memoryMaximumBytes).toBeLessThanOrEqual(OPTIONS.memoryMaximumBytes);
  for (const [build, prepared] of Object.entries(app.builds)) {
    expect(WebAssembly.validate(new Uint8Array(prepared))).toBe(true);
    validatePrepared(prepared, { ...OPTIONS, build: build as Build });
  }
  return true;
}

test('the module itself is fine', async () => {
  expect(await survives(module)).toBe(true);
});

test('cut off anywhere', async () => {
  let accepted = 0;
  for (let length = 0; length < module.length; length++) if (await survives(module.subarray(0, length))) accepted++;
  // Data and custom sections come last and are optional: cut off before the one or the other, the module is whole.
  expect(accepted).toBe(2);
});

test('any one byte changed', async () => {
  for (let index = 0; index < module.length; index++)
    for (const byte of [0x00, 0x01, 0x0b, 0x40, 0x70, 0x7f, 0x80, 0xff, (module[index] as number) ^ 0x10])
      await survives(module.with(index, byte));
});

test('bytes changed, taken out and put in at random', async () => {
  const edit = fc.record({
    at: fc.nat(module.length - 1),
    remove: fc.nat(4),
    insert: fc.uint8Array({ maxLength: 6 }),
  });
  const property = fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 5 }), async (edits) => {
    let bytes: number[] = [...module];
    for (const { at, remove, insert } of edits) bytes = [...bytes.slice(0, at), ...insert, ...bytes.slice(at + remove)];
    await survives(Uint8Array.from(bytes));
  });
  await fc.assert(property, { numRuns: 4000 });
});

test('code made of random bytes', async () => {
  const property = fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }), async (code) => {
    await survives(buildModule({ ...rich, functions: [{ code }, { code: [] }] }));
  });
  await fc.assert(property, { numRuns: 4000 });
});

test('builds damaged in any one byte are refused or still bounded', async () => {
  const { builds } = await buildApp(module, OPTIONS);
  if (!('all' in builds)) throw new Error('not a command');
  const prepared = builds.all;
  for (let index = 0; index < prepared.length; index++) {
    const damaged = prepared.with(index, (prepared[index] as number) ^ 0x04);
    try {
      validatePrepared(damaged, { ...OPTIONS, build: 'all' });
    } catch (error) {
      expect(isManyhandsError(error)).toBe(true);
      continue;
    }
    expect(WebAssembly.validate(new Uint8Array(damaged))).toBe(true);
  }
});
