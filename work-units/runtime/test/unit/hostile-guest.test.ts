// Whatever addresses and numbers a guest passes, an import answers with an error number or ends the run in a documented way.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Errno } from '../../src/abi/errno.js';
import { RANDOM_MAXIMUM_BYTES } from '../../src/limits.js';
import { ExitSignal, FailureSignal } from '../../src/state/signals.js';
import { Guest } from '../support/guest.js';
import { WASI_FUNCTIONS } from '../support/wasi-functions.js';

const FAR = 0xffff_fff0 | 0;
const files = [{ name: 'a', bytes: new Uint8Array(10) }];

const interesting = fc.oneof(
  fc.constantFrom(0, 1, 3, 4, 8, 64, 0xffff, 0x3_fffc, 0x3_ffff, 0x4_0000, 0x7fff_ffff, -1, -4, -0x8000_0000),
  fc.integer({ min: 0, max: 8 }),
  fc.integer(),
);
const wide = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 0x7fff_ffff_ffff_ffffn, -0x8000_0000_0000_0000n, 0xffff_ffffn, 1n << 53n),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);
const calls = fc
  .constantFrom(...Object.entries(WASI_FUNCTIONS))
  .chain(([name, signature]) =>
    fc.tuple(
      fc.constant(name),
      fc.tuple(...[...(signature.split('->')[0] as string)].map((letter) => (letter === 'I' ? wide : interesting))),
    ),
  );

test('random calls in any order never leave the rules', () => {
  const property = fc.property(
    fc.array(calls, { maxLength: 60 }),
    fc.uint8Array({ minLength: 512, maxLength: 512 }),
    (sequence, noise) => {
      const guest = new Guest({ files, limits: { fileTreeMaximumBytes: 1 << 20, outputMaximumBytes: 1 << 16 } });
      new Uint8Array(guest.memory.buffer).set(noise);
      for (const [name, parameters] of sequence) {
        let errno: number;
        try {
          errno = guest.call(name, ...parameters);
        } catch (signal) {
          if (signal instanceof ExitSignal || signal instanceof FailureSignal) return;
          throw new Error(`${name} threw ${signal}`);
        }
        if (!Number.isInteger(errno) || errno < 0 || errno > 76) throw new Error(`${name} gave ${errno}`);
        checkTree(guest);
      }
    },
  );
  fc.assert(property, { numRuns: 800 });
});

/** Bytes in use are exactly those of the nodes, and every node is named or held open. */
function checkTree({ state: { tree } }: Guest): void {
  let used = 0;
  for (const { kind, linkCount, openCount, inode, ...node } of tree.nodes.values()) {
    used += 512 + (kind === 'file' && 'content' in node ? node.content.sizeBytes : 0);
    if (openCount < 0 || linkCount + openCount === 0) throw new Error(`inode ${inode} should not be there`);
  }
  if (tree.usedBytes !== used || used > tree.maximumBytes)
    throw new Error(`${tree.usedBytes} bytes counted, ${used} in use`);
}

describe('bad addresses', () => {
  test.each(
    Object.entries({
      args_sizes_get: [FAR, 0],
      args_get: [0, FAR],
      environ_sizes_get: [0, FAR],
      clock_res_get: [0, FAR],
      clock_time_get: [0, 0n, FAR],
      random_get: [FAR, 64],
      fd_fdstat_get: [0, FAR],
      fd_prestat_get: [3, FAR],
      fd_prestat_dir_name: [3, 0x4_0000, 1],
      fd_filestat_get: [0, 0x4_0000 - 63],
      path_filestat_get: [3, 0, 0, 1, FAR],
      fd_read: [0, FAR, 1, 0],
      fd_write: [1, 0x3_fffc, 1, 0],
      fd_pread: [4, 0, 1, 0n, FAR],
      fd_pwrite: [4, 0, 1, 0n, FAR],
      fd_seek: [4, 0n, 0, FAR],
      fd_tell: [4, FAR],
      fd_readdir: [3, FAR, 64, 0n, 0],
      path_open: [3, 0, FAR, 64, 0, 0n, 0n, 0, 0],
      path_create_directory: [3, FAR, 64],
      path_unlink_file: [3, 0, -1],
      path_rename: [3, FAR, 64, 3, 0, 1],
      path_readlink: [3, FAR, 64, 0, 0, 0],
      poll_oneoff: [FAR, 0, 1, 0],
    } satisfies Record<string, (number | bigint)[]>),
  )('%s gives EFAULT', (name, parameters) => {
    const guest = new Guest({ files });
    expect(guest.open('a')).toBe(4);
    new Uint8Array(guest.memory.buffer).set([0x61], 0);
    expect(guest.call(name, ...parameters)).toBe(Errno.badAddress);
  });

  test('a buffer beyond the memory stops the whole write', () => {
    const guest = new Guest();
    const good = guest.put(Uint8Array.of(1, 2, 3));
    const list = guest.buffers({ address: good, length: 3 }, { address: 0x3_ffff, length: 2 });
    expect(guest.call('fd_write', 1, list, 2, 8)).toBe(Errno.badAddress);
    expect(guest.call('fd_write', 1, guest.buffers({ address: good, length: 3 }), 1, FAR)).toBe(Errno.badAddress);
    expect(guest.state.stdout.sizeBytes).toBe(0);
  });

  test('a bad place for the answer stops a read or a creation before it happens', () => {
    const guest = new Guest({ files, stdin: new Uint8Array(9) });
    expect(guest.call('fd_read', 0, guest.buffers({ address: 64, length: 4 }), 1, FAR)).toBe(Errno.badAddress);
    expect(guest.seek(0, 0n, 1)).toBe(0n);
    expect(guest.call('path_open', 3, 0, ...guest.path('new'), 1, 0n, 0n, 0, FAR)).toBe(Errno.badAddress);
    expect(guest.open('new')).toBe(-Errno.notFound);
  });

  test('too many buffers, or buffers longer than addresses reach', () => {
    const guest = new Guest();
    expect(guest.call('fd_write', 1, 0, 1025, 8)).toBe(Errno.invalid);
    expect(guest.call('fd_write', 1, 0, -1, 8)).toBe(Errno.invalid);
    expect(guest.call('fd_read', 0, 0, 1024, 0x2_0000)).toBe(0);
  });
});

test('more randomness than one call may ask for', () => {
  const guest = new Guest({}, undefined, 257);
  expect(guest.call('random_get', 0, RANDOM_MAXIMUM_BYTES + 1)).toBe(Errno.invalid);
  expect(guest.state.random.servedBytes).toBe(0);
  expect(guest.meter.used).toBe(800);
});

test('memory that grew is seen at once', () => {
  const guest = new Guest();
  expect(guest.call('random_get', 0x4_0000, 1)).toBe(Errno.badAddress);
  guest.memory.grow(1);
  expect(guest.call('random_get', 0x4_0000, 1)).toBe(0);
});
