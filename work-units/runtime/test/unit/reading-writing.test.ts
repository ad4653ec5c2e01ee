// Files are read, written, sought and cut like files on a disk; streams only flow.
import { expect, test } from 'vitest';
import { Errno } from '../../src/abi/errno.js';
import { contents } from '../../src/files/growing-bytes.js';
import { Guest, textOf } from '../support/guest.js';

const CREATE = 1;
const TRUNCATE = 8;
const APPEND = 1;

test('standard input is read to its end and can be sought in', () => {
  const guest = new Guest({ stdin: new TextEncoder().encode('hello world') });
  expect(guest.read(0, 5)).toBe('hello');
  expect(guest.read(0, 100)).toBe(' world');
  expect(guest.read(0, 100)).toBe('');
  expect(guest.seek(0, 6n, 0)).toBe(6n);
  expect(guest.read(0, 100)).toBe('world');
  expect(guest.write(0, 'x')).toBe(-Errno.notCapable);
});

test('standard output collects what is written, from several buffers in order', () => {
  const guest = new Guest();
  const [a, b] = [guest.put(new TextEncoder().encode('one ')), guest.put(new TextEncoder().encode('two'))];
  const list = guest.buffers({ address: a, length: 4 }, { address: b, length: 3 });
  const result = guest.put(new Uint8Array(4));
  expect(guest.call('fd_write', 1, list, 2, result)).toBe(0);
  expect(guest.view.getUint32(result, true)).toBe(7);
  expect(textOf(contents(guest.state.stdout))).toBe('one two');
  expect(guest.read(1, 1)).toBe(Errno.notCapable);
  expect(guest.seek(1, 0n, 0)).toBe(Errno.notSeekable);
  expect(guest.call('fd_tell', 1, result)).toBe(Errno.notSeekable);
});

test('a file keeps its position, takes writes in the middle and fills gaps with zeros', () => {
  const guest = new Guest();
  const fd = guest.open('a.txt', { oflags: CREATE });
  expect(fd).toBe(4);
  expect(guest.write(fd, 'abcdef')).toBe(6);
  expect(guest.seek(fd, -4n, 1)).toBe(2n);
  expect(guest.write(fd, 'XY')).toBe(2);
  expect(guest.seek(fd, 2n, 2)).toBe(8n);
  expect(guest.write(fd, '!')).toBe(1);
  expect(guest.seek(fd, 0n, 0)).toBe(0n);
  expect(guest.read(fd, 100)).toBe('abXYef\0\0!');
  expect(guest.seek(fd, -1n, 0)).toBe(Errno.invalid);
  expect(guest.seek(fd, 0n, 3)).toBe(Errno.invalid);
  expect(guest.seek(fd, 0x7fff_ffff_ffff_ffffn, 0)).toBe(Errno.invalid);
  const tell = guest.put(new Uint8Array(8));
  expect(guest.call('fd_tell', fd, tell)).toBe(0);
  expect(guest.view.getBigUint64(tell, true)).toBe(9n);
});

test('positioned reads and writes leave the position alone', () => {
  const guest = new Guest();
  const fd = guest.open('a.txt', { oflags: CREATE });
  guest.write(fd, 'abcdef');
  const result = guest.put(new Uint8Array(4));
  const address = guest.put(new TextEncoder().encode('ZZ'));
  expect(guest.call('fd_pwrite', fd, guest.buffers({ address, length: 2 }), 1, 1n, result)).toBe(0);
  expect(guest.call('fd_pread', fd, guest.buffers({ address, length: 2 }), 1, 2n, result)).toBe(0);
  expect(textOf(guest.take(address, 2))).toBe('Zd');
  expect(guest.call('fd_pread', fd, guest.buffers({ address, length: 2 }), 1, -1n, result)).toBe(0);
  expect(guest.view.getUint32(result, true)).toBe(0);
  expect(guest.write(fd, 'g')).toBe(1);
  guest.seek(fd, 0n, 0);
  expect(guest.read(fd, 100)).toBe('aZZdefg');
});

