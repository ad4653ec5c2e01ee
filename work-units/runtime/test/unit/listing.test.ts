// Folders are listed in byte order, in pieces of any size, and sanely while they change.
import { expect, test } from 'vitest';
import { Guest } from '../support/guest.js';

const CREATE = 1;
const FOLDER = 2;
const empty = new Uint8Array(0);
const withFiles = (...names: string[]): Guest => new Guest({ files: names.map((name) => ({ name, bytes: empty })) });

test('byte order of UTF-8, dots first, with stable numbers and types', () => {
  const names = ['b', '!', 'a', 'é', '\u{1f600}', '\uff01', 'B'];
  const guest = withFiles(...names);
  guest.call('path_create_directory', 3, ...guest.path('c'));
  const entries = guest.list(3);
  expect(entries.map(({ name }) => name)).toEqual(['.', '..', '!', 'B', 'a', 'b', 'c', 'é', '\uff01', '\u{1f600}']);
  expect(entries.map(({ inode }) => Number(inode))).toEqual([1, 1, 4, 9, 5, 3, 10, 6, 8, 7]);
  expect(entries.map(({ type }) => type)).toEqual([3, 3, 4, 4, 4, 4, 3, 4, 4, 4]);
});

test.each([24, 30, 50, 64, 100, 4096])('a buffer of %i bytes sees each entry once', (length) => {
  const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
  const guest = withFiles(...names);
  const seen: string[] = [];
  let size = length;
  for (let cookie = 0n, calls = 0; calls < 500; calls++) {
    const entries = guest.list(3, cookie, size);
    if (entries.length === 0 && size >= 64) break;
    if (entries.length === 0) size = 64; // what a C library does when not even one entry fits
    for (const { name, next } of entries) {
      seen.push(name);
      cookie = next;
    }
  }
  expect(seen.sort()).toEqual(['.', '..', ...names].sort());
});

test('removing each entry after it was listed skips none', () => {
  const names = Array.from({ length: 30 }, (_, index) => `file-${index}`);
  const guest = withFiles(...names);
  const removed: string[] = [];
  for (let cookie = 0n; ; ) {
    const entries = guest.list(3, cookie, 100);
    const last = entries.at(-1);
    if (last === undefined) break;
    cookie = last.next;
    for (const { name } of entries.filter(({ name }) => !name.startsWith('.'))) {
      expect(guest.call('path_unlink_file', 3, ...guest.path(name))).toBe(0);
      removed.push(name);
    }
  }
  expect(removed.sort()).toEqual(names.sort());
});

test('a listing can be resumed at an older place and started again', () => {
  const guest = withFiles('a', 'b', 'c');
  const [, second, third] = guest.list(3);
  expect(guest.list(3, second?.next).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(guest.list(3, third?.next).map(({ name }) => name)).toEqual(['b', 'c']);
  expect(guest.list(3, 0xffff_ffff_ffff_ffffn)).toEqual([]);
  expect(guest.list(3).length).toBe(5);
});

test('files made before the place where a listing stands do not repeat others', () => {
  const guest = withFiles('b', 'd', 'f');
  const page = guest.list(3, 0n, 80);
  expect(page.map(({ name }) => name)).toEqual(['.', '..', 'b']);
  guest.open('a', { oflags: CREATE });
  guest.open('c', { oflags: CREATE });
  expect(guest.list(3, page.at(-1)?.next).map(({ name }) => name)).toEqual(['c', 'd', 'f']);
});

test('only folders that may be read are listed', () => {
  const guest = withFiles('a', 'sub/b');
  const result = guest.put(new Uint8Array(4));
  expect(guest.call('fd_readdir', guest.open('a'), 0, 100, 0n, result)).toBe(54);
  expect(guest.call('fd_readdir', guest.open('sub', { oflags: FOLDER, rights: 0n }), 0, 100, 0n, result)).toBe(76);
});
