import { describe, expect, test } from 'vitest';
import { countTail, parseRuns } from '../../src/stretches/runs.js';

describe('run lengths', () => {
  test('are taken only when they cover the segment', () => {
    expect(parseRuns('10=1X2D3I', 13)).toHaveLength(4);
    expect(parseRuns('10=1X2D3I', 14)).toBeNull();
    for (const text of ['', '10', '10M', '=10', '10=;', '1234567890=']) expect(parseRuns(text, 10), text).toBeNull();
  });

  test('are counted from the end, insertions with the letter before them', () => {
    const runs = parseRuns('10=2X5=3I4=', 21) ?? [];
    expect(countTail(runs, 0)).toEqual({ matchCount: 0, columnCount: 0 });
    expect(countTail(runs, 4)).toEqual({ matchCount: 4, columnCount: 4 });
    expect(countTail(runs, 6)).toEqual({ matchCount: 6, columnCount: 9 });
    expect(countTail(runs, 21)).toEqual({ matchCount: 19, columnCount: 24 });
  });
});
