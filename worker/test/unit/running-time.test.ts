// The running time of a unit under every kind of clock that a sleeping machine may have, with and without the thread's own time.
import { expect, test } from 'vitest';
import { RunningTime } from '../../src/executor/thread/running-time.js';

const SLICE_MS = 300;
const NAP_MS = 3_600_000;

/** Runs slices, each tenth with a nap in its middle, on a machine whose monotonic clock goes on in sleep or stands still. */
function computed(slices: number, { goesOn, hasCpuTime }: { goesOn: boolean; hasCpuTime: boolean }): number {
  const now = { monotonicMs: 7, cpuMs: 3 };
  const time = new RunningTime(50, () => ({ ...now, cpuMs: hasCpuTime ? now.cpuMs : null }));
  for (let slice = 0; slice < slices; slice++) {
    time.during(() => {
      now.monotonicMs += SLICE_MS;
      now.cpuMs += SLICE_MS;
      if (slice % 10 === 9 && goesOn) now.monotonicMs += NAP_MS;
    });
    now.monotonicMs += 20; // between slices nothing is computed
  }
  return time.elapsedMs;
}

test.for([
  { goesOn: true, hasCpuTime: true },
  { goesOn: false, hasCpuTime: true },
  { goesOn: false, hasCpuTime: false },
])('naps are no running time: %j', (machine) => {
  expect(computed(100, machine)).toBe(50 + 100 * SLICE_MS);
});

test('without the thread’s own time a nap counts as a long slice at most', () => {
  const elapsedMs = computed(100, { goesOn: true, hasCpuTime: false });
  expect(elapsedMs).toBeGreaterThan(100 * SLICE_MS);
  expect(elapsedMs).toBeLessThan(100 * SLICE_MS + 10 * 2001);
});

test('a step that throws took its time too', () => {
  let nowMs = 0;
  const time = new RunningTime(0, () => ({ monotonicMs: nowMs, cpuMs: null }));
  expect(() =>
    time.during(() => {
      nowMs = 40;
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(time.elapsedMs).toBe(40);
});
