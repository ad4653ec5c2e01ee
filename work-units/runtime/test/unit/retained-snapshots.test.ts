// Kept snapshots stay within their quota and are spread evenly; any other one is computed again and proven by its link.
import type { Build } from '@manyhands/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  RetainedSnapshots,
  type SnapshotAtMarkOptions,
  snapshotAtMark,
  snapshotsToDrop,
  UnitMachine,
} from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { type Prepared, prepare, runOptions } from '../support/machine.js';
import { BUSY_INPUT, busyProgram, busySteps } from '../support/programs.js';

const bytes = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes);

describe('what is kept', () => {
  test('never more than the quota, and always the newest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const retained = new RetainedSnapshots(100);
        for (const [place, size] of sizes.entries()) {
          retained.add(place + 1, bytes(size));
          expect(retained.sizeBytes).toBeLessThanOrEqual(100);
          expect(retained.marks.at(-1)).toBe(place + 1);
        }
      }),
    );
  });

  test('spread evenly: no gap is more than four times the average', () => {
    const retained = new RetainedSnapshots(10);
    for (let mark = 1; mark <= 1000; mark++) {
      retained.add(mark, bytes(1));
      const { marks } = retained;
      expect(marks.length).toBe(Math.min(mark, 10));
      const gaps = marks.map((at, place) => at - (marks[place - 1] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(1, (4 * mark) / 10));
    }
  });

  test('one larger than the quota is not kept, and drives nothing out', () => {
    const retained = new RetainedSnapshots(10);
    retained.add(1, bytes(10));
    retained.add(2, bytes(11));
    expect(retained.marks).toEqual([1]);
    retained.add(3, bytes(10));
    expect(retained.marks).toEqual([3]);
  });

  test('the plan alone, for hosts that keep them elsewhere', () => {
    const kept = [1, 2, 5, 9].map((mark) => ({ mark, sizeBytes: 10 }));
    expect(snapshotsToDrop(kept, 40)).toEqual([]);
    expect(snapshotsToDrop(kept, 39)).toEqual([1]);
    expect(snapshotsToDrop(kept, 10)).toEqual([1, 2, 5]);
    expect(snapshotsToDrop(kept, 9)).toEqual([1, 2, 5, 9]);
  });

  test('the nearest one is never after the mark', () => {
    const retained = new RetainedSnapshots(10);
    for (const mark of [8, 3]) retained.add(mark, bytes(1));
    expect([2, 3, 7, 8, 99].map((mark) => retained.nearest(mark)?.mark ?? null)).toEqual([null, 3, 3, 8, 8]);
  });
});

const input = unitInput(BUSY_INPUT);
let busy: Prepared;

beforeAll(async () => {
  busy = { ...(await prepare(busyProgram(60))), step: (await prepare(busySteps(60))).step };
});

type Run = { snapshots: Uint8Array[]; links: readonly Uint8Array[] };

/** A whole run with the snapshot of each mark, by its number; 0 has none. */
function wholeRun(build: Build): Run {
  const machine = UnitMachine.start(busy[build], input, runOptions(build, { markSpacing: 5000 }));
  const snapshots: Uint8Array[] = [];
  while (machine.runSlice(2 ** 40).kind === 'stopped') snapshots[machine.markCount] = machine.snapshot();
  return { snapshots, links: machine.links };
}

function ask(build: Build, options: Pick<SnapshotAtMarkOptions, 'mark' | 'links' | 'retained'>): Uint8Array {
  return snapshotAtMark(busy[build], input, { ...runOptions(build, { markSpacing: 5000 }), ...options });
}

describe.each(['nonleaf', 'all', 'step'] as const)('build %s', (build) => {
  test('any snapshot comes back bit for bit, from a kept one or from the start', () => {
    const { snapshots, links } = wholeRun(build);
    expect(snapshots.length).toBeGreaterThan(8);
    const sizes = snapshots.map((snapshot) => snapshot.length);
    const retained = new RetainedSnapshots(3 * Math.max(...sizes.slice(1)));
    for (const [mark, snapshot] of snapshots.entries()) if (mark > 0) retained.add(mark, snapshot);
    expect(retained.marks.length).toBeLessThan(6);
    for (let mark = 1; mark < snapshots.length; mark++) {
      expect(ask(build, { mark, links, retained }), `mark ${mark}`).toEqual(snapshots[mark]);
      expect(ask(build, { mark, links, retained: new RetainedSnapshots(0) })).toEqual(snapshots[mark]);
    }
  });

  test('a damaged one is dropped, and does no harm', () => {
    const { snapshots, links } = wholeRun(build);
    const whole = snapshots[4] as Uint8Array;
    for (const damaged of [whole.subarray(0, 99), whole.map((byte, at) => (at === whole.length - 9 ? byte ^ 1 : byte))])
      for (const mark of [4, 6]) {
        const retained = new RetainedSnapshots(2 ** 30);
        retained.add(2, snapshots[2] as Uint8Array);
        retained.add(4, damaged);
        expect(ask(build, { mark, links, retained })).toEqual(snapshots[mark]);
        expect(retained.marks).toEqual([2]);
      }
  });

  test('a chain that the unit does not have is not served', () => {
    const { links } = wholeRun(build);
    const retained = new RetainedSnapshots(0);
    const refused = expect.objectContaining({ code: 'MH-CKP-005' });
    const wrong = links.map((link, place) => (place === 2 ? link.map((byte) => byte ^ 1) : link));
    expect(() => ask(build, { mark: 3, links: wrong, retained })).toThrow(refused);
    expect(() => ask(build, { mark: links.length, links, retained })).toThrow(refused);
    for (const mark of [0, -1, 1.5, links.length + 1])
      expect(() => ask(build, { mark, links, retained })).toThrow(RangeError);
  });
});
