// What calls of the host cost: consensus, hence every number stands here.
import { describe, expect, test } from 'vitest';
import { FailureSignal } from '../../src/host/signals.js';
import { bytesOf, Guest } from '../support/guest.js';

const CALL = 200;

/** Fuel of one call. */
function costOf(guest: Guest, run: () => unknown): number {
  const before = guest.meter.used;
  run();
  return guest.meter.used - before;
}

const guestOf = (changes: ConstructorParameters<typeof Guest>[0] = {}): Guest =>
  new Guest({ files: [{ name: 'in', bytes: new Uint8Array(100) }], stdin: bytesOf('standard input'), ...changes });

describe('every call costs 200, and 1 for each 8 bytes that it moves', () => {
  test.each<[string, number, (guest: Guest) => unknown]>([
    ['sched_yield', 0, (guest) => guest.call('sched_yield')],
    ['a call that fails', 0, (guest) => guest.call('fd_close', 77)],
    ['a read of 3 bytes', 1, (guest) => guest.read(0, 3)],
    ['a read that meets the end: 14 bytes of 64', 2, (guest) => guest.read(0, 64)],
    ['a write of 17 bytes to stdout', 3, (guest) => guest.write(1, 'x'.repeat(17))],
    ['a write of 16 bytes to stderr', 2, (guest) => guest.write(2, 'x'.repeat(16))],
    ['a write of nothing', 0, (guest) => guest.write(1, '')],
    ['randomness: 1 for each byte', 33, (guest) => guest.call('random_get', 64, 33)],
    ['opening a path of 2 bytes', 1, (guest) => guest.open('in')],
    [
      'a folder with a path of 9 bytes',
      2,
      (guest) => guest.call('path_create_directory', 3, ...guest.path('abcdefghi')),
    ],
    ['emptying a file of 100 bytes, path of 2', 1 + 13, (guest) => guest.open('in', { oflags: 8 })],
    ['a listing: 1 for each entry, and its 24 + name bytes each', 1 + 10, (guest) => guest.list(3)],
    ['arguments: 8 bytes with their zero', 1, (guest) => guest.call('args_get', 64, 128)],
    ['polling: 48 bytes in and 32 out', 10, (guest) => guest.call('poll_oneoff', 64, 1024, 1, 2048)],
  ])('%s', (_, expected, run) => {
    const guest = guestOf();
    expect(costOf(guest, () => run(guest))).toBe(CALL + expected);
  });

  test('files: what is written, zeros in a gap, and changes of size', () => {
    const guest = guestOf();
    const fd = guest.open('new', { oflags: 1 });
    expect(costOf(guest, () => guest.write(fd, 'x'.repeat(80)))).toBe(CALL + 10);
    expect(costOf(guest, () => guest.call('fd_filestat_set_size', fd, 800n))).toBe(CALL + 90);
    expect(costOf(guest, () => guest.call('fd_filestat_set_size', fd, 8n))).toBe(CALL + 99);
    const list = guest.buffers({ address: guest.put(bytesOf('x'.repeat(16))), length: 16 });
    expect(costOf(guest, () => guest.call('fd_pwrite', fd, list, 1, 72n, 8))).toBe(CALL + 10);
    expect(costOf(guest, () => guest.call('fd_allocate', fd, 0n, 888n))).toBe(CALL + 100);
    expect(costOf(guest, () => guest.call('fd_pread', fd, list, 1, 880n, 8))).toBe(CALL + 1);
  });
});

describe('a call beyond the limit of fuel', () => {
  const overLimit = (guest: Guest, run: () => unknown): void => {
    expect(run).toThrow(expect.objectContaining({ code: 'MH-UNIT-008' }));
    expect(guest.meter.isOverLimit).toBe(true);
  };

  test('writes nothing', () => {
    const guest = guestOf({ fuelMaximum: CALL + 3 });
    overLimit(guest, () => guest.write(1, 'x'.repeat(32)));
    expect(guest.state.stdout.sizeBytes).toBe(0);
  });

  test('reads, makes and changes nothing', () => {
    const guest = guestOf({ fuelMaximum: CALL - 1 });
    const nodes = guest.state.tree.nodes.size;
    overLimit(guest, () => guest.open('made', { oflags: 1 }));
    expect(guest.state.tree.nodes.size).toBe(nodes);
    const other = guestOf({ fuelMaximum: CALL + 9 });
    const before = other.take(64, 10);
    overLimit(other, () => other.call('random_get', 64, 10));
    expect(other.take(64, 10)).toEqual(before);
    expect(other.state.random.servedBytes).toBe(0);
  });

  test('the limit itself is fine', () => {
    const guest = guestOf({ fuelMaximum: CALL + 4 });
    expect(guest.write(1, 'x'.repeat(32))).toBe(32);
  });
});

test('nothing of the host can be called while a program is taken back', () => {
  const guest = guestOf();
  guest.suspension.isRewinding = true;
  expect(() => guest.call('sched_yield')).toThrow(Error);
  expect(() => guest.call('sched_yield')).not.toThrow(FailureSignal);
});

test('the declared time', () => {
  const guest = guestOf({ clockMs: 1_234_567_890_123 });
  for (const [clock, expected] of [
    [0, 1_234_567_890_123_000_000n],
    [1, 1_234_567_890_123_000_000n],
    [2, 0n],
  ] as const) {
    expect(guest.call('clock_time_get', clock, 0n, 64)).toBe(0);
    expect(guest.view.getBigUint64(64, true)).toBe(expected);
  }
});
