// Pictures drawn without a browser: where their marks lie, and what they tell those who do not see them.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { BarSeries, type BarSeriesProps } from '../../src/charts/bar-series.js';
import { fitText } from '../../src/charts/fit-text.js';
import { layOutBar, StateBar } from '../../src/charts/state-bar.js';
import { TallyField } from '../../src/charts/tally-field.js';
import { TallyLegend } from '../../src/charts/tally-legend.js';
import { DotPlot } from '../../src/dot-plot/dot-plot.js';
import { GenomeStrip } from '../../src/dot-plot/genome-strip.js';
import type { Segment } from '../../src/stretches/segments.js';
import { cancelledBatch, NO_COUNTS, openBatch, plainBatch, presentation, stoppedBatch } from '../fixtures/answers.js';
import { readEnglish } from './english.js';

readEnglish();

const labelOf = (html: string) => /aria-label="([^"]*)"/.exec(html)?.[1];
const rectsOf = (html: string) => [...html.matchAll(/<rect [^>]*>/g)].map(([rect]) => rect);
const numberIn = (tag: string, name: string) => Number(new RegExp(`[ ]${name}="([^"]*)"`).exec(tag)?.[1]);

const rising: Segment = {
  ...{ xStart: 1_190_000, xEnd: 1_200_000, yStart: 10_000, yEnd: 20_000, strand: '+', score: 9000 },
  ...{ matchCount: 9, columnCount: 10, runs: null },
};

describe('the dot plot', () => {
  const draw = (props: Partial<Parameters<typeof DotPlot>[0]>) =>
    renderToStaticMarkup(
      createElement(DotPlot, {
        ...{ segments: [], uncovered: [], window: presentation.x, cluster: null, presentation, isLoading: false },
        ...{ width: 600, height: 540 },
        ...props,
      }),
    );
  const linesOf = (html: string) =>
    [...html.matchAll(/class="arrive" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/g)].map((match) =>
      match.slice(1).map(Number),
    );

  test('draws the same direction rising and the reversed one falling', () => {
    const [[x1, y1, x2, y2] = []] = linesOf(draw({ segments: [rising] })) as [number[]];
    expect(x2).toBeGreaterThan(x1 ?? 0);
    expect(y2).toBeLessThan(y1 ?? 0);
    const [[, from, , to] = []] = linesOf(draw({ segments: [{ ...rising, strand: '-' }] })) as [number[]];
    expect(to).toBeGreaterThan(from ?? 0);
  });

  test('draws once what two overlapping units found', () => {
    expect(linesOf(draw({ segments: [rising, rising, { ...rising, score: 1 }] }))).toHaveLength(1);
  });

  test('leaves out what lies beside its window, hatches what is not compared, and brackets the cluster', () => {
    const window = { start: 1_240_000, end: 1_265_000 };
    expect(linesOf(draw({ segments: [rising], window }))).toEqual([]);
    expect(draw({ cluster: { start: 1_190_000, end: 1_200_000 } })).toContain('1,190,000 to 1,200,000');
    expect(draw({ cluster: { start: 1_190_000, end: 1_200_000 }, window })).not.toContain('1,190,000 to');
    const hatched = draw({ uncovered: [{ start: 1_165_000, end: 1_170_000, level: 'half' }] });
    expect(rectsOf(hatched).filter((rect) => rect.includes('-half)'))).toHaveLength(1);
  });

  test('tells its finding, and that it waits', () => {
    expect(labelOf(draw({ segments: [rising, { ...rising, strand: '-' }] }))).toBe(
      'Dot plot of phage lambda against E. coli 536: 2 matches between 1,190,000 and 1,200,000, 1 of them reversed.',
    );
    expect(labelOf(draw({ segments: [rising] }))).toContain('1 match between');
    expect(labelOf(draw({}))).toMatch(/no match yet\.$/);
    expect(draw({ isLoading: true })).toContain('Fetching…');
  });

  test('cuts a label that does not fit', () => {
    const long = { ...presentation, x: { ...presentation.x, label: 'w'.repeat(300) } };
    expect(draw({ presentation: long })).toMatch(/place in w{20,80}…, millions</);
  });
});

describe('the strip of the whole axis', () => {
  const axis = { start: 1, end: 1000 };
  const draw = (segments: readonly Segment[], uncovered: Parameters<typeof GenomeStrip>[0]['uncovered'] = []) =>
    renderToStaticMarkup(
      createElement(GenomeStrip, { segments, uncovered, axis, window: { start: 200, end: 400 }, width: 400 }),
    );
  const heightsOf = (html: string) =>
    rectsOf(html)
      .filter((rect) => rect.includes('--mh-ink'))
      .map((rect) => numberIn(rect, 'height'));

  test('shares out a segment over the bins that it crosses', () => {
    // Ten places in a bin: one segment within a bin, and one of the same length over two.
    const within = { ...rising, xStart: 101, xEnd: 110 };
    const across = { ...rising, xStart: 206, xEnd: 215 };
    expect(heightsOf(draw([within, across]))).toEqual([52, 26, 26]);
  });

  test('brackets the part that is enlarged, and tells how much is compared', () => {
    expect(draw([])).toMatch(/d="M79\.\d+ 61v5H159\.\d+v-5"/);
    expect(labelOf(draw([], [{ start: 1, end: 500, level: 'none' }]))).toMatch(
      /^From 1 to 1,000: 50\s% compared\. No match yet\.$/,
    );
    expect(labelOf(draw([rising]))).toContain('The bars show where the matches lie.');
  });
});

