// A unit's output is read back exactly, and anything else is refused.
import { expect, test } from 'vitest';
import { parseHits } from '../../src/index.js';

const HEADER = '#prophage-hits/1\t-\t101\t300\t10';
const GOOD = '41\t60\t120\t139\t-\t40\t20\t20\t20=';

test('reads header and hits', () => {
  const expected = {
    strand: '-',
    window: { start: 101, end: 300 },
    threshold: 5,
    hits: [
      {
        phageStart: 41,
        phageEnd: 49,
        genomeStart: 120,
        genomeEnd: 129,
        strand: '-',
        score: 6,
        path: [
          { operation: '=', columnCount: 4 },
          { operation: 'D', columnCount: 1 },
          { operation: 'X', columnCount: 1 },
          { operation: '=', columnCount: 4 },
        ],
      },
    ],
  };
  const text = '#prophage-hits/1\t-\t101\t300\t5\n41\t49\t120\t129\t-\t6\t8\t10\t4=1D1X4=\n';
  expect(parseHits(text)).toEqual(expected);
  expect(parseHits(new TextEncoder().encode(text))).toEqual(expected);
});

test('a window without hits', () => {
  expect(parseHits(`${HEADER}\n`).hits).toEqual([]);
});

test.each([
  ['nothing', ''],
  ['a cut last line', `${HEADER}\n${GOOD}`],
  ['no header', `${GOOD}\n`],
  ['another version', `${HEADER.replace('/1', '/2')}\n${GOOD}\n`],
  ['an empty line', `${HEADER}\n\n`],
  ['the other strand', `${HEADER}\n${GOOD.replace('-', '+')}\n`],
  ['a third strand', `${HEADER}\n${GOOD.replace('-', '*')}\n`],
  ['a hit before the window', `${HEADER}\n41\t60\t100\t119\t-\t40\t20\t20\t20=\n`],
  ['a hit past the window', `${HEADER}\n41\t60\t282\t301\t-\t40\t20\t20\t20=\n`],
  ['a score below the threshold', `${HEADER}\n41\t44\t120\t123\t-\t8\t4\t4\t4=\n`],
  ['a wrong score', `${HEADER}\n${GOOD.replace('\t40\t', '\t41\t')}\n`],
  ['a wrong count of matches', `${HEADER}\n41\t60\t120\t139\t-\t40\t19\t20\t20=\n`],
  ['a wrong extent', `${HEADER}\n${GOOD.replace('139', '140')}\n`],
  ['a path of nothing', `${HEADER}\n${GOOD.replace('20=', '')}\n`],
  ['an unknown operation', `${HEADER}\n${GOOD.replace('20=', '20M')}\n`],
  ['a field more', `${HEADER}\n${GOOD}\tx\n`],
  ['a number that is none', `${HEADER}\n${GOOD.replace('41', '4a')}\n`],
])('refuses %s', (_, text) => {
  expect(() => parseHits(text)).toThrow(expect.objectContaining({ code: 'PROPHAGE_OUTPUT_INVALID' }));
});

test('the refusals are about one thing each: the line they spoil is good', () => {
  expect(parseHits(`${HEADER}\n${GOOD}\n`).hits).toHaveLength(1);
});
