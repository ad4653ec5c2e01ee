import { expect, test } from 'vitest';
import { DotPlot } from '../../src/dot-plot/dot-plot.js';
import type { Segment } from '../../src/stretches/segments.js';
import { presentation } from '../fixtures/answers.js';
import { draw } from './support.js';

const rising: Segment = {
  xStart: 1_190_000,
  xEnd: 1_200_000,
  yStart: 10_000,
  yEnd: 20_000,
  strand: '+',
  score: 9000,
  matchCount: 9,
  columnCount: 10,
  runs: null,
};
const falling: Segment = { ...rising, xStart: 1_210_000, xEnd: 1_220_000, strand: '-' };
const common = { uncovered: [], cluster: null, presentation, isLoading: false, width: 600, height: 540 };

const lineOf = (path: Element | undefined) =>
  (path?.getAttribute('d') ?? '')
    .split(/[MLZ ]/)
    .filter(Boolean)
    .map(Number) as [number, number, number, number];

test('draws same directions rising and reversed ones falling', async () => {
  const host = draw(<DotPlot {...common} segments={[rising, falling]} window={presentation.x} />);
  await expect.poll(() => host.querySelectorAll('path.arrive').length).toBe(2);
  const [up, down] = [...host.querySelectorAll('path.arrive')].map(lineOf);
  expect(up?.[2]).toBeGreaterThan(up?.[0] ?? 0);
  expect(up?.[3]).toBeLessThan(up?.[1] ?? 0);
  expect(down?.[2]).toBeGreaterThan(down?.[0] ?? 0);
  expect(down?.[3]).toBeGreaterThan(down?.[1] ?? 0);
  expect(host.querySelector('svg')?.getAttribute('aria-label')).toMatch(/2 matches between .*, 1 of them reversed/);
});

test('shows only what lies in the window', async () => {
  const host = draw(<DotPlot {...common} segments={[rising, falling]} window={{ start: 1_205_000, end: 1_230_000 }} />);
  await expect.poll(() => host.querySelectorAll('path.arrive').length).toBe(1);
});

test('hatches what is not compared, in two densities', async () => {
  const uncovered = [
    { start: 1_165_000, end: 1_180_000, level: 'none' as const },
    { start: 1_180_001, end: 1_190_000, level: 'half' as const },
  ];
  const host = draw(<DotPlot {...common} segments={[]} uncovered={uncovered} window={presentation.x} />);
  await expect.poll(() => host.querySelectorAll('rect[fill^=url]').length).toBe(2);
  expect(host.querySelector('svg')?.getAttribute('aria-label')).toMatch(/no match yet/);
});
