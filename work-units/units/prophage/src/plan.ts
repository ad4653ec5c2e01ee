// Cuts a region of the genome into overlapping windows: one unit per window and strand.
import { ProphageError } from './errors.js';
import type { Region, Strand } from './types.js';

/** The region of NC_008253 that the unit searches unless told otherwise; a known prophage lies in it. */
export const DEFAULT_REGION: Region = { start: 1_165_000, end: 1_265_000 };
export const DEFAULT_WINDOW_BASES = 4_000;
export const DEFAULT_STRIDE_BASES = 3_000;
/** The unit refuses longer windows: their score could overflow its 16-bit lanes. */
export const MAX_WINDOW_BASES = 16_000;
/** The name under which every unit finds lambda's FASTA text. */
export const PHAGE_FILE = 'phage.fa';

/** What one unit gets. Both strands of a window have the same stdin, so that it is stored and sent once. */
export interface PlannedUnit {
  /** Unique, sorts by position: `1165000-plus`. */
  readonly name: string;
  readonly strand: Strand;
  readonly window: Region;
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  /** The window's letters and a line end. */
  readonly stdin: Uint8Array<ArrayBuffer>;
}

export interface PlanOptions {
  /** The whole genome record; `region` refers to it. */
  readonly genome: string;
  readonly region?: Region;
  /** Default 4,000, at most 16,000. */
  readonly windowBases?: number;
  /** Default 3,000, at most `windowBases`. */
  readonly strideBases?: number;
}

/**
 * Windows start at the region's start and every stride after it; the last one is the first that reaches the region's end,
 * and is cut there.
 * @throws ProphageError PROPHAGE_PLAN_INVALID
 */
export function planUnits(options: PlanOptions): PlannedUnit[] {
  const { genome, region = DEFAULT_REGION } = options;
  const windowBases = options.windowBases ?? DEFAULT_WINDOW_BASES;
  const strideBases = options.strideBases ?? DEFAULT_STRIDE_BASES;
  checkRegion(region, genome.length);
  checkWindows(windowBases, strideBases);
  const nameDigits = String(genome.length).length;
  const encoder = new TextEncoder();
  return windowsOf(region, windowBases, strideBases).flatMap((window) => {
    const stdin = encoder.encode(`${genome.slice(window.start - 1, window.end)}\n`);
    const position = String(window.start).padStart(nameDigits, '0');
    return (['+', '-'] as const).map((strand) => ({
      name: `${position}-${strand === '+' ? 'plus' : 'minus'}`,
      strand,
      window,
      args: [strand, String(window.start)],
      stdin,
    }));
  });
}

function windowsOf(region: Region, windowBases: number, strideBases: number): Region[] {
  const windows: Region[] = [];
  for (let start = region.start; ; start += strideBases) {
    const end = Math.min(start + windowBases - 1, region.end);
    windows.push({ start, end });
    if (end === region.end) return windows;
  }
}

function checkRegion({ start, end }: Region, genomeBases: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 1 || end < start || end > genomeBases) {
    throw invalid(`the region ${start}-${end} does not lie within the genome's 1-${genomeBases}`);
  }
}

function checkWindows(windowBases: number, strideBases: number): void {
  if (!Number.isSafeInteger(windowBases) || windowBases < 1 || windowBases > MAX_WINDOW_BASES) {
    throw invalid(`a window must have 1 to ${MAX_WINDOW_BASES} bases`);
  }
  if (!Number.isSafeInteger(strideBases) || strideBases < 1 || strideBases > windowBases) {
    throw invalid('the stride must be at least 1 base and at most a window');
  }
}

function invalid(reason: string): ProphageError {
  return new ProphageError('PROPHAGE_PLAN_INVALID', reason);
}
