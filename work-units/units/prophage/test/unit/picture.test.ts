// The dot plot: well-formed, every shown stretch in its place, nothing else.
import { expect, test } from 'vitest';
import { dotPlotSvg, type Stretch } from '../../src/index.js';

const REGION = { start: 1_165_000, end: 1_265_000 };
const STRETCH: Stretch = {
  phageStart: 1,
  phageEnd: 48_502,
  genomeStart: 1_165_000,
  genomeEnd: 1_265_000,
  strand: '+',
  score: 100,
  matchCount: 90,
  columnCount: 100,
  identity: 0.9,
};

function linesOf(svg: string): string[] {
  return [...svg.matchAll(/<path d="(M[\d.]+ [\d.]+L[\d.]+ [\d.]+)"/g)].map((match) => match[1] ?? '');
}

test('a stretch over everything runs from corner to corner, down for the reverse strand', () => {
  expect(linesOf(dotPlotSvg([STRETCH], REGION))).toEqual(['M48 528L736 92']);
  expect(linesOf(dotPlotSvg([{ ...STRETCH, strand: '-' }], REGION))).toEqual(['M48 92L736 528']);
});

test('shows only what lies in the region', () => {
  const outside = { ...STRETCH, genomeStart: 2_000_000, genomeEnd: 2_001_000 };
  const svg = dotPlotSvg([outside], REGION);
  expect(linesOf(svg)).toEqual([]);
  expect(svg).toContain('<title id="title">No stretch of phage lambda found in this part of E. coli 536</title>');
});

test('says what was found, in words and with units', () => {
  const svg = dotPlotSvg([STRETCH, { ...STRETCH, strand: '-', genomeEnd: 1_165_999, phageEnd: 1000 }], REGION);
  expect(svg).toContain('<title id="title">2 stretches of phage lambda in E. coli 536, 101,001 letters in all</title>');
  expect(svg).toContain('lambda 1 to 1,000, genome 1,165,000 to 1,165,999, strand -, identity 90.0 %');
  expect(svg).toContain('million letters (Mb)');
  expect(svg).toContain('thousand letters (kb)');
});

test('every element is closed, no text is smaller than 13 px, ticks are readable at any scale', () => {
  for (const region of [REGION, { start: 1, end: 4_938_920 }, { start: 1_200_000, end: 1_204_000 }]) {
    const svg = dotPlotSvg([STRETCH], region);
    const open: string[] = [];
    for (const [, slash, name, selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (selfClosing) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name ?? '');
    }
    expect(open).toEqual([]);
    expect([...svg.matchAll(/font-size="(\d+)"/g)].every((match) => Number(match[1]) >= 13)).toBe(true);
    const ticks = [...svg.matchAll(/text-anchor="middle" fill="#626b65">([\d.]+)</g)].map((match) => match[1]);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.length).toBeLessThan(12);
    expect(new Set(ticks).size).toBe(ticks.length);
  }
});
