// Files and folders are made, opened, renamed and removed as POSIX says; no path leads out.
import { describe, expect, test } from 'vitest';
import { Errno } from '../../src/abi/errno.js';
import { bytesOf, Guest } from '../support/guest.js';

const CREATE = 1;
const FOLDER = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const files = [
  { name: 'a.txt', bytes: new Uint8Array([65]) },
  { name: 'sub/deep/b.txt', bytes: new Uint8Array([66]) },
];
const make = (): Guest => new Guest({ files });
const mkdir = (guest: Guest, path: string): number => guest.call('path_create_directory', 3, ...guest.path(path));
const rmdir = (guest: Guest, path: string): number => guest.call('path_remove_directory', 3, ...guest.path(path));
const unlink = (guest: Guest, path: string): number => guest.call('path_unlink_file', 3, ...guest.path(path));
const rename = (guest: Guest, from: string, to: string): number =>
  guest.call('path_rename', 3, ...guest.path(from), 3, ...guest.path(to));
const namesIn = (guest: Guest, path: string): string[] =>
  guest.list(guest.open(path, { oflags: FOLDER })).map(({ name }) => name);

describe('opening', () => {
  test.each([
    ['a.txt', 0],
    ['./sub/./deep//b.txt', 0],
    ['sub/../a.txt', 0],
    ['sub/deep/../../a.txt', 0],
    ['missing', Errno.notFound],
    ['', Errno.notFound],
    ['sub/missing/b.txt', Errno.notFound],
    ['a.txt/b', Errno.notFolder],
    ['a.txt/', Errno.notFolder],
    ['a.txt/..', Errno.notFolder],
    ['/a.txt', Errno.notCapable],
    ['/', Errno.notCapable],
    ['..', Errno.notCapable],
    ['../a.txt', Errno.notCapable],
    ['sub/../../a.txt', Errno.notCapable],
    ['sub/deep/../../../etc/passwd', Errno.notCapable],
    ['x'.repeat(256), Errno.nameTooLong],
    [`${'x/'.repeat(3000)}`, Errno.nameTooLong],
    ['a\0b', Errno.invalid],
    ['__proto__', Errno.notFound],
    ['constructor', Errno.notFound],
  ])('%s', (path, errno) => {
    const opened = make().open(path, { rights: 2n });
    expect(opened).toBe(errno === 0 ? 4 : -errno);
  });

  test.each([
    ['never a byte of it', [0xff, 0xfe]],
    ['cut off', [0x61, 0xe2, 0x82]],
    ['longer than needed', [0xc0, 0xaf]],
    ['half a pair', [0xed, 0xa0, 0x80]],
    ['beside the character that stands for such bytes', [0xef, 0xbf, 0xbd, 0xff]],
  ])('a path that is not UTF-8 is refused: %s', (_, bytes) => {
    const guest = make();
    const pointer = guest.put(Uint8Array.from(bytes));
    expect(guest.call('path_open', 3, 0, pointer, bytes.length, 0, 2n, 0n, 0, 8)).toBe(Errno.illegalByteSequence);
  });

  test('the character that stands for bytes that are no text, and a mark of byte order, are characters', () => {
    const guest = make();
    const fd = guest.open('\ufffd', { oflags: CREATE });
    expect(guest.open('\ufeff', { oflags: CREATE })).toBe(fd + 1);
    expect(guest.list(3).map(({ name }) => [...bytesOf(name)])).toContainEqual([0xef, 0xbf, 0xbd]);
    expect(guest.open('\ufffd', { oflags: CREATE | EXCLUSIVE })).toBe(-Errno.exists);
    expect(guest.open('\ufeff')).toBe(fd + 2);
  });

  test('flags decide between making, emptying and refusing', () => {
    const guest = make();
    expect(guest.open('new', { oflags: CREATE | EXCLUSIVE })).toBe(4);
    expect(guest.open('new', { oflags: CREATE | EXCLUSIVE })).toBe(-Errno.exists);
    expect(guest.open('new', { oflags: CREATE })).toBe(5);
    expect(guest.open('new', { oflags: FOLDER })).toBe(-Errno.notFolder);
    expect(guest.open('new', { oflags: CREATE | FOLDER })).toBe(-Errno.invalid);
    expect(guest.open('new', { oflags: 16 })).toBe(-Errno.invalid);
    expect(guest.open('new', { flags: 32 })).toBe(-Errno.invalid);
    expect(guest.open('sub', { oflags: TRUNCATE })).toBe(-Errno.isFolder);
    expect(guest.open('sub', { oflags: CREATE })).toBe(-Errno.isFolder);
    expect(guest.open('sub')).toBe(-Errno.isFolder);
    expect(guest.open('sub', { rights: 1n << 14n })).toBe(6);
    expect(guest.open('no/new', { oflags: CREATE })).toBe(-Errno.notFound);
    expect(guest.open('trailing/', { oflags: CREATE })).toBe(-Errno.isFolder);
    expect(guest.open('.', { oflags: FOLDER })).toBe(7);
  });

  test('a folder confines what is opened through it, in place and in rights', () => {
    const guest = make();
    const sub = guest.open('sub', { oflags: FOLDER, rights: (1n << 13n) | 2n });
    expect(guest.open('deep/b.txt', { at: sub })).toBe(5);
    expect(guest.open('../a.txt', { at: sub })).toBe(-Errno.notCapable);
    expect(guest.open('deep/new', { at: sub, oflags: CREATE })).toBe(-Errno.notCapable);
    expect(guest.write(5, 'x')).toBe(-Errno.notCapable);
    expect(guest.read(5, 1)).toBe('B');
    expect(guest.open('b.txt', { at: 5 })).toBe(-Errno.notFolder);
    expect(guest.open('b.txt', { at: 42 })).toBe(-Errno.badDescriptor);
  });

  test('the lowest free number is given', () => {
    const guest = make();
    expect([guest.open('a.txt'), guest.open('a.txt'), guest.open('a.txt')]).toEqual([4, 5, 6]);
    guest.call('fd_close', 5);
    guest.call('fd_close', 0);
    expect([guest.open('a.txt'), guest.open('a.txt'), guest.open('a.txt')]).toEqual([0, 5, 7]);
  });
});

