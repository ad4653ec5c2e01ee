// Every other import: arguments, clocks, randomness, descriptors, metadata, waiting, sockets.

import { describe, expect, test } from 'vitest';
import { Errno } from '../../src/abi/errno.js';
import { FIXED_TIME_NS } from '../../src/state/clock.js';
import { bytesOf, Guest, textOf } from '../support/guest.js';
import { WASI_FUNCTIONS } from '../support/wasi-functions.js';

const CREATE = 1;
const FOLDER = 2;

test('all 46 functions of preview 1 are there, and no other', () => {
  expect(new Guest().names).toEqual(Object.keys(WASI_FUNCTIONS).sort());
  expect(Object.keys(WASI_FUNCTIONS)).toHaveLength(46);
});

describe('arguments and environment', () => {
  const strings = (guest: Guest, sizes: string, get: string): string[] => {
    const counts = guest.put(new Uint8Array(8));
    expect(guest.call(sizes, counts, counts + 4)).toBe(0);
    const count = guest.view.getUint32(counts, true);
    const list = guest.put(new Uint8Array(count * 4));
    const length = guest.view.getUint32(counts + 4, true);
    const buffer = guest.put(new Uint8Array(length));
    expect(guest.call(get, list, buffer)).toBe(0);
    return Array.from({ length: count }, (_, index) => {
      const start = guest.view.getUint32(list + index * 4, true);
      return textOf(guest.take(start, buffer + length - start)).split('\0')[0] as string;
    });
  };

  test('arrive as UTF-8, in order, variables sorted', () => {
    const guest = new Guest({ args: ['prog', '', 'größe 🙂'], env: { B: '2', A: '1=1', 10: 'x', 9: 'y' } });
    expect(strings(guest, 'args_sizes_get', 'args_get')).toEqual(['prog', '', 'größe 🙂']);
    expect(strings(guest, 'environ_sizes_get', 'environ_get')).toEqual(['10=x', '9=y', 'A=1=1', 'B=2']);
  });

  test('the environment is empty unless the unit declares one', () => {
    expect(strings(new Guest(), 'environ_sizes_get', 'environ_get')).toEqual([]);
  });
});

test('clocks stand still', () => {
  const guest = new Guest();
  const out = guest.put(new Uint8Array(8));
  for (const [id, time] of [
    [0, FIXED_TIME_NS],
    [1, FIXED_TIME_NS],
    [2, 0n],
    [3, 0n],
  ] as const) {
    expect(guest.call('clock_time_get', id, 0n, out)).toBe(0);
    expect(guest.view.getBigUint64(out, true), `clock ${id}`).toBe(time);
    expect(guest.call('clock_res_get', id, out)).toBe(0);
    expect(guest.view.getBigUint64(out, true)).toBe(1000n);
  }
  expect(guest.call('clock_time_get', 4, 0n, out)).toBe(Errno.invalid);
  expect(guest.call('clock_res_get', -1, out)).toBe(Errno.invalid);
  expect(new Date(Number(FIXED_TIME_NS / 1_000_000n)).toISOString()).toBe('2000-01-01T00:00:00.000Z');
});

describe('randomness', () => {
  const draw = (guest: Guest, length: number): string => {
    const out = guest.put(new Uint8Array(length));
    expect(guest.call('random_get', out, length)).toBe(0);
    return Buffer.from(guest.take(out, length)).toString('hex');
  };

  test('is the ChaCha20 stream of the seed (test vectors of RFC 7539, A.1)', () => {
    const first =
      '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586';
    const second =
      '9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f';
    expect(draw(new Guest(), 128)).toBe(first + second);
    const seed = new Uint8Array(32);
    seed[1] = 0xff;
    const third = new Guest({ seed });
    draw(third, 128);
    expect(draw(third, 64)).toBe(
      '72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096',
    );
  });

  test('does not depend on how it is cut', () => {
    const [whole, pieces] = [new Guest(), new Guest()];
    expect([1, 62, 3, 0, 200].map((length) => draw(pieces, length)).join('')).toBe(draw(whole, 266));
  });

  test('differs with the seed; short seeds are padded, long ones refused', () => {
    expect(draw(new Guest({ seed: Uint8Array.of(1) }), 8)).not.toBe(draw(new Guest(), 8));
    expect(draw(new Guest({ seed: new Uint8Array(0) }), 8)).toBe(draw(new Guest(), 8));
    expect(() => new Guest({ seed: new Uint8Array(33) })).toThrow(RangeError);
  });
});

