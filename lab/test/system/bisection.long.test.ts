// Two chains that differ by one flipped bit half-way: the first wrong segment is found by asking, and running that one again tells who is right.
import {
  bisect,
  type ChainParty,
  chainRootOf,
  type MachineOptions,
  proveLink,
  type UnitInput,
  UnitMachine,
  verifySegment,
} from '@manyhands/runtime';
import { lucasLehmerModule } from '@manyhands/unit-lucas-lehmer';
import { expect, test } from 'vitest';
import { fromBase64, unitOf } from '../../dist/fuzz/run/engine-case.js';
import { moduleCase } from '../../dist/fuzz/run/generated-case.js';

const SLICE_FUEL = 2 ** 30;
const FLIPPED_MARK = 25;

type Unit = { module: WebAssembly.Module; input: UnitInput; options: MachineOptions };
/** A finished run: its chain, and a snapshot at each mark. */
type Run = { links: readonly Uint8Array[]; snapshots: Uint8Array[] };

async function makeUnit(): Promise<Unit> {
  const made = await moduleCase(lucasLehmerModule(), {
    name: 'lucas-lehmer',
    args: ['lucas-lehmer', '1279'],
    memoryMaximumBytes: 2 ** 24,
    fuelMaximum: 2 ** 50,
    markSpacing: 500_009,
    sliceFuel: 1,
  });
  const [nonleaf] = made.builds;
  if (nonleaf === undefined) throw new Error('a command has builds');
  const { build, moduleCid, wasmBase64 } = nonleaf;
  const module = new WebAssembly.Module(fromBase64(wasmBase64));
  return { module, input: unitOf(made), options: { build, moduleCid, markSpacing: made.markSpacing } };
}

/** `flipAt`: the number of the mark after which one bit of memory changes. */
function run({ module, input, options }: Unit, flipAt: number | null): Run {
  let machine = UnitMachine.start(module, input, options);
  const snapshots: Uint8Array[] = [];
  for (;;) {
    const end = machine.runSlice(SLICE_FUEL);
    if (end.kind === 'ended') return { links: machine.links, snapshots };
    const snapshot = machine.snapshot();
    snapshots.push(snapshot);
    if (machine.markCount !== flipAt) continue;
    const flipped = snapshot.slice();
    // The pages of memory stand last.
    flipped[flipped.length - 2_000] = (flipped.at(-2_000) ?? 0) ^ 1;
    machine = UnitMachine.start(module, input, { ...options, snapshot: flipped });
  }
}

function party({ links }: Run, asked: number[]): ChainParty {
  const chainRoot = chainRootOf(links);
  if (chainRoot === null) throw new Error('a finished run has a chain');
  return {
    chainRoot,
    markCount: links.length,
    askLink: async (index) => {
      asked.push(index);
      return proveLink(links, index);
    },
  };
}

test('the first wrong segment is named in logarithmically many messages, and shown wrong by re-running it alone', async () => {
  const unit = await makeUnit();
  const [honest, faulty] = [run(unit, null), run(unit, FLIPPED_MARK)];
  expect(honest.links.length).toBeGreaterThan(2 * FLIPPED_MARK - 10);
  const [askedLeft, askedRight]: [number[], number[]] = [[], []];
  const found = await bisect(party(honest, askedLeft), party(faulty, askedRight));
  if (found.kind !== 'segment') throw new Error(`found ${found.kind}`);
  expect(found.index).toBe(FLIPPED_MARK + 1);
  const messages = 1 + Math.ceil(Math.log2(honest.links.length));
  expect(Math.max(askedLeft.length, askedRight.length)).toBeLessThanOrEqual(messages);

  // One segment, from the state that both agree on.
  const snapshot = honest.snapshots[found.index - 2];
  if (snapshot === undefined || found.agreed === null) throw new Error('there is a mark before the segment');
  const { link } = verifySegment(unit.module, unit.input, { ...unit.options, from: { snapshot, link: found.agreed } });
  expect(link).toEqual(found.left);
  expect(link).not.toEqual(found.right);
});

test('equal chains have no wrong segment', async () => {
  const unit = await makeUnit();
  const asked: number[] = [];
  expect(await bisect(party(run(unit, null), asked), party(run(unit, null), asked))).toEqual({ kind: 'equal' });
  expect(asked).toEqual([]);
});
