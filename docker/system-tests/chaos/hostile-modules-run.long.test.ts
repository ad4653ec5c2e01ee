// Legal programs that misbehave: each ends with its documented code, and stopping them anywhere or building them otherwise changes nothing.
import { beforeAll, expect, test } from 'vitest';
import { type RunOfUnit, type Runs, runModes } from '../support/hostile/run-modes.js';
import { DEEP, FAT_DEEP, zooModule } from '../support/hostile/zoo.js';
import { MODES, ZOO_PAGES } from '../support/hostile/zoo-modes.js';

const PEAK_MAXIMUM_BYTES = 900 * 2 ** 20;

/** Depths in small steps, beyond what is allowed. */
const DEPTHS = Array.from({ length: 30 }, (_, step) => Math.round(20 * 1.3 ** step));
const deep = (kind: number): { name: string; args: string[] }[] =>
  DEPTHS.map((depth) => ({ name: `${kind}:${depth}`, args: ['zoo', String(kind + depth)] }));

let runs: Runs = new Map();
let peakBytes = 0;
beforeAll(async () => {
  const result = await runModes({
    wasm: zooModule(),
    units: [
      ...MODES.map(({ name }, number) => ({ name, args: ['zoo', String(number)] })),
      ...deep(DEEP),
      ...deep(FAT_DEEP),
    ],
    fuelMaximum: 200_000_000,
    markSpacing: 10_000_000,
    memoryMaximumBytes: ZOO_PAGES * 65_536,
    limits: { fileTreeMaximumBytes: 2 ** 22, outputMaximumBytes: 2 ** 22 },
  });
  ({ runs, peakBytes } = result);
  expect(result.error).toBe('');
});

const WAYS = ['nonleaf', 'nonleaf-sliced', 'all', 'all-sliced'];

test.each(MODES.map(({ name, expected }) => ({ name, ...expected })))(
  '$name: $code',
  ({ name, code, exitCode = null }) => {
    const run = runs.get(name) as Record<string, RunOfUnit>;
    for (const way of WAYS)
      expect(run[way], way).toMatchObject({ code, exitCode: code === null ? 0 : exitCode, fuel: run.nonleaf?.fuel });
    for (const build of ['nonleaf', 'all']) expect(run[`${build}-sliced`]?.chainRoot).toBe(run[build]?.chainRoot);
    expect(new Set(WAYS.map((way) => run[way]?.stdout)).size).toBe(1);
  },
);

test.each([
  ['small', DEEP],
  ['large', FAT_DEEP],
])('recursion with %s frames can be stopped at every depth that is allowed', (_, kind) => {
  const codes = DEPTHS.map((depth) => {
    const run = runs.get(`${kind}:${depth}`) as Record<string, RunOfUnit>;
    const [first, ...others] = WAYS.map((way) => ({ code: run[way]?.code, fuel: run[way]?.fuel }));
    for (const other of others) expect(other, `${kind}:${depth}`).toEqual(first);
    return first?.code;
  });
  expect(new Set(codes)).toEqual(new Set([null, 'MH-UNIT-009']));
  expect(codes.lastIndexOf(null), 'shallower is never refused').toBeLessThan(codes.indexOf('MH-UNIT-009'));
});

test('the process that ran them all stayed small', () => {
  expect(peakBytes).toBeGreaterThan(0);
  expect(peakBytes).toBeLessThan(PEAK_MAXIMUM_BYTES);
});
