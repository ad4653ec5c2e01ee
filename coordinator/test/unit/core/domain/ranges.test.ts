// Ranges and hints: the small parts that every lease passes through.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countOf, indexesOf, isInRanges, toRanges } from '../../../../src/core/domain/ranges.js';
import { SearchHints } from '../../../../src/core/units/domain/search-hints.js';

test('ascending indexes and their ranges are the same thing', () => {
  const indexes = fc.uniqueArray(fc.nat(60), { maxLength: 30 }).map((list) => list.sort((left, right) => left - right));
  fc.assert(
    fc.property(indexes, (list) => {
      const ranges = toRanges(list);
      expect([...indexesOf(ranges)]).toEqual(list);
      expect(countOf(ranges)).toBe(list.length);
      for (let index = 0; index <= 61; index++) expect(isInRanges(ranges, index)).toBe(list.includes(index));
      for (const [position, [first]] of ranges.entries()) {
        const [before, count] = ranges[position - 1] ?? [-2, 0];
        expect(first, 'ranges are as long as they can be').toBeGreaterThan(before + count);
      }
    }),
  );
});

test('ranges are cut at a maximum', () => {
  const indexes = Array.from({ length: 10 }, (_, index) => index + 3);
  expect(toRanges(indexes, 4)).toEqual([
    [3, 4],
    [7, 4],
    [11, 2],
  ]);
});

const ann = { account: 10, host: 1, network: 7 };
const bob = { account: 11, host: 2, network: 7 };

test('a reopened unit lowers the hints of everybody in its batch, no others', () => {
  const hints = new SearchHints();
  hints.raise(1, ann, 50);
  hints.raise(1, bob, 5);
  hints.raise(2, ann, 50);
  hints.reopen(1, 20);
  const elsewhere = { ...ann, network: 8 };
  const found = [
    hints.firstIndex(1, ann),
    hints.firstIndex(1, bob),
    hints.firstIndex(2, ann),
    hints.firstIndex(2, bob),
  ];
  expect(found).toEqual([20, 5, 50, 0]);
  expect(hints.firstIndex(2, elsewhere), 'the same host from another network may have others').toBe(0);
  hints.forget(1);
  expect([hints.firstIndex(1, ann), hints.firstIndex(2, ann)]).toEqual([0, 50]);
  hints.forget(null);
  expect(hints.firstIndex(2, ann)).toBe(0);
});
