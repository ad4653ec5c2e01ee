// The addresses that the server knows are those that the pages know.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addressOf, PAGE_PATTERNS, pathOf, withoutLastSlash } from '../../../src/pages/addresses.js';

const ROUTER = join(import.meta.dirname, '../../../../web/src/router.tsx');

test('the router of the pages has the same patterns', () => {
  const paths = [...readFileSync(ROUTER, 'utf8').matchAll(/^\s+path: '([^']+)'/gm)];
  const patterns = paths.map(([, path]) => String(path).replace(/\$(\w+)/g, ':$1'));
  expect(patterns.sort()).toEqual(Object.values<string>(PAGE_PATTERNS).sort());
});

test.each([
  ['home', {}, { batch: 'b' }, '/'],
  ['project', { projectId: 'p' }, {}, '/projects/p'],
  ['project', { projectId: 'p' }, { batch: 'b', utm: 'x' }, '/projects/p?batch=b'],
  ['project', { projectId: 'p' }, { batch: ['b', 'c'] }, '/projects/p'],
  ['leaderboard', {}, {}, '/leaderboard'],
  ['leaderboard', {}, { kind: 'accounts', period: 'total' }, '/leaderboard'],
  ['leaderboard', {}, { kind: 'hosts', period: 'recent' }, '/leaderboard?kind=hosts&period=recent'],
  ['leaderboard', {}, { kind: '<b>', period: ['recent'] }, '/leaderboard'],
  ['network', {}, { x: '1' }, '/network'],
  ['join', {}, {}, '/join'],
  ['join', {}, { project: 'words' }, '/join'],
] as const)('%s with %j and %j stands at one address: %s', (name, params, query, path) => {
  expect(pathOf(addressOf(name, params, query))).toBe(path);
});

test.each([
  ['/leaderboard/', '/leaderboard'],
  ['/leaderboard/?kind=hosts&next=/x/', '/leaderboard?kind=hosts&next=/x/'],
  ['/projects/%2f%2felsewhere.example/', '/projects/%2f%2felsewhere.example'],
  ['http://elsewhere.example/leaderboard/', '/leaderboard'],
  ['HTTPS://elsewhere.example/projects/p/?batch=b', '/projects/p?batch=b'],
  ['http:///leaderboard/', '/leaderboard'],
])('%s leads to %s, here and nowhere else', (asked, path) => {
  expect(withoutLastSlash(asked)).toBe(path);
});
