// Reads what a unit printed, strictly: anything that the specification does not allow is refused.
import { ProphageError } from './errors.js';
import { parsePath, totalsOf } from './path.js';
import type { Hit, Strand, WindowHits } from './types.js';

const HEADER = /^#prophage-hits\/1\t([+-])\t([1-9]\d{0,9})\t([1-9]\d{0,9})\t([1-9]\d{0,4})$/;
const NUMBER = /^\d{1,10}$/;
const FIELD_COUNT = 9;

/**
 * Parses a unit's stdout; checks that each hit's path, extent, score and counts agree and that it lies in the window.
 * @throws ProphageError PROPHAGE_OUTPUT_INVALID
 */
export function parseHits(stdout: string | Uint8Array): WindowHits {
  const text = typeof stdout === 'string' ? stdout : new TextDecoder('utf-8', { fatal: false }).decode(stdout);
  const lines = text.split('\n');
  if (lines.pop() !== '') throw invalid('the last line has no end');
  const header = HEADER.exec(lines[0] ?? '');
  if (header === null) throw invalid('the first line is no header of version 1');
  const [, strand, start, end, threshold] = header;
  const window = { start: Number(start), end: Number(end) };
  const hits = lines.slice(1).map(parseHit);
  for (const hit of hits) {
    if (hit.strand !== strand) throw invalid('a hit is on the other strand');
    if (hit.genomeStart < window.start || hit.genomeEnd > window.end) throw invalid('a hit lies outside the window');
    if (hit.score < Number(threshold)) throw invalid('a hit is below the threshold');
  }
  return { strand: strand as Strand, window, threshold: Number(threshold), hits };
}

function parseHit(line: string): Hit {
  const fields = line.split('\t');
  if (fields.length !== FIELD_COUNT) throw invalid(`a hit has ${fields.length} fields instead of ${FIELD_COUNT}`);
  const strand = fields[4];
  if (strand !== '+' && strand !== '-') throw invalid('a strand is neither + nor -');
  const path = parsePath(fields[8] ?? '');
  if (path === undefined) throw invalid('a path is no list of runs');
  const [phageStart, phageEnd, genomeStart, genomeEnd] = fields.slice(0, 4).map(parseNumber) as [
    number,
    number,
    number,
    number,
  ];
  const [score, matchCount, columnCount] = fields.slice(5, 8).map(parseNumber);
  const totals = totalsOf(path);
  const agrees =
    totals.score === score &&
    totals.matchCount === matchCount &&
    totals.columnCount === columnCount &&
    totals.phageBases === phageEnd - phageStart + 1 &&
    totals.genomeBases === genomeEnd - genomeStart + 1;
  if (!agrees) throw invalid('the path of a hit does not agree with its other fields');
  return { phageStart, phageEnd, genomeStart, genomeEnd, strand, score: totals.score, path };
}

function parseNumber(field: string): number {
  if (!NUMBER.test(field)) throw invalid('a field is no number');
  return Number(field);
}

function invalid(reason: string): ProphageError {
  return new ProphageError('PROPHAGE_OUTPUT_INVALID', `not the output of the prophage unit: ${reason}`);
}
