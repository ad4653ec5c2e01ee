// How far leases have come: what is fetched, what is computed, what has ended.
import { leaseIdOf, utf8Bytes } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { LeaseProgressBook } from '../../src/daemon/lease-progress.js';

const [first, second] = ['a', 'b'].map((letter) => leaseIdOf(utf8Bytes(letter.repeat(16)))) as [
  ReturnType<typeof leaseIdOf>,
  ReturnType<typeof leaseIdOf>,
];
const running = (leaseId: typeof first, fuel: number) => ({ leaseId, isFetching: false, fuel, markCount: 1 });

test('units that run, units that have ended, and bytes that were fetched add up, lease by lease', () => {
  const book = new LeaseProgressBook();
  book.add(first, { fetchedBytes: 100 });
  book.add(first, { fuel: 1000, markCount: 2 });
  const told = book.of([first, second], { held: [running(first, 50), running(first, 7)], fetchedBytes: 900 });
  expect(told).toEqual([
    [first, 100, 1057, 4],
    [second, 0, 0, 0],
  ]);
});

test('a lease that waits for what it needs moves with what this host fetches; one that waits for a core does not', () => {
  const book = new LeaseProgressBook();
  const fetching = { leaseId: first, isFetching: true, fuel: 0, markCount: 0 };
  expect(book.of([first], { held: [fetching], fetchedBytes: 5 })).toEqual([[first, 5, 0, 0]]);
  expect(book.of([first], { held: [fetching], fetchedBytes: 9 })).toEqual([[first, 9, 0, 0]]);
  const ready = { leaseId: second, isFetching: false, fuel: 0, markCount: 0 };
  expect(book.of([second], { held: [ready], fetchedBytes: 9 })).toEqual([[second, 0, 0, 0]]);
});

test('leases that are over are forgotten', () => {
  const book = new LeaseProgressBook();
  book.add(first, { fuel: 1000 });
  book.of([second], { held: [], fetchedBytes: 0 });
  expect(book.of([first], { held: [], fetchedBytes: 0 })).toEqual([[first, 0, 0, 0]]);
});
