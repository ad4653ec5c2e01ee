// A worker takes only what the pipeline writes: builds pass as what they are, and anything else that is put in their place is refused.
import { beforeAll, describe, expect, test } from 'vitest';
import { type Build, buildApp, validatePrepared } from '../../src/index.js';
import { type ModuleLayout, readLayout, writeLayout } from '../../src/layout/module-layout.js';
import { Random } from '../support/random.js';
import { randomModule } from '../support/random-module.js';

const PAGE = 65_536;
const OPTIONS = { memoryMaximumBytes: 4 * PAGE, moduleMaximumBytes: 1 << 20 };
const { command, steps } = randomModule(5, true);
const builds = new Map<Build, Uint8Array>();
const buildOf = (build: Build): Uint8Array => builds.get(build) as Uint8Array;
const validate = (wasm: Uint8Array, build: Build, pages = 4): void =>
  validatePrepared(wasm, { memoryMaximumBytes: pages * PAGE, build });
const changed = (build: Build, change: (layout: ModuleLayout) => Partial<ModuleLayout>): Uint8Array => {
  const layout = readLayout(buildOf(build));
  return writeLayout({ ...layout, ...change(layout) });
};

beforeAll(async () => {
  const first = await buildApp(command, OPTIONS);
  const second = await buildApp(steps, OPTIONS);
  for (const [name, wasm] of Object.entries({ ...first.builds, ...second.builds })) builds.set(name as Build, wasm);
});

test('builds pass as what they are and as nothing else', () => {
  for (const build of ['nonleaf', 'all', 'step'] as const) {
    validate(buildOf(build), build);
    expect(() => validate(buildOf(build), build, 2)).toThrow(expect.objectContaining({ code: 'MH-MOD-013' }));
  }
  for (const [wasm, build] of [
    [buildOf('step'), 'all'],
    [buildOf('nonleaf'), 'step'],
    [command, 'nonleaf'],
    [steps, 'step'],
  ] as const)
    expect(() => validate(wasm, build)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^MH-MOD-/) }));
});

test.each([1, 2, 16])('a stack of %s pages passes', (pages) => {
  const memories = [Uint8Array.of(1, 1, 3), Uint8Array.of(1, pages, pages)];
  validate(
    changed('all', () => ({ memories })),
    'all',
  );
});

describe('refused', () => {
  const renamed = (from: string, to: string) => (layout: ModuleLayout) => ({
    exports: layout.exports.map((item) => (item.name === from ? { ...item, name: to } : item)),
  });
  const without = (name: string) => (layout: ModuleLayout) => ({
    exports: layout.exports.filter((item) => item.name !== name),
  });
  const pointed = (name: string, target: string) => (layout: ModuleLayout) => {
    const index = layout.exports.find((item) => item.name === target)?.index ?? 0;
    return { exports: layout.exports.map((item) => (item.name === name ? { ...item, index } : item)) };
  };
  const memories =
    (...items: number[][]) =>
    (): Partial<ModuleLayout> => ({
      memories: items.map((item) => Uint8Array.from(item)),
    });
  const everyBuild = ['nonleaf', 'step'] as const;
  const cases: [string, (layout: ModuleLayout) => Partial<ModuleLayout>, readonly Build[]][] = [
    ['no fuel', without('manyhands:fuel'), everyBuild],
    ['no floor', without('manyhands:floor'), everyBuild],
    ['no depth', without('manyhands:depth'), everyBuild],
    ['no flag of growth', without('manyhands:growth-refused'), everyBuild],
    ['a global of the program hidden', without('manyhands:global:0'), everyBuild],
    ['no stack', without('manyhands:stack'), ['nonleaf', 'all']],
    ['no way to rewind', without('asyncify_start_rewind'), ['nonleaf', 'all']],
    ['a foreign export', renamed('manyhands:floor', 'floor'), everyBuild],
    ['an export called then', renamed('manyhands:global:0', 'then'), everyBuild],
    ['fuel and depth exchanged', pointed('manyhands:fuel', 'manyhands:depth'), everyBuild],
    ['the stack is the memory', pointed('manyhands:stack', 'memory'), ['nonleaf', 'all']],
    ['the memory is the stack', pointed('memory', 'manyhands:stack'), ['nonleaf', 'all']],
    ['a program global in the place of another', pointed('manyhands:global:0', 'manyhands:growth-refused'), everyBuild],
    ['no maximum of the memory', memories([0, 1], [1, 16, 16]), ['nonleaf', 'all']],
    ['a stack that grows', memories([1, 1, 3], [1, 15, 16]), ['nonleaf', 'all']],
    ['a stack without bounds', memories([1, 1, 3], [0, 16]), ['nonleaf', 'all']],
    ['a stack of nothing', memories([1, 1, 3], [1, 0, 0]), ['nonleaf', 'all']],
    ['a stack larger than any needs to be', memories([1, 1, 3], [1, 17, 17]), ['nonleaf', 'all']],
    ['a third memory', memories([1, 1, 3], [1, 16, 16], [1, 1, 1]), ['nonleaf', 'all']],
    ['a second memory of a program of steps', memories([1, 1, 3], [1, 16, 16]), ['step']],
    [
      'the guard lets growth pass',
      ({ bodies }) => ({ bodies: [...bodies.slice(0, -1), Uint8Array.of(0, 0x20, 0, 0x40, 0, 0x0b)] }),
      everyBuild,
    ],
    [
      'another import',
      ({ imports }) => ({ imports: imports.map((item) => ({ ...item, name: 'yield2' })) }),
      ['nonleaf', 'all'],
    ],
  ];

  test.each(cases)('%s', (_, change, names) => {
    for (const build of names)
      expect(() => validate(changed(build, change), build), build).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^MH-MOD-/) }),
      );
  });

  test('any one byte changed is refused with a documented code, or leaves the shape as it was', () => {
    const random = new Random(3);
    for (let run = 0; run < 1_500; run++) {
      const wasm = buildOf('nonleaf').slice();
      wasm[random.below(wasm.length)] = random.below(256);
      try {
        validate(wasm, 'nonleaf');
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^MH-MOD-0\d\d$/) });
      }
    }
  });
});
