// Limits of fuel, depth and steps: exact points, told apart, and the same whatever the slices.
import { markSpacingOf } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import { UnitMachine, type UnitOutcome } from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { prepare, runMachine, runOptions } from '../support/machine.js';
import { rawStep } from '../support/raw-step.js';
import { call, I32, i32, i64, type TestModule } from '../support/wasm-builder.js';

const DROP = 0x1a;
/** Every program stops at multiples of it, and may go on for as much again without a yield point. */
const CHECK_SPACING = 2 ** 32;
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

describe('a loop or step that goes on for too long', () => {
  /** Costs 2^26 fuel and no time: growth that cannot be. */
  const growth = [...i32(-1), 0x40, 0, DROP];
  /** Costs some 2^15 fuel at each turn of the loop around it, and no time: code that never runs. Unlike growth, no call is made of it. */
  const divisions = Array.from({ length: 3000 }, () => [0x20, 0, 0x20, 0, 0x6e, DROP]).flat();
  const unused = [...i32(0), 0x04, 0x40, ...divisions, 0x0b];
  /** Counts local 0 from 0 to `turns`. */
  const counted = (turns: number, body: readonly number[]): number[] => [
    ...[...i32(0), 0x21, 0, 0x03, 0x40, ...body],
    ...[0x20, 0, ...i32(1), 0x6a, 0x22, 0, ...i32(turns), 0x49, 0x0d, 0, 0x0b],
  ];
  /** Yields at each turn until `turns * 2^26` fuel is used, and then goes on in an innermost loop. */
  const command = (turns: number, innermostTurns: number): TestModule => ({
    functions: [
      { locals: [I32], code: [...counted(turns, [...growth, ...call(1)]), ...counted(innermostTurns, unused)] },
      { code: [] },
    ],
  });
  const SLICES = [2 ** 50, 2 ** 32, 2 ** 31 + 12_345, 2 ** 26, 1];
  const memoryMaximumBytes = 2 ** 31;
  const markSpacing = markSpacingOf(memoryMaximumBytes);
  const input = unitInput({ fuelMaximum: 2 ** 45 });

  test.each([
    ['before the first check', 3],
    ['after some', 150],
  ])('an innermost loop %s: the other build is needed, soon, and at the same point in any slices', async (_, turns) => {
    const { nonleaf } = await prepare(command(turns, 2 ** 20), memoryMaximumBytes);
    const [whole, ...sliced] = SLICES.map((slice) =>
      runMachine(UnitMachine.start(nonleaf, input, runOptions('nonleaf', { markSpacing })), () => slice),
    );
    expect(whole).toMatchObject({ kind: 'needs-all', code: 'MH-UNIT-010' });
    const hardStop = (Math.floor((turns * 2 ** 26) / CHECK_SPACING) + 2) * CHECK_SPACING;
    if (whole?.kind !== 'needs-all') return;
    expect(whole.fuel).toBeGreaterThan(hardStop);
    expect(whole.fuel).toBeLessThan(hardStop + 2 ** 27);
    for (const outcome of sliced) expect(outcome).toEqual(whole);
  });

  test('the other build ends with the same chain in any slices', async () => {
    const { all } = await prepare(command(70, 2 ** 19));
    const [whole, ...sliced] = SLICES.map((slice) =>
      runMachine(UnitMachine.start(all, input, runOptions('all', { markSpacing: 2 ** 33 })), () => slice),
    );
    expect(whole).toMatchObject({ kind: 'success', markCount: 3 });
    for (const outcome of sliced) expect(outcome).toEqual(whole);
  });

  test('an innermost loop that ends before is nothing to stop for', async () => {
    const { nonleaf } = await prepare(command(3, 2 ** 17));
    const start = (): UnitMachine => UnitMachine.start(nonleaf, input, runOptions('nonleaf', { markSpacing }));
    const whole = runMachine(start());
    expect(whole).toMatchObject({ kind: 'success', markCount: 1 });
    expect(runMachine(start(), () => 2 ** 26)).toEqual(whole);
  });

  test('a step: a failure of the unit, soon, and the same in any slices', async () => {
    const types = [{ parameters: [], results: [I32] }];
    // 70 short steps, then one that does not end.
    const step = [
      ...[0x23, 0, ...i32(1), 0x6a, 0x24, 0],
      ...growth,
      ...[0x23, 0, ...i32(70), 0x49, 0x04, I32, ...i32(1), 0x05],
      ...[...counted(1000, growth), ...i32(0), 0x0b],
    ];
    const functions = [{ code: [] }, { code: [] }, { type: 1, locals: [I32], code: step }];
    const parts = { types, functions, globals: [[I32, 1, ...i32(0), 0x0b]], entries: { init: 0, finish: 1, step: 2 } };
    const prepared = await prepare(parts, memoryMaximumBytes);
    const [whole, ...sliced] = SLICES.map((slice) =>
      runMachine(UnitMachine.start(prepared.step, input, runOptions('step', { markSpacing })), () => slice),
    );
    expect(whole).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-011', markCount: 1 });
    expect(whole && 'fuel' in whole ? whole.fuel : 0).toBeLessThan(3 * CHECK_SPACING + 2 ** 27);
    for (const outcome of sliced) expect(outcome).toEqual(whole);
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
});