describe('descriptors', () => {
  test('their state tells type, flags and rights', () => {
    const guest = new Guest();
    const fd = guest.open('a', { oflags: CREATE, flags: 1, rights: 66n });
    const out = guest.put(new Uint8Array(24).fill(0xee));
    const state = (number: number): unknown[] => {
      expect(guest.call('fd_fdstat_get', number, out)).toBe(0);
      const view = guest.view;
      return [view.getUint16(out, true), view.getUint16(out + 2, true), view.getBigUint64(out + 8, true)];
    };
    expect(state(0)).toEqual([4, 0, 0b1000001000000000000010101110n]);
    expect(state(1)[0]).toBe(0);
    expect(state(3)[0]).toBe(3);
    expect(state(fd)).toEqual([4, 1, 66n]);
    expect(guest.call('fd_fdstat_set_flags', 3, 32)).toBe(Errno.invalid);
  });

  test('only the root is open from the start', () => {
    const guest = new Guest();
    const out = guest.put(new Uint8Array(8).fill(0xee));
    expect(guest.call('fd_prestat_get', 3, out)).toBe(0);
    expect([...guest.take(out, 8)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
    expect(guest.call('fd_prestat_dir_name', 3, out, 1)).toBe(0);
    expect(textOf(guest.take(out, 1))).toBe('/');
    expect(guest.call('fd_prestat_dir_name', 3, out, 0)).toBe(Errno.nameTooLong);
    const opened = guest.open('.', { oflags: FOLDER });
    for (const fd of [0, 1, 4, 99]) expect(guest.call('fd_prestat_get', fd, out)).toBe(Errno.badDescriptor);
    expect(opened).toBe(4);
  });

  test('renumbering replaces and closes', () => {
    const guest = new Guest({ files: [{ name: 'a', bytes: bytesOf('AAA') }] });
    const a = guest.open('a');
    const out = guest.open('out', { oflags: CREATE });
    expect(guest.call('fd_renumber', out, 1)).toBe(0);
    expect(guest.write(1, 'redirected')).toBe(10);
    expect(guest.read(guest.open('out'), 20)).toBe('redirected');
    expect(guest.call('fd_renumber', a, a)).toBe(0);
    expect(guest.read(a, 1)).toBe('A');
    expect(guest.call('fd_renumber', a, 77)).toBe(Errno.badDescriptor);
    expect(guest.call('fd_renumber', 77, a)).toBe(Errno.badDescriptor);
  });
});

describe('metadata', () => {
  const stat = (guest: Guest, errno: number, out: number): Record<string, unknown> => {
    expect(errno).toBe(0);
    const at = (offset: number): bigint => guest.view.getBigUint64(out + offset, true);
    return {
      device: at(0),
      inode: at(8),
      type: at(16),
      links: at(24),
      size: at(32),
      accessed: at(40),
      modified: at(48),
      changed: at(56),
    };
  };
  const T = FIXED_TIME_NS;

  test('sizes, numbers and times are the same everywhere', () => {
    const guest = new Guest({ stdin: bytesOf('xy'), files: [{ name: 'd/a', bytes: bytesOf('AAA') }] });
    const out = guest.put(new Uint8Array(64).fill(0xee));
    const times = { accessed: T, modified: T, changed: T };
    expect(stat(guest, guest.call('path_filestat_get', 3, 0, ...guest.path('d/a'), out), out)).toEqual({
      device: 1n,
      inode: 4n,
      type: 4n,
      links: 1n,
      size: 3n,
      ...times,
    });
    expect(stat(guest, guest.call('path_filestat_get', 3, 0, ...guest.path('d/'), out), out)).toEqual({
      device: 1n,
      inode: 3n,
      type: 3n,
      links: 1n,
      size: 0n,
      ...times,
    });
    expect(stat(guest, guest.call('fd_filestat_get', 0, out), out)).toEqual({
      device: 1n,
      inode: 2n,
      type: 4n,
      links: 0n,
      size: 2n,
      ...times,
    });
    expect(stat(guest, guest.call('fd_filestat_get', 1, out), out)).toEqual({
      device: 0n,
      inode: 0n,
      type: 0n,
      links: 1n,
      size: 0n,
      ...times,
    });
    expect(stat(guest, guest.call('fd_filestat_get', 3, out), out)).toMatchObject({ inode: 1n, type: 3n });
    expect(guest.call('path_filestat_get', 3, 0, ...guest.path('no'), out)).toBe(Errno.notFound);
    expect(guest.call('path_filestat_get', 3, 0, ...guest.path('d/a/'), out)).toBe(Errno.notFolder);
  });

  test('times can be set, and a write sets them back to now, which is always the same', () => {
    const guest = new Guest();
    const fd = guest.open('a', { oflags: CREATE });
    const out = guest.put(new Uint8Array(64));
    expect(guest.call('fd_filestat_set_times', fd, 5n, 6n, 0b0101)).toBe(0);
    expect(stat(guest, guest.call('fd_filestat_get', fd, out), out)).toMatchObject({
      accessed: 5n,
      modified: 6n,
      changed: T,
    });
    guest.write(fd, 'x');
    expect(stat(guest, guest.call('fd_filestat_get', fd, out), out)).toMatchObject({ accessed: 5n, modified: T });
    expect(guest.call('path_filestat_set_times', 3, 0, ...guest.path('a'), 7n, 8n, 0b0110)).toBe(0);
    expect(stat(guest, guest.call('fd_filestat_get', fd, out), out)).toMatchObject({ accessed: T, modified: 8n });
    expect(guest.call('fd_filestat_set_times', fd, 5n, 6n, 0b0011)).toBe(Errno.invalid);
    expect(guest.call('fd_filestat_set_times', fd, 5n, 6n, 0b1100)).toBe(Errno.invalid);
    expect(guest.call('fd_filestat_set_times', fd, 5n, 6n, 16)).toBe(Errno.invalid);
    expect(guest.call('fd_filestat_set_times', 1, 5n, 6n, 1)).toBe(Errno.notCapable);
  });
});

describe('waiting', () => {
  type Wait = { userData: bigint; type: number; subject: number };
  const poll = (guest: Guest, waits: readonly Wait[]): { errno: number; events: unknown[] } => {
    const input = guest.put(new Uint8Array(48 * waits.length));
    for (const [index, { userData, type, subject }] of waits.entries()) {
      guest.view.setBigUint64(input + index * 48, userData, true);
      guest.view.setUint8(input + index * 48 + 8, type);
      guest.view.setUint32(input + index * 48 + 16, subject, true);
    }
    const output = guest.put(new Uint8Array(32 * waits.length));
    const count = guest.put(new Uint8Array(4));
    const errno = guest.call('poll_oneoff', input, output, waits.length, count);
    const events = Array.from({ length: errno === 0 ? guest.view.getUint32(count, true) : 0 }, (_, index) => {
      const at = output + index * 32;
      const { view } = guest;
      return [
        view.getBigUint64(at, true),
        view.getUint16(at + 8, true),
        view.getUint8(at + 10),
        view.getBigUint64(at + 16, true),
      ];
    });
    return { errno, events };
  };

  test('a clock is due at once, also one that runs backwards', () => {
    const waits = [
      { userData: 7n, type: 0, subject: 0 },
      { userData: 8n, type: 0, subject: 9 },
    ];
    expect(poll(new Guest(), waits).events).toEqual([
      [7n, 0, 0, 0n],
      [8n, Errno.invalid, 0, 0n],
    ]);
  });

  test('descriptors are ready before any clock', () => {
    const guest = new Guest({ stdin: bytesOf('four') });
    guest.read(0, 1);
    const waits = [
      { userData: 1n, type: 0, subject: 0 },
      { userData: 2n, type: 1, subject: 0 },
      { userData: 3n, type: 2, subject: 1 },
      { userData: 4n, type: 1, subject: 50 },
    ];
    expect(poll(guest, waits).events).toEqual([
      [2n, 0, 1, 3n],
      [3n, 0, 2, 0n],
      [4n, Errno.badDescriptor, 1, 0n],
    ]);
  });

  test('nothing, too much and unknown kinds are refused', () => {
    expect(poll(new Guest(), []).errno).toBe(Errno.invalid);
    expect(poll(new Guest(), [{ userData: 1n, type: 3, subject: 0 }]).errno).toBe(Errno.invalid);
    expect(new Guest().call('poll_oneoff', 0, 0, 1025, 0)).toBe(Errno.invalid);
    expect(new Guest().call('poll_oneoff', 0, 0, -1, 0)).toBe(Errno.invalid);
    expect(new Guest().call('sched_yield')).toBe(0);
  });
});

test('there is no network', () => {
  const guest = new Guest();
  expect(guest.call('sock_accept', 3, 0, 8)).toBe(Errno.notSupported);
  expect(guest.call('sock_recv', 3, 8, 1, 0, 8, 8)).toBe(Errno.notSupported);
  expect(guest.call('sock_send', 3, 8, 1, 0, 8)).toBe(Errno.notSupported);
  expect(guest.call('sock_shutdown', 3, 0)).toBe(Errno.notSupported);
});
