// Builds that did not come from the pipeline: a worker refuses them by itself, whoever signed them.
import { isManyhandsError } from '@manyhands/contract';
import { validatePrepared } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, UnitMachine, type UnitOutcome } from '@manyhands/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytes, type Part, section, sized, Type, text } from '../support/hostile/assemble.js';
import { call, forever, i32, i64, Op } from '../support/hostile/code.js';
import { MISBEHAVIOURS, misbehaving } from '../support/hostile/misbehaving.js';
import {
  Body,
  FIRST_BODY,
  honestBuild,
  moduleOf,
  PREPARED_MEMORY_BYTES,
  plain,
  sectionsOf,
  withBodies,
  withExports,
  withSections,
} from '../support/hostile/prepared.js';

let honest: Uint8Array;
beforeAll(async () => {
  honest = await honestBuild();
});

type Build = 'nonleaf' | 'all' | 'step';

/** The code of the refusal; null when there is none. */
function verdict(
  wasm: Uint8Array,
  build: Build = 'nonleaf',
  memoryMaximumBytes = PREPARED_MEMORY_BYTES,
): string | null {
  try {
    validatePrepared(wasm, { memoryMaximumBytes, build });
    return null;
  } catch (error) {
    if (isManyhandsError(error)) return error.code;
    throw error;
  }
}

/** What is called `name` gets another name of the same length. */
const renamed = (name: string): Uint8Array =>
  withExports(honest, (exports) =>
    exports.map((item) => (item.name === name ? { ...item, name: `${name.slice(0, -1)}X` } : item)),
  );
const added = (name: string, kind: number, index: number): Uint8Array =>
  withExports(honest, (exports) => [...exports, { name, kind, index }]);
const aimed = (name: string, index: number): Uint8Array =>
  withExports(honest, (exports) => exports.map((item) => (item.name === name ? { ...item, index } : item)));
/** The program's own function does this. */
const working = (...code: readonly Part[]): Uint8Array => withBodies(honest, { [Body.work]: plain(...code) });
const imports = (...items: readonly Part[]): Uint8Array => {
  const known = sectionsOf(honest).get(2) as Uint8Array;
  return withSections(honest, { 2: [(known[0] as number) + items.length, known.subarray(1), items] });
};
const stackBuffer = (...memory: readonly Part[]): Uint8Array => withSections(honest, { 5: [2, 1, 1, 4, ...memory] });

test('the honest build is accepted, taken apart and put together too', () => {
  expect(verdict(honest)).toBeNull();
  expect(verdict(moduleOf(sectionsOf(honest)))).toBeNull();
  expect(verdict(withExports(honest, (exports) => exports))).toBeNull();
  expect(verdict(withBodies(honest, {}))).toBeNull();
});

describe('shape', () => {
  test.each([
    'manyhands:fuel',
    'manyhands:floor',
    'manyhands:depth',
    'manyhands:growth-refused',
    'manyhands:stack',
    'manyhands:global:0',
    'asyncify_start_unwind',
    'asyncify_stop_unwind',
    'asyncify_start_rewind',
    'asyncify_stop_rewind',
    'asyncify_get_state',
  ])('without %s', (name) => expect(verdict(renamed(name))).toBe('MH-MOD-013'));

  test.each<[string, () => Uint8Array, string]>([
    ['without _start', () => renamed('_start'), 'MH-MOD-005'],
    ['without memory', () => renamed('memory'), 'MH-MOD-006'],
    ['one more export', () => added('then', 0, FIRST_BODY), 'MH-MOD-013'],
    ['an export of the prototype', () => added('__proto__', 0, FIRST_BODY), 'MH-MOD-013'],
    ['one more global of the program', () => added('manyhands:global:1', 3, 4), 'MH-MOD-013'],
    ['an export twice', () => added('_start', 0, FIRST_BODY), 'MH-MOD-013'],
    ['the fuel of another global', () => aimed('manyhands:fuel', 3), 'MH-MOD-013'],
    ['the floor where the fuel is', () => aimed('manyhands:floor', 1), 'MH-MOD-013'],
    ['a global of the program where the flag is', () => aimed('manyhands:global:0', 6), 'MH-MOD-013'],
    ['the stack where the memory is', () => aimed('manyhands:stack', 0), 'MH-MOD-013'],
    ['the memory where the stack is', () => aimed('memory', 1), 'MH-MOD-006'],
    ['asyncify with a function of another type', () => aimed('asyncify_get_state', 1), 'MH-MOD-013'],
    ['asyncify that is an import', () => aimed('asyncify_stop_unwind', 1), 'MH-MOD-013'],
    ['a foreign import', () => imports([text('env'), text('x'), 0, 0]), 'MH-MOD-003'],
    ['another import of ours', () => imports([text('manyhands'), text('other'), 0, 0]), 'MH-MOD-014'],
    ['an imported memory', () => imports([text('manyhands'), text('yield'), 2, 0, 1]), 'MH-MOD-006'],
    ['an imported global', () => imports([text('manyhands'), text('yield'), 3, Type.i32, 0]), 'MH-MOD-014'],
    ['a memory without a maximum', () => withSections(honest, { 5: [2, 0, 1, 1, 16, 16] }), 'MH-MOD-013'],
    ['a memory above the maximum', () => withSections(honest, { 5: [2, 1, 1, 5, 1, 16, 16] }), 'MH-MOD-013'],
    ['no room for a stack', () => stackBuffer(1, 0, 0), 'MH-MOD-013'],
    ['a larger stack', () => stackBuffer(1, 17, 17), 'MH-MOD-013'],
    ['a stack that can grow', () => stackBuffer(1, 16, 17), 'MH-MOD-013'],
    ['a stack without a maximum', () => stackBuffer(0, 16), 'MH-MOD-013'],
    ['a shared stack', () => stackBuffer(3, 16, 16), 'MH-MOD-011'],
    ['a third memory', () => withSections(honest, { 5: [3, 1, 1, 4, 1, 16, 16, 1, 1, 1] }), 'MH-MOD-006'],
    ['no second memory', () => withSections(honest, { 5: [1, 1, 1, 4] }), 'MH-MOD-001'],
    ['a custom section', () => bytes(honest, section(0, text('name'))), 'MH-MOD-013'],
    ['a start function', () => withSections(honest, { 8: [FIRST_BODY] }), 'MH-MOD-009'],
    ['data for the second memory', () => withSections(honest, { 11: [1, 2, 1, i32(0), 0x0b, sized(9)] }), 'MH-MOD-001'],
  ])('%s', (_, make, code) => {
    expect(verdict(make())).toBe(code);
  });

  test('for another build or a smaller memory', () => {
    expect(verdict(honest, 'step')).toMatch(/^MH-MOD-/);
    expect(verdict(honest, 'nonleaf', PREPARED_MEMORY_BYTES - 1)).toBe('MH-MOD-013');
  });
});

