import { expect, test } from 'vitest';
import { TallyField } from '../../src/charts/tally-field.js';
import { completeBatch, openBatch, plainBatch } from '../fixtures/answers.js';
import { draw } from './support.js';

const strokes = (host: HTMLElement, state: string) => host.querySelectorAll(`path.s-${state}`).length;

test('draws one stroke a unit and tells the counts', async () => {
  const host = draw(<TallyField counts={openBatch.counts} width={1000} />);
  await expect.poll(() => host.querySelectorAll('path').length).toBe(68);
  expect(['accepted', 'failed', 'checking', 'running', 'waiting'].map((state) => strokes(host, state))).toEqual([
    45, 0, 6, 8, 9,
  ]);
  expect(host.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
    '45 accepted, 6 being checked, 8 running now, 9 waiting',
  );
  expect(host.textContent).toBe('One stroke is one unit.');
});

test('is all accepted when finished', async () => {
  const host = draw(<TallyField counts={completeBatch.counts} width={1000} />);
  await expect.poll(() => strokes(host, 'accepted')).toBe(68);
  expect(host.querySelectorAll('path')).toHaveLength(68);
});

test('says how many units a stroke is when there are many, and still shows three failures', async () => {
  const host = draw(<TallyField counts={plainBatch.counts} width={350} />);
  await expect.poll(() => host.textContent).toBe('One stroke is about 50 units.');
  expect(strokes(host, 'failed')).toBe(1);
  const { width } = host.querySelector('svg')?.getBoundingClientRect() ?? { width: 0 };
  expect(width).toBeLessThanOrEqual(350);
});