test('appending always goes to the end', () => {
  const guest = new Guest();
  const first = guest.open('log', { oflags: CREATE });
  const second = guest.open('log', { flags: APPEND });
  guest.write(second, '1');
  guest.write(first, 'first');
  guest.write(second, '2');
  guest.seek(first, 0n, 0);
  expect(guest.read(first, 100)).toBe('first2');
  expect(guest.call('fd_fdstat_set_flags', second, 0)).toBe(0);
  guest.seek(second, 0n, 0);
  guest.write(second, 'F');
  guest.seek(first, 0n, 0);
  expect(guest.read(first, 100)).toBe('First2');
});

test('input files are copied on the first write, never changed', () => {
  const bytes = new TextEncoder().encode('input');
  const guest = new Guest({ files: [{ name: 'in.txt', bytes }] });
  const fd = guest.open('in.txt');
  guest.write(fd, 'IN');
  guest.seek(fd, 0n, 0);
  expect(guest.read(fd, 100)).toBe('INput');
  expect(textOf(bytes)).toBe('input');
});

test('sizes are set, cut and allocated; what returns after a cut is zeros', () => {
  const guest = new Guest();
  const fd = guest.open('a', { oflags: CREATE });
  guest.write(fd, 'secret');
  expect(guest.call('fd_filestat_set_size', fd, 2n)).toBe(0);
  expect(guest.call('fd_filestat_set_size', fd, 4n)).toBe(0);
  expect(guest.call('fd_allocate', fd, 4n, 1n)).toBe(0);
  expect(guest.call('fd_allocate', fd, 0n, 2n)).toBe(0);
  expect(guest.call('fd_allocate', fd, 0n, 0n)).toBe(Errno.invalid);
  guest.seek(fd, 0n, 0);
  expect(guest.read(fd, 100)).toBe('se\0\0\0');
  expect(guest.open('a', { oflags: TRUNCATE })).toBe(5);
  expect(guest.read(fd, 100)).toBe('');
});

test('a descriptor does only what its rights say', () => {
  const guest = new Guest({ files: [{ name: 'a', bytes: new Uint8Array(3) }] });
  const readOnly = guest.open('a', { rights: 2n });
  const writeOnly = guest.open('a', { rights: 64n });
  expect(guest.write(readOnly, 'x')).toBe(-Errno.notCapable);
  expect(guest.read(writeOnly, 1)).toBe(Errno.notCapable);
  expect(guest.seek(readOnly, 0n, 0)).toBe(Errno.notCapable);
  expect(guest.call('fd_filestat_set_size', readOnly, 0n)).toBe(Errno.notCapable);
  expect(guest.call('fd_fdstat_set_rights', writeOnly, 66n, 0n)).toBe(Errno.notCapable);
  expect(guest.call('fd_fdstat_set_rights', writeOnly, 0n, 0n)).toBe(0);
  expect(guest.write(writeOnly, 'x')).toBe(-Errno.notCapable);
});

test('folders are neither read nor written, closed numbers are bad', () => {
  const guest = new Guest();
  expect(guest.read(3, 1)).toBe(Errno.notCapable);
  expect(guest.write(3, 'x')).toBe(-Errno.notCapable);
  expect(guest.seek(3, 0n, 0)).toBe(Errno.isFolder);
  for (const fd of [4, 99, -1, 0x7fff_ffff]) {
    expect(guest.read(fd, 1), String(fd)).toBe(Errno.badDescriptor);
    expect(guest.write(fd, 'x'), String(fd)).toBe(-Errno.badDescriptor);
    expect(guest.call('fd_close', fd), String(fd)).toBe(Errno.badDescriptor);
    expect(guest.call('fd_sync', fd), String(fd)).toBe(Errno.badDescriptor);
  }
});

test('synchronising and advising succeed without effect', () => {
  const guest = new Guest();
  const fd = guest.open('a', { oflags: CREATE });
  expect(guest.call('fd_sync', fd)).toBe(0);
  expect(guest.call('fd_datasync', fd)).toBe(0);
  expect(guest.call('fd_advise', fd, 0n, 0n, 5)).toBe(0);
  expect(guest.call('fd_advise', fd, 0n, 0n, 6)).toBe(Errno.invalid);
  expect(guest.call('fd_advise', 1, 0n, 0n, 0)).toBe(Errno.notSeekable);
});
