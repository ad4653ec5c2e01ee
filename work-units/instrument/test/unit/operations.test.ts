// Every allowed operation gives the same result instrumented as plain, up to the bits of NaN values, which become canonical; and fails alike.
import { describe, expect, test } from 'vitest';
import { buildApp, EngineExport } from '../../src/index.js';
import { stackEffect } from '../../src/module/stack-effects.js';
import { drive } from '../support/driver.js';
import { allOperationsModule, RESULT_BYTES, RESULTS, ROW_BYTES, stepModule } from '../support/operation-module.js';
import { OPERATIONS, type Operation } from '../support/operations.js';
import { Random } from '../support/random.js';
import { endOf } from '../support/tiny-host.js';
import { T } from '../support/value-types.js';

const OPTIONS = { memoryMaximumBytes: 65_536, moduleMaximumBytes: 1 << 20 };
const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.5,
  -2.5,
  1e10,
  -3e9,
  2 ** 31,
  2 ** 63,
  -(2 ** 63),
  1e300,
  5e-324,
  Infinity,
  -Infinity,
  NaN,
];
const WORDS = [0, 1, -1, 2, 255, 0x80, 0x7fff_ffff, 0x8000_0000, 31, 64, 0x00ff_00ff, 0x8000_0001];
/** NaN values with a sign, with bits of their own, signalling. */
const STRANGE_32 = [0xffc0_0000, 0x7fa0_0001, 0xffff_ffff, 0x7fc1_2345];
const STRANGE_64 = [0xfff8_0000_0000_0000n, 0x7ff0_0000_0000_0001n, 0xffff_ffff_ffff_ffffn, 0x7ff8_0000_0000_beefn];

/** Rows that suit every type: as words, as floats of both widths, in all lanes. */
function rows(hasStrange: boolean): Uint8Array {
  const random = new Random(hasStrange ? 2 : 1);
  const bytes = new Uint8Array(ROW_BYTES * 64);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 16)
    for (let lane = 0; lane < 16; lane += 8) {
      const kind = random.below(3);
      if (kind === 0) for (const half of [0, 4]) view.setFloat32(at + lane + half, random.of(FLOATS), true);
      else if (kind === 1) view.setFloat64(at + lane, random.of(FLOATS), true);
      else for (const half of [0, 4]) view.setInt32(at + lane + half, random.of(WORDS), true);
      const strange = hasStrange ? random.below(3) : 2;
      if (strange === 0) view.setBigUint64(at + lane, random.of(STRANGE_64), true);
      else if (strange === 1) view.setUint32(at + lane, random.of(STRANGE_32), true);
      // Integers that happen to be a NaN with bits of its own are left to the strange rows.
      if (!hasStrange) makeUsual(view, at + lane);
    }
  return bytes;
}

function makeUsual(view: DataView, at: number): void {
  if (Number.isNaN(view.getFloat64(at, true))) view.setBigUint64(at, 0x7ff8_0000_0000_0000n, true);
  for (const half of [0, 4])
    if (Number.isNaN(view.getFloat32(at + half, true))) view.setUint32(at + half, 0x7fc0_0000, true);
}

/** Results by row, and what each step ended with. */
function stepThrough(wasm: Uint8Array, rowCount: number): { results: DataView; ends: (string | null)[] } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), {});
  const fuel = exports[EngineExport.fuel];
  if (fuel instanceof WebAssembly.Global) fuel.value = 1_000_000n;
  const ends = Array.from({ length: rowCount }, () => endOf(exports.step as () => void));
  const memory = exports.memory as WebAssembly.Memory;
  return { results: new DataView(memory.buffer, RESULTS, RESULT_BYTES * rowCount), ends };
}

/** Same bits, or both NaN and the second one canonical, in lanes of one of the two widths. */
function agree(plain: DataView, instrumented: DataView, at: number): boolean {
  const bits = (view: DataView, offset: number): bigint => view.getBigUint64(at + offset, true);
  const isCanonical64 = (offset: number): boolean =>
    Number.isNaN(plain.getFloat64(at + offset, true)) && bits(instrumented, offset) === 0x7ff8_0000_0000_0000n;
  const agree32 = (offset: number): boolean => {
    const [left, right] = [plain, instrumented].map((view) => view.getUint32(at + offset, true));
    return left === right || (Number.isNaN(plain.getFloat32(at + offset, true)) && right === 0x7fc0_0000);
  };
  return [0, 8].every(
    (half) =>
      bits(plain, half) === bits(instrumented, half) || isCanonical64(half) || (agree32(half) && agree32(half + 4)),
  );
}

