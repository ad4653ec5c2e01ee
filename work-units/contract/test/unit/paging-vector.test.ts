// Pages of lists as they go over the wire, of this version and of the one before: each reads what the other sends.
import { readFileSync } from 'node:fs';
import {
  linkToNext,
  nextOf,
  operatorHostsSchema,
  outcomesSchema,
  pageQuerySchema,
  unitsSchema,
} from '@manyhands/contract';
import { expect, test } from 'vitest';

type Vector = {
  link: { path: string; query: Record<string, string>; header: string; next: string };
  notLinks: string[];
  outcomes: object;
  outcomesOfBefore: object;
  units: object;
  hosts: object;
  hostsOfBefore: object;
};
const vector = JSON.parse(readFileSync(new URL('../../spec/vectors/pages-v1.json', import.meta.url), 'utf8')) as Vector;

test('the header that names the next page', () => {
  const { path, query, header, next } = vector.link;
  expect(linkToNext(path, query)).toBe(header);
  expect(nextOf(header)).toBe(next);
  for (const header of vector.notLinks) expect(nextOf(header), header).toBeNull();
  expect(nextOf(null)).toBeNull();
});

test('pages-v1.json', () => {
  expect(outcomesSchema.parse(vector.outcomes)).toMatchObject({ next: 41, outcomes: [{ sequence: 41 }] });
  expect(outcomesSchema.parse(vector.outcomesOfBefore).next).toBeUndefined();
  expect(unitsSchema.parse(vector.units)).toMatchObject({ units: [], next: 4095 });
  expect(operatorHostsSchema.parse(vector.hosts)).toMatchObject({ next: '1700000000000-7' });
  expect(operatorHostsSchema.parse(vector.hostsOfBefore).next).toBeUndefined();
});

test('a page has no more rows than it may', () => {
  expect(pageQuerySchema.parse({})).toEqual({ limit: 500 });
  expect(pageQuerySchema.parse({ after: 'proj_x', limit: '2' })).toEqual({ after: 'proj_x', limit: 2 });
  for (const limit of ['0', '501', 'many']) expect(pageQuerySchema.safeParse({ limit }).success, limit).toBe(false);
});
