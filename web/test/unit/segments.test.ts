import { describe, expect, test } from 'vitest';
import { parseStdout } from '../../src/stretches/segments.js';
import { presentation } from '../fixtures/answers.js';

const HEADER = '#prophage-hits/1\t-\t1189000\t1192999\t60\n';
const HIT = '30418\t32256\t1191160\t1192999\t-\t3500\t1800\t1840\t100=1X9=\n';

describe('what a unit printed', () => {
  test('is a compared window and its segments', () => {
    expect(parseStdout(HEADER + HIT, presentation)).toEqual({
      window: { start: 1_189_000, end: 1_192_999, strand: '-' },
      segments: [
        {
          xStart: 1_191_160,
          xEnd: 1_192_999,
          yStart: 30_418,
          yEnd: 32_256,
          strand: '-',
          score: 3500,
          matchCount: 1800,
          columnCount: 1840,
          // The path of this line is shorter than its extent, so it is not taken for the alignment.
          runs: null,
        },
      ],
    });
  });

  test('may have no hit, or no header', () => {
    expect(parseStdout(HEADER, presentation).segments).toEqual([]);
    expect(parseStdout(HIT, presentation)).toMatchObject({ window: null, segments: [{ xStart: 1_191_160 }] });
    expect(parseStdout('', presentation)).toEqual({ window: null, segments: [] });
  });

  test('takes the columns that the presentation names', () => {
    const columns = { ...presentation.columns, xStart: 0, xEnd: 1, yStart: 2, yEnd: 3 };
    expect(parseStdout(HIT, { ...presentation, columns }).segments[0]).toMatchObject({
      xStart: 30_418,
      yStart: 1_191_160,
    });
  });

  test.each([
    ['a comment', '#30418\t32256\t1191160\t1192999\t-\t3500\t1800\t1840\n'],
    ['prose', 'Searching the genome...\n'],
    ['a word for a number', HIT.replace('3500', 'many')],
    ['a negative number', HIT.replace('3500', '-3')],
    ['another strand', HIT.replace('\t-\t', '\t?\t')],
    ['ends before starts', HIT.replace('32256', '3')],
    ['more equal columns than columns', HIT.replace('1800', '1841')],
    ['no columns', HIT.replace('1800\t1840', '0\t0')],
    ['a number beyond all bounds', HIT.replace('3500', '9'.repeat(30))],
    ['too few fields', '30418\t32256\t1191160\n'],
    ['a JSON document', '{"xStart":1,"xEnd":2}\n'],
  ])('passes over %s', (_, text) => {
    expect(parseStdout(text, presentation).segments).toEqual([]);
  });

  test('never takes a number that was cut off for a shorter one', () => {
    const whole = HIT.slice(0, HIT.indexOf('100='));
    expect(parseStdout(HEADER + whole, presentation).segments).toHaveLength(1);
    for (let length = 0; length < whole.length; length += 1) {
      expect(parseStdout(HEADER + whole.slice(0, length), presentation).segments, `cut at ${length}`).toEqual([]);
    }
  });

  test('says nothing about places outside the axis', () => {
    const elsewhere = HEADER.replace('1189000\t1192999', '1\t4000');
    expect(parseStdout(elsewhere, presentation).window).toBeNull();
  });
});
