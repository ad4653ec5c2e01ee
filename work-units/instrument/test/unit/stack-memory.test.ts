// The memory for the stack of a stopped program is as small as it can be, and holds the deepest stop there is.
import { describe, expect, test } from 'vitest';
import { buildModule, call, i32, V128 } from '../../../runtime/test/support/wasm-builder.js';
import { buildApp } from '../../src/index.js';
import { readLayout } from '../../src/layout/module-layout.js';
import { drive } from '../support/driver.js';
import { RECURSIVE_SHAPES } from '../support/recursive-shapes.js';
import { commandText, fromText } from '../support/wat.js';

const PAGE = 65_536;
const OPTIONS = { memoryMaximumBytes: 4 * PAGE, moduleMaximumBytes: 1 << 20 };
const BUILDS = ['nonleaf', 'all'] as const;
const RECORD_BYTES = 8;
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n');

/** Functions that call one another in a row, each with 64-bit locals that it needs again; the last one has a loop that stops. */
function chain(length: number, locals: number): string {
  const load = (i: number): string => `(local.set $l${i} (i64.load offset=${i * 8} (i32.const 0)))`;
  const store = (i: number): string =>
    `(i64.store offset=${i * 8} (i32.const 0) (i64.add (i64.const 1) (local.get $l${i})))`;
  const link = (index: number): string => `(func $f${index} ${times(locals, (i) => `(local $l${i} i64)`)}
    ${times(locals, load)} (call $f${index + 1}) ${times(locals, store)})`;
  const last = `(func $f${length} (local $i i32) (loop $l (call $nothing)
    (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3)))))`;
  return commandText('(call $f0)', `${times(length, link)} ${last} (func $nothing)`);
}

function stackMemories(builds: Record<string, Uint8Array>): number[][] {
  return Object.values(builds).map((wasm) => [...(readLayout(wasm).memories[1] ?? [])]);
}

describe('without recursion', () => {
  test('one page is enough for an ordinary program', async () => {
    const { builds, report } = await buildApp(fromText(chain(3, 10)), OPTIONS);
    expect(stackMemories(builds)).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(report.stackMemoryBytes).toBe(PAGE);
  });

  test('a stop at the deepest point fits, and one page less would not do', async () => {
    const { builds, report } = await buildApp(fromText(chain(300, 30)), OPTIONS);
    if (!('all' in builds)) throw new Error('not a command');
    expect(report.stackMemoryBytes).toBeGreaterThan(PAGE);
    for (const build of BUILDS) {
      const whole = drive(builds[build], { build });
      const cut = drive(builds[build], { build, slice: () => 1n, isMoved: true });
      expect(cut).toMatchObject({ trap: null, fuel: whole.fuel });
      expect(Buffer.compare(cut.memory, whole.memory)).toBe(0);
      expect(cut.stackBytes + RECORD_BYTES).toBeLessThanOrEqual(report.stackMemoryBytes);
      expect(cut.stackBytes + RECORD_BYTES).toBeGreaterThan(report.stackMemoryBytes - PAGE);
    }
  });
});

describe('with recursion', () => {
  test.each(Object.entries(RECURSIVE_SHAPES))(
    'the deepest stops fit: %s',
    async (_, text) => {
      const { builds, report } = await buildApp(fromText(text), OPTIONS);
      if (!('all' in builds)) throw new Error('not a command');
      const whole = drive(builds.all, { build: 'all' });
      // Every slice ends just before the fuel that the deepest call would need.
      let given = false;
      const slice = (): bigint => {
        const next = given ? 1n : whole.fuel - 50n;
        given = true;
        return next;
      };
      const cut = drive(builds.all, { build: 'all', slice });
      expect(cut).toMatchObject({ trap: 'unreachable', fuel: whole.fuel, depthLeft: whole.depthLeft });
      expect(cut.stackBytes).toBeGreaterThan(1_000);
      expect(cut.stackBytes + RECORD_BYTES).toBeLessThanOrEqual(report.stackMemoryBytes);
      expect(report.stackMemoryBytes).toBeLessThanOrEqual(16 * PAGE);
    },
    60_000,
  );

  test('a function whose one frame is too large is refused', async () => {
    const many = (code: readonly number[]): number[] => Array.from({ length: 21_000 }, () => code).flat();
    const extractLane = [0x20, 0, 0xfd, 29, 0, 0x1a];
    const code = [...extractLane, ...many(i32(1)), ...many([0x1a]), ...call(0)];
    const wasm = buildModule({ functions: [{ locals: [V128], code }] });
    await expect(buildApp(wasm, OPTIONS)).rejects.toMatchObject({ code: 'MH-MOD-015' });
  });
});

test('a program of steps has none', async () => {
  const text = `(module (memory (export "memory") 1) (func (export "init")) (func (export "step") (result i32) (i32.const 0)) (func (export "finish")))`;
  const { builds, report } = await buildApp(fromText(text), OPTIONS);
  expect(stackMemories(builds)).toEqual([[]]);
  expect(report.stackMemoryBytes).toBe(0);
});
