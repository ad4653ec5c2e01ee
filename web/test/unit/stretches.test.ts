import { describe, expect, test } from 'vitest';
import { parseStdout, type Segment } from '../../src/stretches/segments.js';
import { identityInWords, joinSegments } from '../../src/stretches/stretches.js';
import { presentation } from '../fixtures/answers.js';
import recorded from '../fixtures/prophage-stdout.json' with { type: 'json' };
import expected from '../fixtures/prophage-stretches.json' with { type: 'json' };
import { readEnglish } from './english.js';

readEnglish();

/** In the order of the places above. */
const expectedIdentities = [0.9777, 0.899, 0.9491, 0.8304, 0.8246, 0.9422, 0.8501, 0.931, 0.7882, 0.7808, 0.7183];

const segment = (facts: Partial<Segment>): Segment => ({
  xStart: 1,
  xEnd: 100,
  yStart: 1,
  yEnd: 100,
  strand: '+',
  score: 150,
  matchCount: 95,
  columnCount: 100,
  runs: null,
  ...facts,
});

describe('joined stretches', () => {
  const places = (segments: readonly Segment[]) =>
    joinSegments(segments)
      .map(({ xStart, xEnd, yStart, yEnd }) => [xStart, xEnd, yStart, yEnd])
      .sort(([left = 0], [right = 0]) => left - right);

  test('of the example are those of its exact reduction, whatever the order of arrival', () => {
    const segments = recorded.flatMap(([, stdout = '']) => parseStdout(stdout, presentation).segments);
    expect(places(segments)).toEqual(expected);
    expect(places([...segments].reverse())).toEqual(expected);
  });

  test('of the example have the identity of its exact reduction, within two thousandths', () => {
    const segments = recorded.flatMap(([, stdout = '']) => parseStdout(stdout, presentation).segments);
    const byPlace = joinSegments(segments).sort((left, right) => left.xStart - right.xStart);
    const identities = byPlace.map(({ matchCount, columnCount }) => matchCount / columnCount);
    for (const [index, identity] of identities.entries()) {
      expect(Math.abs(identity - (expectedIdentities[index] ?? 0)), `row ${index}`).toBeLessThan(0.002);
    }
    expect(identities).toHaveLength(expectedIdentities.length);
  });

  test('continue one another on the reversed strand too', () => {
    const left = segment({ strand: '-', yStart: 901, yEnd: 1000 });
    const right = segment({ strand: '-', xStart: 51, xEnd: 150, yStart: 851, yEnd: 950 });
    expect(joinSegments([right, left])).toMatchObject([
      { xStart: 1, xEnd: 150, yStart: 851, yEnd: 1000, pieceCount: 2 },
    ]);
  });

  test('stay apart on other strands, other lines and over gaps', () => {
    const first = segment({});
    const parallel = segment({ xStart: 51, xEnd: 150, yStart: 301, yEnd: 400 });
    const reversed = segment({ xStart: 51, xEnd: 150, yStart: 51, yEnd: 150, strand: '-' });
    const beyond = segment({ xStart: 101, xEnd: 200, yStart: 101, yEnd: 200 });
    expect(joinSegments([first, parallel, reversed, beyond])).toHaveLength(4);
  });

  test('found twice count once', () => {
    expect(joinSegments([segment({}), segment({})])).toMatchObject([{ xStart: 1, xEnd: 100, columnCount: 100 }]);
  });

  test('drop what a better one covers, and are sorted longest first', () => {
    const weak = segment({ xStart: 20, xEnd: 40, yStart: 500, yEnd: 520, score: 60 });
    const long = segment({ xStart: 1000, xEnd: 2000, yStart: 1, yEnd: 1001, score: 900 });
    expect(joinSegments([segment({}), weak, long]).map(({ xStart }) => xStart)).toEqual([1000, 1]);
  });

  test('tell an identity that is exact for one piece and marked for several', () => {
    const [one] = joinSegments([segment({})]);
    const [two] = joinSegments([segment({}), segment({ xStart: 51, xEnd: 150, yStart: 51, yEnd: 150 })]);
    expect(one && identityInWords(one)).toMatch(/^95/);
    expect(two && identityInWords(two)).toMatch(/^~\s?95/);
  });
});