describe('making and removing', () => {
  test('folders', () => {
    const guest = make();
    expect(mkdir(guest, 'x')).toBe(0);
    expect(mkdir(guest, 'x/y/')).toBe(0);
    expect(mkdir(guest, 'x')).toBe(Errno.exists);
    expect(mkdir(guest, '.')).toBe(Errno.exists);
    expect(mkdir(guest, 'no/x')).toBe(Errno.notFound);
    expect(mkdir(guest, '../x')).toBe(Errno.notCapable);
    expect(rmdir(guest, 'x')).toBe(Errno.notEmpty);
    expect(rmdir(guest, 'a.txt')).toBe(Errno.notFolder);
    expect(rmdir(guest, '.')).toBe(Errno.invalid);
    expect(rmdir(guest, 'no')).toBe(Errno.notFound);
    expect(rmdir(guest, 'x/y')).toBe(0);
    expect(rmdir(guest, 'x')).toBe(0);
    expect(namesIn(guest, '.')).toEqual(['.', '..', 'a.txt', 'sub']);
  });

  test('files', () => {
    const guest = make();
    expect(unlink(guest, 'sub')).toBe(Errno.isFolder);
    expect(unlink(guest, 'a.txt/')).toBe(Errno.notFolder);
    expect(unlink(guest, 'a.txt')).toBe(0);
    expect(unlink(guest, 'a.txt')).toBe(Errno.notFound);
  });

  test('what is open stays readable after its removal and its bytes are given back at the close', () => {
    const guest = make();
    const used = guest.state.tree.usedBytes;
    const fd = guest.open('a.txt');
    expect(unlink(guest, 'a.txt')).toBe(0);
    expect(guest.read(fd, 1)).toBe('A');
    expect(guest.write(fd, 'more')).toBe(4);
    guest.call('fd_close', fd);
    expect(guest.state.tree.usedBytes).toBe(used - 512 - 1);
    expect(guest.state.tree.nodes.size).toBe(5);
  });

  test('nothing can be made in a folder that was removed while open', () => {
    const guest = make();
    mkdir(guest, 'gone');
    const fd = guest.open('gone', { oflags: FOLDER });
    expect(rmdir(guest, 'gone')).toBe(0);
    expect(guest.call('path_create_directory', fd, ...guest.path('x'))).toBe(Errno.notFound);
    expect(guest.open('x', { at: fd, oflags: CREATE })).toBe(-Errno.notFound);
    expect(guest.call('path_rename', 3, ...guest.path('a.txt'), fd, ...guest.path('x'))).toBe(Errno.notFound);
    expect(guest.call('path_rename', 3, ...guest.path('sub'), fd, ...guest.path('x'))).toBe(Errno.notFound);
    expect(guest.list(fd).map(({ name }) => name)).toEqual(['.', '..']);
  });
});

describe('renaming', () => {
  test.each([
    ['a.txt', 'b.txt', 0],
    ['a.txt', 'sub/b.txt', 0],
    ['a.txt', 'a.txt', 0],
    ['a.txt', 'sub/deep/b.txt', 0],
    ['sub', 'other', 0],
    ['sub', 'empty', 0],
    ['missing', 'b', Errno.notFound],
    ['a.txt', 'sub', Errno.isFolder],
    ['sub', 'a.txt', Errno.notFolder],
    ['empty', 'sub', Errno.notEmpty],
    ['sub', 'sub/deep/inside', Errno.invalid],
    ['sub', 'sub/inside', Errno.invalid],
    ['a.txt', 'no/b', Errno.notFound],
    ['a.txt', 'b/', Errno.notFolder],
    ['a.txt', '../b', Errno.notCapable],
    ['.', 'b', Errno.invalid],
    ['a.txt', '.', Errno.invalid],
  ])('%s to %s', (from, to, errno) => {
    const guest = make();
    mkdir(guest, 'empty');
    expect(rename(guest, from, to)).toBe(errno);
  });

  test('moves contents, keeps the number, and replaces what was there', () => {
    const guest = make();
    expect(rename(guest, 'a.txt', 'sub/deep/b.txt')).toBe(0);
    expect(namesIn(guest, '.')).toEqual(['.', '..', 'sub']);
    expect(guest.read(guest.open('sub/deep/b.txt'), 9)).toBe('A');
    expect(rename(guest, 'sub/deep', 'deep')).toBe(0);
    expect(guest.read(guest.open('deep/../deep/b.txt'), 9)).toBe('A');
    expect(guest.open('deep/..', { oflags: FOLDER })).toBeGreaterThan(0);
    expect(namesIn(guest, 'deep/..')).toEqual(['.', '..', 'deep', 'sub']);
  });
});

test('links of any kind are not supported, and nothing is one', () => {
  const guest = make();
  expect(guest.call('path_symlink', ...guest.path('a'), 3, ...guest.path('b'))).toBe(Errno.notSupported);
  expect(guest.call('path_link', 3, 0, ...guest.path('a.txt'), 3, ...guest.path('b'))).toBe(Errno.notSupported);
  expect(guest.call('path_readlink', 3, ...guest.path('a.txt'), 8, 8, 8)).toBe(Errno.invalid);
  expect(guest.call('path_readlink', 3, ...guest.path('no'), 8, 8, 8)).toBe(Errno.notFound);
});