describe('bars over time', () => {
  const draw = (props: Partial<BarSeriesProps>) =>
    renderToStaticMarkup(
      createElement(BarSeries, {
        points: [4, 8, 2].map((value, index) => ({ startMs: index * 1000, value })),
        unit: 'units per second',
        title: 'Units: at most 8.',
        formatInstant: (instantMs) => `t${instantMs}`,
        mean: 6,
        openEnd: 'running',
        width: 600,
        ...props,
      }),
    );

  test('stand on zero, and none stands out of the chart', () => {
    const heights = rectsOf(draw({})).map((rect) => numberIn(rect, 'height'));
    expect(heights[1]).toBeCloseTo(2 * (heights[0] ?? 0));
    for (const rect of rectsOf(draw({ points: [{ startMs: 0, value: 19 }] })))
      expect(numberIn(rect, 'y')).toBeGreaterThanOrEqual(22);
  });

  test('have a last one that is still running only while something runs', () => {
    const fills = (openEnd: BarSeriesProps['openEnd']) =>
      rectsOf(draw({ openEnd })).map((rect) => /fill="([^"]*)"/.exec(rect)?.[1]);
    expect(fills('running')).toEqual(['var(--mh-pine)', 'var(--mh-pine)', 'var(--mh-lamp-mark)']);
    expect(fills(null)).toEqual(Array(3).fill('var(--mh-pine)'));
    expect(fills('unknown')[2]).toMatch(/^url\(/);
  });

  test('say their unit, their finding, their mean and their times', () => {
    const html = draw({});
    expect(labelOf(html)).toBe('Units: at most 8.');
    expect(html).toMatch(/units per second.*>t0<.*>t2000</s);
    expect(html.match(/stroke-dasharray="5 4"/g)).toHaveLength(1);
    expect(draw({ mean: null })).not.toContain('stroke-dasharray');
    expect(draw({ points: [] })).toContain('<svg');
  });
});

describe('the tally', () => {
  const drawField = (counts: typeof openBatch.counts, width = 1000) =>
    renderToStaticMarkup(createElement(TallyField, { counts, width }));
  const strokesOf = (html: string, state: string) => html.split(`class="s-${state} arrive"`).length - 1;

  test('draws one stroke a unit and tells the counts', () => {
    const html = drawField(openBatch.counts);
    expect(['accepted', 'failed', 'checking', 'running', 'waiting'].map((state) => strokesOf(html, state))).toEqual([
      45, 0, 6, 8, 9,
    ]);
    expect(labelOf(html)).toBe('45 accepted, 6 being checked, 8 running now, 9 waiting');
    expect(html).toContain('One stroke is one unit.');
  });

  test('tells what was ended from what failed', () => {
    const html = drawField(cancelledBatch.counts);
    expect(['accepted', 'failed', 'cancelled'].map((state) => strokesOf(html, state))).toEqual([22, 2, 44]);
    expect(labelOf(html)).toBe('22 accepted, 2 failed, 44 cancelled');
    expect(labelOf(drawField(stoppedBatch.counts))).toBe('22 accepted, 46 stopped by the operator');
    const legend = renderToStaticMarkup(createElement(TallyLegend, { counts: cancelledBatch.counts }));
    expect(legend.replace(/<[^>]+>/g, '|')).toMatch(/22\| accepted.*2\| failed.*44\| cancelled/);
    expect(legend).not.toContain('waiting');
  });

  test('says how many units a stroke is when there are many', () => {
    const html = drawField(plainBatch.counts, 350);
    expect(html).toContain('One stroke is about 50 units.');
    expect(strokesOf(html, 'failed')).toBe(1);
  });
});

describe('the bar of states', () => {
  test('is filled by its parts, and shows a single failure among a million', () => {
    const many = { ...NO_COUNTS, total: 1_000_000, accepted: 999_999, failed: 1 };
    for (const counts of [openBatch.counts, cancelledBatch.counts, many]) {
      const parts = layOutBar(counts);
      expect(parts.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(100);
      parts.forEach(({ from }, index) => {
        const before = parts.slice(0, index).reduce((sum, { width }) => sum + width, 0);
        expect(from).toBeCloseTo(before);
      });
    }
    expect(layOutBar(many).find(({ state }) => state === 'failed')?.width).toBeGreaterThan(0.5);
    expect(layOutBar(NO_COUNTS)).toEqual([]);
  });

  test('has hatching for what was ended, and rust for failures alone', () => {
    const fills = (counts: typeof openBatch.counts) => renderToStaticMarkup(createElement(StateBar, { counts }));
    expect(fills(cancelledBatch.counts)).toMatch(/--mh-pine.*--mh-rust.*url\(#/s);
    expect(fills(stoppedBatch.counts)).not.toContain('--mh-rust');
  });
});

describe('text in pictures', () => {
  test('is whole where it fits and cut where it does not, never within a character', () => {
    expect(fitText('phage lambda', 600)).toBe('phage lambda');
    expect(fitText('x'.repeat(100), 148)).toBe(`${'x'.repeat(19)}…`);
    expect(fitText('x'.repeat(100), 148, 10)).toBe(`${'x'.repeat(9)}…`);
    expect(fitText('👩🏽‍🚀'.repeat(50), 148)).toBe(`${'👩🏽‍🚀'.repeat(9)}…`);
    expect(fitText('位置位置位置位置位置位置', 74)).toBe('位置位置…');
    expect(fitText('x'.repeat(100), 1)).toBe('xxx…');
  });
});
