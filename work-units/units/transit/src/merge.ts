// The reducer: joins the ranges of a search into one spectrum and says whether there is a planet.
import { TransitError } from './errors.js';
import type { Range } from './output.js';
import { FREQUENCY_UNITS } from './plan.js';

/** A signal detection efficiency from which on a search claims a planet. */
export const DETECTION_THRESHOLD = 8;

export interface Candidate {
  /** In days. */
  readonly period: number;
  readonly duration: number;
  /** The middle of the first transit on or after the curve's first point, in days. */
  readonly epoch: number;
  /** The part of the light that is missing in a transit. */
  readonly depth: number;
  /** How far the best residue stands above the mean of all, in standard deviations. */
  readonly efficiency: number;
  /** Whether the efficiency reaches the threshold. */
  readonly isClaimed: boolean;
}

export interface Spectrum {
  /** The signal residue of each trial, in millionths of a part per billion. */
  readonly residues: readonly number[];
  /** Frequencies in billionths of a cycle per day. */
  readonly first: number;
  readonly step: number;
  /** Undefined: at no frequency was a box darker than the rest. */
  readonly candidate: Candidate | undefined;
}

/**
 * Joins all ranges of one search, in any order.
 * @throws TransitError TRANSIT_RANGES_INVALID when there is none, they are not of one search, or they overlap or leave a gap
 */
export function mergeRanges(ranges: readonly Range[]): Spectrum {
  const sorted = [...ranges].sort((left, right) => left.first - right.first);
  const [lowest] = sorted;
  if (lowest === undefined) throw invalid('there is no range');
  for (const [index, range] of sorted.entries()) {
    if (searchOf(range) !== searchOf(lowest)) throw invalid('the ranges are not of one search');
    const next = sorted[index + 1];
    if (next !== undefined && range.first + range.step * range.residues.length !== next.first) {
      throw invalid(`the ranges from ${range.first} and from ${next.first} do not meet`);
    }
  }
  const residues = sorted.flatMap((range) => range.residues);
  return { residues, first: lowest.first, step: lowest.step, candidate: candidateOf(sorted, residues) };
}

/** What all ranges of a search share. */
function searchOf({ points, firstTime, step, bins, shortest, longest }: Range): string {
  return [points, firstTime, step, bins, shortest, longest].join(' ');
}

function candidateOf(ranges: readonly Range[], residues: readonly number[]): Candidate | undefined {
  let winner: Range | undefined;
  for (const range of ranges) if (bestOf(range) > (winner === undefined ? 0 : bestOf(winner))) winner = range;
  if (winner?.best === undefined) return undefined;
  const { best, first, step, bins, firstTime } = winner;
  const period = FREQUENCY_UNITS / (first + step * best.trial);
  const middle = (best.start + best.width / 2) / bins;
  const efficiency = efficiencyOf(residues, bestOf(winner));
  return {
    period,
    duration: (best.width / bins) * period,
    epoch: firstTime / 1e6 + (middle % 1) * period,
    depth: best.depth / 1e9,
    efficiency,
    isClaimed: efficiency >= DETECTION_THRESHOLD,
  };
}

function bestOf({ best, residues }: Range): number {
  return best === undefined ? 0 : (residues[best.trial] ?? 0);
}

function efficiencyOf(residues: readonly number[], highest: number): number {
  const mean = residues.reduce((sum, residue) => sum + residue, 0) / residues.length;
  const variance = residues.reduce((sum, residue) => sum + (residue - mean) ** 2, 0) / residues.length;
  return variance === 0 ? 0 : (highest - mean) / Math.sqrt(variance);
}

function invalid(message: string): TransitError {
  return new TransitError('TRANSIT_RANGES_INVALID', message);
}
