// Memory groups in trees that look like those of the kernel: where one may be made, and what stands in the way.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { findMemoryGroups, type MemoryGroups } from '../../src/memory-groups.js';

/** The files of a group of version 2. */
function second(folder: string, subtree: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cgroup.subtree_control'), subtree);
}

test('version 2: a group below one that was left to us', () => {
  const root = temporaryFolderSync('groups');
  second(join(root, 'unit'), 'cpu memory');
  const groups = findMemoryGroups({ root, own: '0::/unit\n' }) as MemoryGroups;
  const group = groups.make(1000);
  const folder = join(root, 'unit', `manyhands-${process.pid}-0`);
  expect(readFileSync(join(folder, 'memory.max'), 'utf8')).toBe('1000');
  expect(group?.prefix.at(-1)).toBe(join(folder, 'cgroup.procs'));
  writeFileSync(join(folder, 'memory.events'), 'low 0\noom 1\noom_kill 0\n');
  expect(group?.hasKilled()).toBe(false);
  writeFileSync(join(folder, 'memory.events'), 'low 0\noom 1\noom_kill 2\n');
  expect(group?.hasKilled()).toBe(true);
});

test('version 2: the worker moves one down, and memory is handed on', () => {
  const root = temporaryFolderSync('groups');
  second(join(root, 'unit'), '');
  findMemoryGroups({ root, own: '0::/unit\n' });
  expect(readFileSync(join(root, 'unit/manyhands/cgroup.procs'), 'utf8')).toBe(String(process.pid));
  expect(readFileSync(join(root, 'unit/cgroup.subtree_control'), 'utf8')).toBe('+memory');
});

test('version 1: the tree of memory', () => {
  const root = temporaryFolderSync('groups');
  mkdirSync(join(root, 'memory/container'), { recursive: true });
  const groups = findMemoryGroups({ root, own: '7:cpu:/\n4:memory:/container\n0::/\n' }) as MemoryGroups;
  const folder = groups.make(5)?.prefix.at(-1)?.replace('/cgroup.procs', '') as string;
  expect(readFileSync(join(folder, 'memory.limit_in_bytes'), 'utf8')).toBe('5');
});

test('what processes left that are no more is swept away, and nothing else', () => {
  const root = temporaryFolderSync('groups');
  second(root, 'memory');
  for (const name of ['manyhands-999999999-3', `manyhands-${process.pid}-77`, 'other-999999999-1'])
    mkdirSync(join(root, name));
  findMemoryGroups({ root, own: '0::/\n' });
  expect(existsSync(join(root, 'manyhands-999999999-3'))).toBe(false);
  expect(existsSync(join(root, `manyhands-${process.pid}-77`))).toBe(true);
  expect(existsSync(join(root, 'other-999999999-1'))).toBe(true);
});

test.for([
  ['no cgroups at all', ''],
  ['a group that is not ours to write', '0::/nowhere\n'],
] as const)('%s: the reason is told', ([, own]) => {
  expect(findMemoryGroups({ root: temporaryFolderSync('groups'), own })).toEqual({ reason: expect.any(String) });
});
