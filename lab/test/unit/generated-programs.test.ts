// The generator of programs: the same program for a seed, always a valid module, and the reference agrees with what is known by hand.
import { expect, test } from 'vitest';
import { effect, i32 } from '../../src/fuzz/program/constants.js';
import { emitGuest, emitReference } from '../../src/fuzz/program/emit-module.js';
import { generateProgram } from '../../src/fuzz/program/generate.js';
import { OPERATIONS } from '../../src/fuzz/program/operations.js';
import { smallerPrograms } from '../../src/fuzz/program/shrink.js';
import { writeOut } from '../../src/fuzz/program/statements.js';
import type { Program, Statement } from '../../src/fuzz/program/syntax.js';
import { runReference } from '../../src/fuzz/reference-run.js';

// Test machines may be busy.

const FUEL_MAXIMUM = 50_000;
const options = { fuelMaximum: FUEL_MAXIMUM, seed: new Uint8Array(32), args: ['generated'] };
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

function programOf(body: Statement[]): Program {
  const entry = { parameters: [], results: [], locals: ['i32' as const], body, values: [] };
  return { functions: [entry], globals: [], table: [0], memoryPages: 1, segments: [] };
}

test('a seed gives the same valid module every time', () => {
  for (const seed of SEEDS) {
    const guest = emitGuest(generateProgram(seed));
    expect(WebAssembly.validate(guest), `seed ${seed}`).toBe(true);
    expect(emitGuest(generateProgram(seed)), `seed ${seed}`).toEqual(guest);
  }
});

test('sixty programs use most instructions', () => {
  const text = JSON.stringify(SEEDS.map(generateProgram), (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  const used = OPERATIONS.filter(({ code }) => text.includes(`"code":[${code.join(',')}]`));
  expect(used.length).toBeGreaterThan(0.9 * OPERATIONS.length);
});

test('smaller programs are valid modules too', () => {
  for (const seed of SEEDS.slice(0, 12))
    for (const smaller of smallerPrograms(generateProgram(seed)).take(25))
      expect(WebAssembly.validate(emitGuest(smaller)), `seed ${seed}`).toBe(true);
});

test('the reference counts fuel by the table', () => {
  // Entry 1, two constants and a store 3.
  const store = effect([0x36], [2, 0], [i32(0), i32(7)]);
  expect(runReference(emitReference(programOf([store]), FUEL_MAXIMUM), options)).toMatchObject({ fuel: 4 });
  // Constant and set 2, then three times: the store 3, countdown and branch 5.
  const loop: Statement = { kind: 'repeat', counter: 0, times: 3, body: [store] };
  expect(runReference(emitReference(programOf([loop]), FUEL_MAXIMUM), options)).toMatchObject({ fuel: 1 + 2 + 3 * 8 });
  // 16 for the operation and its 3 operands, and 800 bytes by eight.
  const fill = effect([0xfc, 11], [0], [i32(0), i32(1), i32(800)]);
  expect(runReference(emitReference(programOf([fill]), FUEL_MAXIMUM), options)).toMatchObject({ fuel: 1 + 19 + 100 });
});

test('the reference ends a run at its limit, at traps and at exits', () => {
  const endless: Statement = { kind: 'while', body: [], condition: i32(1) };
  const outcome = (body: Statement[]) => runReference(emitReference(programOf(body), FUEL_MAXIMUM), options);
  expect(outcome([endless])).toMatchObject({ code: 'MH-UNIT-008', fuel: FUEL_MAXIMUM });
  expect(outcome([{ kind: 'trap', condition: i32(1) }])).toMatchObject({ code: 'MH-UNIT-001' });
  expect(outcome([{ kind: 'exit', code: i32(3) }])).toMatchObject({ code: 'MH-UNIT-002', exitCode: 3 });
  expect(outcome([writeOut(i32(0), i32(16))])).toMatchObject({ kind: 'success', stdout: Buffer.alloc(16) });
});
