// Limits of fuel, depth and steps: exact points, told apart, and the same whatever the slices.
import { describe, expect, test, vi } from 'vitest';
import { UnitMachine, type UnitOutcome } from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { prepare, runMachine, runOptions } from '../support/machine.js';
import { rawStep } from '../support/raw-step.js';
import { call, I32, i32, i64, type TestModule } from '../support/wasm-builder.js';

// Instrumenting takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DROP = 0x1a;
const SLACK = 2 ** 32;
const writeTypes = [{ parameters: [I32, I32, I32, I32], results: [I32] }];
const writeOut = [...[1, 0, 1, 16].flatMap(i32), ...call(0), DROP];
const oneByte = [{ offset: 0, bytes: [100, 0, 0, 0, 8, 0, 0, 0] }];

type Input = Parameters<typeof unitInput>[0];

async function outcomes(parts: TestModule, input: Input, slices: readonly number[]): Promise<UnitOutcome[]> {
  const prepared = await prepare(parts);
  return slices.map((fuel) =>
    runMachine(UnitMachine.start(prepared.nonleaf, unitInput(input), runOptions('nonleaf')), () => fuel),
  );
}

/** The global n (fuel 0, floor 1, depth 2) of a step build made by hand. */
const setGlobal = (index: number, value: bigint): number[] => [...i64(value), 0x24, index];
const UNREACHABLE = [0x00];

function runRawStep(step: readonly number[], input: Input = {}): UnitOutcome {
  return runMachine(UnitMachine.start(rawStep({ step }), unitInput(input), runOptions('step')));
}

describe('fuel', () => {
  test('a write that fuel does not reach for commits nothing, and is the exact point', async () => {
    const parts = { types: writeTypes, imports: [{ name: 'fd_write', type: 1 }], data: oneByte };
    const two = { ...parts, functions: [{ code: [...writeOut, ...writeOut] }] };
    const [whole] = await outcomes(two, {}, [2 ** 40]);
    if (whole?.kind !== 'success') throw new Error('it should succeed');
    const limited = await outcomes(two, { fuelMaximum: whole.fuel - 1 }, [1, 150, 2 ** 40]);
    for (const outcome of limited) expect(outcome).toMatchObject({ code: 'MH-UNIT-008', fuel: whole.fuel - 1 });
    expect(new Set(limited.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  });

  test('an endless loop ends at the limit, in all builds alike', async () => {
    const prepared = await prepare({ functions: [{ code: [0x03, 0x40, ...call(1), 0x0c, 0, 0x0b] }, { code: [] }] });
    for (const build of ['nonleaf', 'all'] as const)
      for (const slice of [100, 99_999]) {
        const machine = UnitMachine.start(prepared[build], unitInput({ fuelMaximum: 123_456 }), runOptions(build));
        expect(runMachine(machine, () => slice)).toMatchObject({ code: 'MH-UNIT-008', fuel: 123_456, exitCode: null });
      }
  });

  test('an endless innermost loop: the limit when it comes first, also without a yield point', async () => {
    const prepared = await prepare({ functions: [{ code: [0x03, 0x40, 0x0c, 0, 0x0b] }] });
    const machine = UnitMachine.start(prepared.nonleaf, unitInput({ fuelMaximum: 1_000_000 }), runOptions('nonleaf'));
    expect(runMachine(machine, () => 10)).toMatchObject({ code: 'MH-UNIT-008', fuel: 1_000_000 });
  });

  test('an exit beyond the limit is not an exit any more', () => {
    const step = [...setGlobal(0, -6n), ...i32(0)];
    expect(runRawStep(step, { fuelMaximum: 5 })).toMatchObject({ code: 'MH-UNIT-008', fuel: 5 });
  });
});

describe('an innermost loop that goes on for too long', () => {
  // 5 * 2^25 turns of some 40 fuel.
  const long = [...i32(0), 0x21, 0, 0x03, 0x40];
  const padding = Array.from({ length: 8 }, () => [0x20, 1, 0x20, 0, 0x6a, 0x21, 1]).flat();
  const code = [...long, ...padding, 0x20, 0, ...i32(1), 0x6a, 0x22, 0, ...i32(5 * 2 ** 25), 0x49, 0x0d, 0, 0x0b];

  test('needs the other build, which ends with the same fuel in any slices', async () => {
    const prepared = await prepare({ functions: [{ locals: [I32, I32], code }] });
    const input = unitInput({ fuelMaximum: 2 ** 45 });
    const run = (build: 'nonleaf' | 'all', slice: number): UnitOutcome =>
      runMachine(UnitMachine.start(prepared[build], input, runOptions(build, { markSpacing: 2 ** 30 })), () => slice);
    const needs = run('nonleaf', 2 ** 40);
    expect(needs).toMatchObject({ kind: 'needs-all', code: 'MH-UNIT-010' });
    expect(run('nonleaf', 12_345)).toEqual(needs);
    if (needs.kind === 'needs-all') expect(needs.fuel).toBeGreaterThan(2 ** 30 + SLACK);
    const all = run('all', 2 ** 40);
    expect(all).toMatchObject({ kind: 'success' });
    expect(run('all', 2 ** 28 + 7)).toEqual(all);
  });
});

describe('depth', () => {
  const endless = { functions: [{ code: call(1) }, { code: call(1) }] };

  test('is a failure of the unit at the same fuel in both builds', async () => {
    const prepared = await prepare(endless);
    const run = (build: 'nonleaf' | 'all', slice: number): UnitOutcome =>
      runMachine(
        UnitMachine.start(prepared[build], unitInput(), runOptions(build, { markSpacing: 2 ** 40 })),
        () => slice,
      );
    const [one, other] = [run('nonleaf', 2 ** 40), run('all', 5000)];
    expect(one).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-009', exitCode: null });
    expect(other).toMatchObject({ code: 'MH-UNIT-009', fuel: 'fuel' in one ? one.fuel : null });
    expect(run('all', 2 ** 40)).toEqual(other);
  });
});

describe('a trap of a step', () => {
  test.each([
    ['its own', UNREACHABLE, 'unit-failure', 'MH-UNIT-001'],
    ['too deep', [...setGlobal(2, -1n), ...UNREACHABLE], 'unit-failure', 'MH-UNIT-009'],
    ['too long', [...setGlobal(0, -9n), ...setGlobal(1, -8n), ...UNREACHABLE], 'unit-failure', 'MH-UNIT-011'],
    [
      'too deep and too long',
      [...setGlobal(2, -1n), ...setGlobal(0, -9n), ...setGlobal(1, -8n), 0],
      'unit-failure',
      'MH-UNIT-009',
    ],
  ])('%s', (_, step, kind, code) => {
    expect(runRawStep(step)).toMatchObject({ kind, code });
  });

  test('a step that takes more than the slack', async () => {
    const code = [
      ...i64(2n ** 32n),
      0x21,
      0,
      0x03,
      0x40,
      0x20,
      0,
      ...i64(1n),
      0x7d,
      0x22,
      0,
      0x50,
      0x45,
      0x0d,
      0,
      0x0b,
      ...i32(0),
    ];
    const types = [{ parameters: [], results: [I32] }];
    const functions = [{ code: [] }, { code: [] }, { type: 1, locals: [0x7e], code }];
    const { step } = await prepare({ types, functions, entries: { init: 0, finish: 1, step: 2 } });
    const outcome = runMachine(UnitMachine.start(step, unitInput({ fuelMaximum: 2 ** 45 }), runOptions('step')));
    expect(outcome).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-011' });
  });
});