describe('code', () => {
  test.each<[string, readonly Part[], string]>([
    ['growth outside the guard', [i32(1), Op.memoryGrow, Op.drop], 'MH-MOD-013'],
    ['growth of the second memory', [i32(1), 0x40, 1, Op.drop], 'MH-MOD-001'],
    ['size of the second memory', [0x3f, 1, Op.drop], 'MH-MOD-001'],
    ['a fill of the second memory', [i32(0), i32(1), i32(9), 0xfc, 11, 1], 'MH-MOD-001'],
    ['a copy to the second memory', [i32(0), i32(1), i32(9), 0xfc, 10, 1, 0], 'MH-MOD-001'],
    ['a copy from the second memory', [i32(0), i32(1), i32(9), 0xfc, 10, 0, 1], 'MH-MOD-001'],
    ['a load from a third memory', [i32(0), 0x28, 0x42, 2, 0, Op.drop], 'MH-MOD-001'],
    ['the flag of the guard reset', [i32(0), 0x24, 6], 'MH-MOD-013'],
    ['relaxed SIMD', [0xfd, 0x80, 2], 'MH-MOD-004'],
    ['a tail call', [0x12, 2], 'MH-MOD-004'],
    ['table mutation', [0xfc, 15, 0], 'MH-MOD-004'],
    ['an atomic operation', [0xfe, 3, 0], 'MH-MOD-004'],
    ['an operand of another type', [i64(1), 0x24, 0], 'MH-MOD-001'],
  ])('%s', (_, code, refusal) => {
    expect(verdict(working(...code))).toBe(refusal);
  });

  test('another guard', () => {
    expect(verdict(withBodies(honest, { [Body.guard]: plain(0x20, 0, Op.memoryGrow) }))).toBe('MH-MOD-013');
    expect(verdict(withBodies(honest, { [Body.guard]: plain(forever(), 0x00) }))).toBe('MH-MOD-013');
    expect(verdict(working(call(FIRST_BODY + Body.guard)))).toBe('MH-MOD-001');
  });
});

describe('what only running shows', () => {
  const fuelMaximum = 50_000;

  /** Runs in short slices; null when there is no end after many. */
  function outcomeOf(wasm: Uint8Array): UnitOutcome | null {
    const limits = { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes: PREPARED_MEMORY_BYTES };
    const rest = { stdin: new Uint8Array(), files: [], collect: [], okExitCodes: [0], seed: new Uint8Array(32) };
    const module = new WebAssembly.Module(wasm as BufferSource);
    const machine = UnitMachine.start(
      module,
      { args: ['x'], ...rest, limits, fuelMaximum },
      { build: 'nonleaf', moduleCid: 'x', markSpacing: 10_000 },
    );
    for (let slice = 0; slice < 500; slice++) {
      const end = machine.runSlice(500);
      if (end.kind === 'ended') return end.outcome;
    }
    return null;
  }

  test.each(MISBEHAVIOURS)('a build that %s fails by itself at most', (name) => {
    const wasm = misbehaving(honest, name);
    expect(verdict(wasm), 'the validator cannot know').toBeNull();
    const outcome = outcomeOf(wasm);
    expect(outcome?.kind).toMatch(/^(success|unit-failure|host-failure|needs-all)$/);
    if (outcome === null || !('links' in outcome)) return;
    expect(Number.isSafeInteger(outcome.fuel) && outcome.fuel >= 0 && outcome.fuel <= fuelMaximum).toBe(true);
  });
});
