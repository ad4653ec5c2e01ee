// Modules that no pipeline makes, although they have all the exports: whatever their counters and functions do is an outcome, never a throw or a number that cannot be.
import { describe, expect, test } from 'vitest';
import { UnitMachine, type UnitOutcome } from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { runMachine, runOptions } from '../support/machine.js';
import { rawCommand } from '../support/raw-command.js';
import { rawStep } from '../support/raw-step.js';
import { call, i32, i64 } from '../support/wasm-builder.js';

const HOST_FAILURE = { kind: 'host-failure', code: 'MH-HOST-005' };
const UNREACHABLE = 0x00;
const I64_MAX = 2n ** 63n - 1n;
const I64_MIN = -(2n ** 63n);
const FUEL = 0;
const DEPTH = 2;
const setGlobal = (index: number, value: bigint): number[] => [...i64(value), 0x24, index];
const DONE = i32(0);
const AGAIN = i32(1);

const runStep = (step: readonly number[]): UnitOutcome =>
  runMachine(UnitMachine.start(rawStep({ step }), unitInput(), runOptions('step')), () => 100);

describe('fuel', () => {
  test.each([1_000_000n, 2n ** 62n, I64_MAX])('raised to %i', (value) => {
    expect(runStep([...setGlobal(FUEL, value), ...DONE])).toMatchObject(HOST_FAILURE);
    expect(runStep([...setGlobal(FUEL, value), UNREACHABLE])).toMatchObject(HOST_FAILURE);
  });

  test('raised, seen from outside: it never falls', () => {
    const machine = UnitMachine.start(rawStep({ step: [...setGlobal(FUEL, I64_MAX), ...DONE] }), unitInput(), {
      ...runOptions('step'),
    });
    runMachine(machine);
    expect(machine.fuelUsed).toBe(0);
  });

  test('lowered as far as it goes: the limit', () => {
    const limit = unitInput().fuelMaximum;
    const outcome = runMachine(
      UnitMachine.start(
        rawStep({ step: [...setGlobal(FUEL, I64_MIN), ...AGAIN] }),
        unitInput(),
        runOptions('step', { markSpacing: 2 ** 30 }),
      ),
    );
    expect(outcome).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-008', fuel: limit });
  });
});

describe('depth', () => {
  test.each([-1n, 9n, I64_MIN, I64_MAX])('%i at the end of a slice', (value) => {
    const step = [...setGlobal(DEPTH, value), ...setGlobal(FUEL, -1n), ...AGAIN];
    expect(runStep(step)).toMatchObject(HOST_FAILURE);
  });

  test('impossible from the start', () => {
    const machine = UnitMachine.start(rawStep({ step: DONE, depth: I64_MAX }), unitInput(), runOptions('step'));
    expect(machine.runSlice(1)).toMatchObject({ outcome: HOST_FAILURE });
  });
});

describe('the state of unwinding', () => {
  test.each([
    ['traps', [UNREACHABLE]],
    ['exits', [...i32(0), ...call(0), UNREACHABLE]],
    ['is another one', i32(2)],
  ])('%s', (_, state) => {
    for (const start of [[], [UNREACHABLE], [...i32(0), ...call(0)]]) {
      const machine = UnitMachine.start(rawCommand({ start, state }), unitInput(), runOptions('nonleaf'));
      expect(runMachine(machine)).toMatchObject(HOST_FAILURE);
    }
  });

  test('running: fine, so that it is the state that the others fail for', () => {
    const machine = UnitMachine.start(rawCommand({ state: i32(0) }), unitInput(), runOptions('nonleaf'));
    expect(runMachine(machine)).toMatchObject({ kind: 'success' });
  });
});