describe('every operation', () => {
  test('is there: plain, saturating, vectors, loads and stores', () => {
    expect(OPERATIONS.length).toBe(128 + 8 + 213 + 23 + 22);
  });

  test('takes and gives as many values as the depth metering believes', () => {
    for (const { code, name, parameters, result } of OPERATIONS) {
      const [opcode = 0, low = 0, high = 0] = code;
      const minor = opcode >= 0xfc ? (low & 0x7f) + (low >= 128 ? high * 128 : 0) : 0;
      expect(stackEffect(opcode, minor), name).toEqual([parameters.length, result === null ? 0 : 1]);
    }
  });

  test('gives the same result and fails alike, instrumented', async () => {
    const table = rows(false);
    const rowCount = table.length / ROW_BYTES;
    for (const operation of OPERATIONS) {
      const wasm = stepModule(operation, table);
      const { builds } = await buildApp(wasm, OPTIONS);
      const plain = stepThrough(wasm, rowCount);
      const instrumented = stepThrough((builds as { step: Uint8Array }).step, rowCount);
      expect(instrumented.ends, operation.name).toEqual(plain.ends);
      for (let row = 0; row < rowCount; row++)
        expect(agree(plain.results, instrumented.results, row * RESULT_BYTES), `${operation.name}, row ${row}`).toBe(
          true,
        );
    }
  });
});

describe('NaN values', () => {
  const strange = rows(true);
  const rowCount = strange.length / ROW_BYTES;

  test('with bits of their own never show them through scalars', async () => {
    for (const operation of OPERATIONS.filter(isScalarFloat)) {
      const { builds } = await buildApp(stepModule(operation, strange), OPTIONS);
      const { results } = stepThrough((builds as { step: Uint8Array }).step, rowCount);
      for (let at = 0; at < results.byteLength; at += RESULT_BYTES) {
        const bits = operation.result === T.f32 ? results.getUint32(at, true) : results.getBigUint64(at, true);
        const value = operation.result === T.f32 ? results.getFloat32(at, true) : results.getFloat64(at, true);
        if (Number.isNaN(value))
          expect(bits, operation.name).toBe(operation.result === T.f32 ? 0x7fc0_0000 : 0x7ff8_0000_0000_0000n);
      }
    }
  });

  test.each([
    ['i32.reinterpret_f32', 0xbc, 0x7fc0_0000n],
    ['i64.reinterpret_f64', 0xbd, 0x7ff8_0000_0000_0000n],
  ])('%s shows the canonical one', async (_, opcode, canonical) => {
    const operation = OPERATIONS.find(({ code }) => code[0] === opcode) as Operation;
    const { builds } = await buildApp(stepModule(operation, strange), OPTIONS);
    const { results } = stepThrough((builds as { step: Uint8Array }).step, rowCount);
    const operands = new DataView(strange.buffer);
    let seen = 0;
    for (let row = 0; row < rowCount; row++) {
      const isWide = opcode === 0xbd;
      const at = row * ROW_BYTES;
      const value = isWide ? operands.getFloat64(at, true) : operands.getFloat32(at, true);
      if (!Number.isNaN(value)) continue;
      seen++;
      expect(results.getBigUint64(row * RESULT_BYTES, true)).toBe(canonical);
    }
    expect(seen).toBeGreaterThan(5);
  });

  test('give a copied sign of their own to nobody', async () => {
    const operation = OPERATIONS.find(({ code }) => code[0] === 0xa6) as Operation;
    const { builds } = await buildApp(stepModule(operation, strange), OPTIONS);
    const { results } = stepThrough((builds as { step: Uint8Array }).step, rowCount);
    const operands = new DataView(strange.buffer);
    for (let row = 0; row < rowCount; row++) {
      if (!Number.isNaN(operands.getFloat64(row * ROW_BYTES + 16, true))) continue;
      expect(results.getBigUint64(row * RESULT_BYTES, true) >> 63n, `row ${row}`).toBe(0n);
    }
  });

  test('are the same in all builds, stopped or not, whatever was stored in the stack of the stopped program', async () => {
    const safe = OPERATIONS.filter(({ code }) => !canTrap(code));
    const command = await buildApp(allOperationsModule(safe, strange, 'command'), OPTIONS);
    const steps = await buildApp(allOperationsModule(safe, strange, 'step'), OPTIONS);
    const expected = drive((steps.builds as { step: Uint8Array }).step, { build: 'step' });
    expect(expected.trap).toBe(null);
    for (const build of ['nonleaf', 'all'] as const) {
      const wasm = (command.builds as Record<string, Uint8Array>)[build] as Uint8Array;
      const driven = drive(wasm, { build, slice: () => 30_000n, isMoved: true });
      expect(driven.stops).toBeGreaterThan(5);
      expect(Buffer.compare(driven.memory, expected.memory), build).toBe(0);
    }
  });
});

function isScalarFloat({ result, parameters }: Operation): boolean {
  return (result === T.f32 || result === T.f64) && !parameters.includes(T.v128);
}

/** Divisions and remainders of integers, and conversions without saturation. */
function canTrap([opcode = 0]: readonly number[]): boolean {
  return (
    (opcode >= 0x6d && opcode <= 0x70) ||
    (opcode >= 0x7f && opcode <= 0x82) ||
    (opcode >= 0xa8 && opcode <= 0xab) ||
    (opcode >= 0xae && opcode <= 0xb1)
  );
}
