// A page of a list ends at its rows or its bytes, and reads no further than that.
import { expect, test } from 'vitest';
import { PAGE_MAXIMUM_BYTES, shown, takePage } from '../../../src/http/domain/page-bounds.js';

function* counted(count: number, text = '', seen: number[] = []): Generator<{ at: number; text: string }> {
  for (let at = 0; at < count; at++) {
    seen.push(at);
    yield { at, text };
  }
}

test('a page has as many rows as were asked for, and tells whether there are more', () => {
  expect(takePage(counted(3), 2)).toMatchObject({ taken: [{ at: 0 }, { at: 1 }], isMore: true });
  expect(takePage(counted(2), 2)).toMatchObject({ taken: [{ at: 0 }, { at: 1 }], isMore: false });
  expect(takePage(counted(0), 2)).toEqual({ taken: [], isMore: false });
});

test('large rows end it before it gets large, and what lies behind them is not read', () => {
  const seen: number[] = [];
  const { taken, isMore } = takePage(counted(100, 'x'.repeat(PAGE_MAXIMUM_BYTES / 4), seen), 100);
  expect({ rows: taken.length, isMore, read: seen.length }).toEqual({ rows: 3, isMore: true, read: 4 });
});

test('what JSON makes of a character counts, and one row is always there', () => {
  expect(takePage(counted(10, '\u0001'.repeat(PAGE_MAXIMUM_BYTES / 12)), 10).taken).toHaveLength(1);
  expect(takePage(counted(2, 'x'.repeat(PAGE_MAXIMUM_BYTES)), 2)).toMatchObject({ taken: [{ at: 0 }], isMore: true });
});

test('rows are made into what is shown one by one', () => {
  const seen: number[] = [];
  const { taken } = takePage(
    shown(counted(10, '', seen), ({ at }) => at * 2),
    2,
  );
  expect([taken, seen]).toEqual([
    [0, 2],
    [0, 1, 2],
  ]);
});
