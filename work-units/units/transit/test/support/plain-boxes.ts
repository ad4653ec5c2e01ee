// Box least squares in plain arrays: independent of the unit's code, with the same order of operations, so that every digit must agree.
import type { Point } from '../../src/index.js';

export interface PlainSearch {
  readonly curve: readonly Point[];
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly bins: number;
  readonly shortest: number;
  readonly longest: number;
}

interface Found {
  readonly square: number;
  readonly start: number;
  readonly width: number;
  readonly points: number;
  readonly depth: number;
}

const NOTHING: Found = { square: 0, start: 0, width: 0, points: 0, depth: 0 };

interface Bin {
  sum: number;
  count: number;
}

function fold(times: readonly number[], fluxes: readonly number[], frequency: number, bins: number): Bin[] {
  const folded = Array.from({ length: bins }, (): Bin => ({ sum: 0, count: 0 }));
  for (const [index, time] of times.entries()) {
    const cycles = time * frequency;
    const bin = folded[Math.trunc((cycles - Math.floor(cycles)) * bins)] as Bin;
    bin.sum += fluxes[index] as number;
    bin.count++;
  }
  return folded.map(({ sum, count }) => ({ sum: sum / times.length, count }));
}

function bestBox(folded: readonly Bin[], all: number, { bins, shortest, longest }: PlainSearch): Found {
  let best = NOTHING;
  for (let start = 0; start < bins; start++) {
    let [sum, points] = [0, 0];
    for (let width = 1; width <= longest; width++) {
      const bin = folded[(start + width - 1) % bins] as Bin;
      sum += bin.sum;
      points += bin.count;
      if (width < shortest || points < 5 || points === all || sum >= 0) continue;
      const share = points / all;
      const spread = share * (1 - share);
      const square = (sum * sum) / spread;
      if (square > best.square) best = { square, start, width, points, depth: -sum / spread };
    }
  }
  return best;
}

/** The bytes that SPEC.md demands of the unit. */
export function plainOutput(search: PlainSearch): string {
  const { curve, first, step, count, bins, shortest, longest } = search;
  const start = curve[0]?.time ?? 0;
  const times = curve.map(({ time }) => time - start);
  const mean = curve.reduce((sum, { flux }) => sum + flux, 0) / curve.length;
  const fluxes = curve.map(({ flux }) => flux - mean);
  const lines = [['#transit/1', curve.length, start, first, step, count, bins, shortest, longest].join('\t')];
  let best = { ...NOTHING, trial: 0 };
  for (let trial = 0; trial < count; trial++) {
    const frequency = (first + step * trial) * 1e-15;
    const found = bestBox(fold(times, fluxes, frequency, bins), times.length, search);
    if (found.square > best.square) best = { ...found, trial };
    lines.push(`${Math.floor(Math.sqrt(found.square) * 1e6)}`);
  }
  const box = ['best', best.trial, best.start, best.width, best.points, Math.floor(best.depth)].join('\t');
  lines.push(best.square === 0 ? 'none' : box, '');
  return lines.join('\n');
}
