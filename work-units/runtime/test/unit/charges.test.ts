// What calls of the host cost: consensus, hence every number stands here.
import { describe, expect, test } from 'vitest';
import { FailureSignal } from '../../src/state/signals.js';
import { bytesOf, Guest } from '../support/guest.js';

const CALL = 400;

/** Fuel of one call. */
function costOf(guest: Guest, run: () => unknown): number {
  const before = guest.meter.used;
  run();
  return guest.meter.used - before;
}

const guestOf = (changes: ConstructorParameters<typeof Guest>[0] = {}): Guest =>
  new Guest({ files: [{ name: 'in', bytes: new Uint8Array(100) }], stdin: bytesOf('standard input'), ...changes });

describe('every call costs 400, and what it has to do', () => {
  test.each<[string, number, (guest: Guest) => unknown]>([
    ['sched_yield', 0, (guest) => guest.call('sched_yield')],
    ['a call that fails', 400, (guest) => guest.call('fd_close', 77)],
    ['a read of 3 bytes', 64 + 1, (guest) => guest.read(0, 3)],
    ['a read that meets the end: 14 bytes of 64', 64 + 2, (guest) => guest.read(0, 64)],
    ['a read into 1,024 empty buffers', 1024 * 64, (guest) => guest.call('fd_read', 0, 4096, 1024, 8)],
    ['a write of 17 bytes to stdout', 64 + 17, (guest) => guest.write(1, 'x'.repeat(17))],
    ['a write of 16 bytes to stderr', 64 + 16, (guest) => guest.write(2, 'x'.repeat(16))],
    ['a write of nothing', 64, (guest) => guest.write(1, '')],
    ['too many buffers', 400, (guest) => guest.call('fd_write', 1, 4096, 1025, 8)],
    ['randomness: 2 for each byte', 300 + 66, (guest) => guest.call('random_get', 64, 33)],
    ['opening a path of 2 bytes', 500 + 20, (guest) => guest.open('in')],
    ['a path that leads nowhere', 500 + 50 + 400, (guest) => guest.open('other')],
    ['a path that is too long to be looked at', 400, (guest) => guest.open('x'.repeat(4097))],
    [
      'a folder with a path of 9 bytes',
      500 + 90,
      (guest) => guest.call('path_create_directory', 3, ...guest.path('abcdefghi')),
    ],
    ['emptying a file of 100 bytes, path of 2', 500 + 20 + 13, (guest) => guest.open('in', { oflags: 8 })],
    [
      'a listing: 100 for each entry, 500 for each listed one (with . and ..), and its 24 + name bytes',
      100 + 1500 + 10,
      (guest) => guest.list(3),
    ],
    ['arguments: 8 bytes with their zero', 40 + 1, (guest) => guest.call('args_get', 64, 128)],
    ['polling', 400, (guest) => guest.call('poll_oneoff', 64, 1024, 1, 2048)],
  ])('%s', (_, expected, run) => {
    const guest = guestOf();
    expect(costOf(guest, () => run(guest))).toBe(CALL + expected);
  });

  test('files: what is written, zeros in a gap, and changes of size', () => {
    const guest = guestOf();
    const fd = guest.open('new', { oflags: 1 });
    expect(costOf(guest, () => guest.write(fd, 'x'.repeat(80)))).toBe(CALL + 64 + 80);
    expect(costOf(guest, () => guest.call('fd_filestat_set_size', fd, 800n))).toBe(CALL + 720);
    expect(costOf(guest, () => guest.call('fd_filestat_set_size', fd, 8n))).toBe(CALL + 99);
    const list = guest.buffers({ address: guest.put(bytesOf('x'.repeat(16))), length: 16 });
    expect(costOf(guest, () => guest.call('fd_pwrite', fd, list, 1, 72n, 8))).toBe(CALL + 64 + 80);
    expect(costOf(guest, () => guest.call('fd_allocate', fd, 0n, 888n))).toBe(CALL + 800);
    expect(costOf(guest, () => guest.call('fd_pread', fd, list, 1, 880n, 8))).toBe(CALL + 64 + 1);
  });

  test('inputs: like other files, changed before or not', () => {
    const guest = guestOf();
    const fd = guest.open('in');
    for (let time = 0; time < 2; time++)
      expect(costOf(guest, () => guest.write(fd, 'x'.repeat(8)))).toBe(CALL + 64 + 8);
    expect(costOf(guest, () => guest.call('fd_filestat_set_size', fd, 100n))).toBe(CALL);
    expect(costOf(guest, () => guest.call('fd_filestat_set_size', fd, 60n))).toBe(CALL + 5);
  });

  test('a folder that is moved: all folders above its target', () => {
    const guest = guestOf();
    for (const path of ['m', 'a', 'a/b', 'a/b/c']) guest.call('path_create_directory', 3, ...guest.path(path));
    const move = (from: string, to: string): number =>
      costOf(guest, () => guest.call('path_rename', 3, ...guest.path(from), 3, ...guest.path(to)));
    expect(move('m', 'a/b/c/m')).toBe(CALL + 1000 + 80 + 3 * 20);
    expect(move('in', 'a/b/c/i')).toBe(CALL + 1000 + 90);
  });
});

describe('a call beyond the limit of fuel', () => {
  const overLimit = (guest: Guest, run: () => unknown): void => {
    expect(run).toThrow(expect.objectContaining({ code: 'MH-UNIT-008' }));
    expect(guest.meter.isOverLimit).toBe(true);
  };

  test('writes nothing', () => {
    const guest = guestOf({ fuelMaximum: CALL + 64 + 31 });
    overLimit(guest, () => guest.write(1, 'x'.repeat(32)));
    expect(guest.state.stdout.sizeBytes).toBe(0);
  });

  test('reads, makes and changes nothing', () => {
    const guest = guestOf({ fuelMaximum: CALL - 1 });
    const nodes = guest.state.tree.nodes.size;
    overLimit(guest, () => guest.open('made', { oflags: 1 }));
    expect(guest.state.tree.nodes.size).toBe(nodes);
    const other = guestOf({ fuelMaximum: CALL + 300 + 19 });
    const before = other.take(64, 10);
    overLimit(other, () => other.call('random_get', 64, 10));
    expect(other.take(64, 10)).toEqual(before);
    expect(other.state.random.servedBytes).toBe(0);
  });

  test('the limit itself is fine', () => {
    const guest = guestOf({ fuelMaximum: CALL + 64 + 32 });
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
