// Single segments: re-run alone they give the link that the chain goes on with, and two chains are bisected to the first one that differs.
import { type Build, ManyhandsError } from '@manyhands/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  bisect,
  type ChainParty,
  chainRootOf,
  proveLink,
  type SegmentEnd,
  type SegmentStart,
  UnitMachine,
  type UnitOutcome,
  type UnitSuccess,
  verifySegment,
} from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { type Prepared, prepare, runMachine, runOptions } from '../support/machine.js';
import { BUSY_INPUT, busyProgram, busySteps } from '../support/programs.js';

const input = unitInput(BUSY_INPUT);
let busy: Prepared;

beforeAll(async () => {
  busy = { ...(await prepare(busyProgram(120))), step: (await prepare(busySteps(120))).step };
});

const start = (build: Build): UnitMachine => UnitMachine.start(busy[build], input, runOptions(build));

/** A snapshot for each mark, by its number; 0 has none. */
function snapshotsAtMarks(build: Build): { snapshots: Uint8Array[]; outcome: UnitSuccess } {
  const snapshots: Uint8Array[] = [];
  const machine = start(build);
  for (;;) {
    const end = machine.runSlice(2 ** 40);
    if (end.kind === 'stopped') snapshots[machine.markCount] = machine.snapshot();
    else if (end.outcome.kind === 'success') return { snapshots, outcome: end.outcome };
    else throw new Error(end.outcome.code);
  }
}

const verify = (build: Build, from: SegmentStart | null): SegmentEnd =>
  verifySegment(busy[build], input, { ...runOptions(build), from });

describe.each(['nonleaf', 'all', 'step'] as const)('build %s', (build) => {
  test('each segment alone gives the next link, the last one the outcome', () => {
    const { snapshots, outcome } = snapshotsAtMarks(build);
    const { links } = outcome;
    expect(links.length).toBeGreaterThan(4);
    for (const [before, link] of links.entries()) {
      const snapshot = snapshots[before];
      const from = snapshot === undefined ? null : { snapshot, link: links[before - 1] as Uint8Array };
      const isLast = before === links.length - 1;
      const end = verify(build, from);
      expect(end).toEqual({ index: before + 1, link, outcome: isLast ? outcome : null });
    }
  });

  test('a snapshot of another mark, or between marks, is not taken for the agreed link', () => {
    const { snapshots, outcome } = snapshotsAtMarks(build);
    const refused = expect.objectContaining({ code: 'MH-CKP-005' });
    const [first, second] = outcome.links as [Uint8Array, Uint8Array];
    expect(() => verify(build, { snapshot: snapshots[1] as Uint8Array, link: second })).toThrow(refused);
    expect(() => verify(build, { snapshot: snapshots[2] as Uint8Array, link: first })).toThrow(refused);
    const machine = start(build);
    machine.runSlice(100);
    expect(() => verify(build, { snapshot: machine.snapshot(), link: first })).toThrow(refused);
  });

  test('one flipped bit half-way: bisection names the first wrong segment, and re-running that one alone convicts', async () => {
    const { snapshots, outcome } = snapshotsAtMarks(build);
    const half = Math.floor(outcome.links.length / 2);
    const wrong = runMachine(flipped(build, snapshots[half] as Uint8Array));
    const found = await bisect(partyOf(outcome), partyOf(wrong));
    expect(found).toMatchObject({ kind: 'segment', index: half + 1, agreed: outcome.links[half - 1] });
    if (found.kind !== 'segment' || found.agreed === null) return;
    const { link } = verify(build, { snapshot: snapshots[half] as Uint8Array, link: found.agreed });
    expect(link).toEqual(found.left);
    expect(link).not.toEqual(found.right);
  });
});

/** Goes on from a snapshot in whose memory one bit, of a word that the program adds up, has been flipped. */
function flipped(build: Build, snapshot: Uint8Array): UnitMachine {
  const forged = snapshot.slice();
  // The second of the filled pages: the first one is page 0.
  const at = 8 + new DataView(snapshot.buffer).getUint32(4) + 4096 + 50;
  forged[at] = (forged[at] as number) ^ 1;
  return UnitMachine.start(busy[build], input, { ...runOptions(build), snapshot: forged });
}

function partyOf(outcome: UnitOutcome): ChainParty & { asked: number[] } {
  if (outcome.kind !== 'success') throw new Error(outcome.code);
  return party(outcome.links);
}

function party(links: readonly Uint8Array[]): ChainParty & { asked: number[] } {
  const asked: number[] = [];
  const askLink = async (index: number): Promise<ReturnType<typeof proveLink>> => {
    asked.push(index);
    return proveLink(links, index);
  };
  return { chainRoot: chainRootOf(links) as Uint8Array, markCount: links.length, askLink, asked };
}

const linkOf = (side: number, index: number): Uint8Array =>
  new Uint8Array(32)
    .fill(side)
    .fill(index & 255, 0, 1)
    .fill(index >> 8, 1, 2);

describe('bisection', () => {
  test('finds the first difference in logarithmically many messages, whatever the lengths', async () => {
    const lengths = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(lengths, lengths, fc.nat(), async (leftCount, rightCount, place) => {
        const first = 1 + (place % Math.min(leftCount, rightCount));
        const links = (count: number, side: number): Uint8Array[] =>
          Array.from({ length: count }, (_, at) => linkOf(at + 1 < first ? 0 : side, at + 1));
        const [left, right] = [party(links(leftCount, 1)), party(links(rightCount, 2))];
        const found = await bisect(left, right);
        expect(found).toEqual({
          kind: 'segment',
          index: first,
          agreed: first === 1 ? null : linkOf(0, first - 1),
          left: linkOf(1, first),
          right: linkOf(2, first),
        });
        expect(left.asked.length).toBeLessThanOrEqual(2 + Math.log2(Math.min(leftCount, rightCount)));
      }),
    );
  });

  const links = Array.from({ length: 9 }, (_, at) => linkOf(1, at + 1));
  const others = Array.from({ length: 9 }, (_, at) => linkOf(2, at + 1));

  test('equal chains', async () => {
    expect(await bisect(party(links), party(links))).toEqual({ kind: 'equal' });
  });

  test('who does not answer, or answers what was not signed', async () => {
    const silent = { ...party(links), askLink: async () => null };
    const lying = { ...party(links), askLink: async (index: number) => proveLink(others, index) };
    expect(await bisect(party(others), silent)).toMatchObject({ kind: 'unproven', side: 'right', index: 9 });
    expect(await bisect(lying, party(others))).toMatchObject({ kind: 'unproven', side: 'left', index: 9 });
  });

  test('chains that cannot both be true', async () => {
    expect(await bisect(party(links), party(links.slice(0, 5)))).toEqual({ kind: 'contradiction', index: 5 });
  });
});

test('a refusal is a documented error', () => {
  try {
    verify('nonleaf', { snapshot: new Uint8Array(3), link: new Uint8Array(32) });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ManyhandsError);
    expect(error).toMatchObject({ code: 'MH-CKP-001', fault: 'peer' });
  }
});
