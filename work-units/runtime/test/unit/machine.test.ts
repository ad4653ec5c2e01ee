// The machine: stopped and taken up anywhere, a unit gives the same output, fuel and chain; limits are met at exact points.
import { type Build, MARKS_MAXIMUM } from '@manyhands/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MachineOptions, UnitMachine, type UnitOutcome, type UnitSuccess } from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { type Prepared, prepare, runMachine, runOptions, SPACING } from '../support/machine.js';
import { BUSY_INPUT, busyProgram, busySteps } from '../support/programs.js';
import { rawStep } from '../support/raw-step.js';
import { i32, i64 } from '../support/wasm-builder.js';

const ROUNDS = 120;
const BUILDS = ['nonleaf', 'all', 'step'] as const;
const input = unitInput(BUSY_INPUT);
let busy: Prepared;

beforeAll(async () => {
  busy = { ...(await prepare(busyProgram(ROUNDS))), step: (await prepare(busySteps(ROUNDS))).step };
});

const start = (build: Build, changes: Partial<MachineOptions> = {}, unit = input): UnitMachine =>
  UnitMachine.start(busy[build], unit, runOptions(build, changes));

function success(outcome: UnitOutcome): UnitSuccess {
  if (outcome.kind !== 'success') throw new Error(`${outcome.kind} ${outcome.code}: ${outcome.message}`);
  return outcome;
}

describe.each(BUILDS)('build %s', (build) => {
  test('random slices, and other instances from snapshots at random points, make no difference', () => {
    const whole = success(runMachine(start(build)));
    expect(whole.stdout.length).toBeGreaterThan(16 * ROUNDS - 1);
    expect(whole.files[0]?.bytes?.length).toBe(16 * ROUNDS);
    expect(whole.markCount).toBe(Math.floor(whole.fuel / SPACING) + 1);
    const slices = fc.array(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.boolean()), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(slices, (plan) => {
        const turn = (index: number): [number, boolean] => plan[index % plan.length] as [number, boolean];
        const outcome = runMachine(
          start(build),
          (index) => turn(index)[0],
          (machine, index) => (turn(index)[1] ? start(build, { snapshot: machine.snapshot() }) : machine),
        );
        expect(outcome).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  test('a snapshot of a resumed unit is the snapshot it came from, and so is its state hash', () => {
    const machine = start(build);
    for (let slice = 0; slice < 9; slice++) {
      const resumed = start(build, { snapshot: machine.snapshot() });
      expect(resumed.snapshot(), `slice ${slice}`).toEqual(machine.snapshot());
      expect(resumed.stateHash(), `slice ${slice}`).toEqual(machine.stateHash());
      expect(resumed.fuelUsed).toBe(machine.fuelUsed);
      expect(resumed.links).toEqual(machine.links);
      expect(machine.runSlice(7001)).toEqual({ kind: 'stopped' });
    }
  });

  test('a slice stops soon after its fuel, and at every mark', () => {
    const machine = start(build);
    const passed: number[] = [];
    for (let before = 0; machine.runSlice(3000).kind === 'stopped'; before = machine.fuelUsed) {
      expect(machine.fuelUsed - before).toBeLessThan(3000 + 3000);
      expect(Math.floor(machine.fuelUsed / SPACING)).toBe(machine.markCount);
      if (machine.markCount > passed.length) passed.push(machine.fuelUsed % SPACING);
    }
    expect(passed.length).toBeGreaterThan(5);
    expect(Math.max(...passed)).toBeLessThan(3000);
  });

  test('the limit of fuel is the same point however the unit is sliced', () => {
    const { fuel } = success(runMachine(start(build)));
    for (const fuelMaximum of [1, 500, SPACING, SPACING + 1, Math.floor(fuel / 2), fuel - 1]) {
      const limited = { ...input, fuelMaximum };
      const whole = runMachine(start(build, {}, limited));
      expect(whole).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-008', fuel: fuelMaximum, exitCode: null });
      expect(runMachine(start(build, {}, limited), () => 777)).toEqual(whole);
    }
    expect(runMachine(start(build, {}, { ...input, fuelMaximum: fuel }))).toMatchObject({ kind: 'success', fuel });
  });

  test('the chain depends on everything that the unit is made of', () => {
    const links = (changes: Partial<MachineOptions>, unit = input): string =>
      JSON.stringify(success(runMachine(start(build, changes, unit))).links.map((link) => [...link]));
    const same = links({});
    expect(links({})).toBe(same);
    expect(links({ moduleCid: 'another' })).not.toBe(same);
    for (const change of [
      { args: ['other'] },
      { env: { A: 'B' } },
      { clockMs: 5 },
      { seed: Uint8Array.of(9) },
      { okExitCodes: [0, 1] },
      { fuelMaximum: 2 ** 41 },
      { files: [{ name: 'input', bytes: new Uint8Array(37) }] },
    ])
      expect(links({}, { ...input, ...change }), JSON.stringify(Object.keys(change))).not.toBe(same);
  });
});

test('both builds of a command have the same output and fuel', () => {
  const [one, other] = [success(runMachine(start('nonleaf'))), success(runMachine(start('all')))];
  expect(one.fuel).toBe(other.fuel);
  expect(one.resultDigest).toEqual(other.resultDigest);
});

test('a unit passes no more marks than there may be: a higher limit of fuel acts as the one that allows them', () => {
  const markSpacing = 7;
  const steps = rawStep({ step: [...i64(-(2n ** 40n)), 0x24, 0, ...i32(1)] });
  const run = (fuelMaximum: number): UnitOutcome =>
    runMachine(UnitMachine.start(steps, unitInput({ fuelMaximum }), runOptions('step', { markSpacing })));
  const highest = MARKS_MAXIMUM * markSpacing - 1;
  expect(run(2 ** 50)).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-008', fuel: highest });
  expect(run(highest - 1)).toMatchObject({ code: 'MH-UNIT-008', fuel: highest - 1 });
});

test('a unit that has ended stays so, and has no state', () => {
  const machine = start('nonleaf');
  const outcome = runMachine(machine);
  expect(machine.runSlice(1)).toEqual({ kind: 'ended', outcome });
  expect(machine.links).toEqual(success(outcome).links);
  expect(machine.chainRoot).toEqual(success(outcome).chainRoot);
  expect(() => machine.snapshot()).toThrow();
  expect(() => machine.stateHash()).toThrow();
});

test('what only the host can have got wrong is thrown', () => {
  for (const value of [0, -1, 0.5, Number.NaN, 2 ** 53]) {
    expect(() => start('nonleaf').runSlice(value)).toThrow(RangeError);
    expect(() => start('nonleaf', { markSpacing: value })).toThrow(RangeError);
    expect(() => start('nonleaf', {}, { ...input, fuelMaximum: value })).toThrow(RangeError);
  }
  expect(() => start('nonleaf', {}, { ...input, clockMs: -1 })).toThrow(RangeError);
  expect(() => start('nonleaf', {}, { ...input, seed: new Uint8Array(33) })).toThrow(RangeError);
});
