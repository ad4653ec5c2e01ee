// Merging: cut hits are joined exactly, found-twice hits counted once, order does not matter.
import { expect, test } from 'vitest';
import { mergeHits, parseHits, planUnits, type WindowHits } from '../../src/index.js';
import { mutated, randomLetters, reverseComplement } from '../support/letters.js';
import { plainOutput } from '../support/plain-gotoh.js';
import { runUnit } from '../support/run-unit.js';

function windowOf(start: number, strand: '+' | '-', hits: readonly string[]): WindowHits {
  const lines = [
    `#prophage-hits/1\t${strand}\t${start}\t${start + 999}\t1`,
    ...hits.map((hit) => hit.replaceAll(' ', '\t')),
  ];
  return parseHits(`${lines.join('\n')}\n`);
}

test('joins a hit that the border between two windows cut', () => {
  const merged = mergeHits([
    windowOf(1, '+', ['51 150 901 1000 + 190 98 100 24=1X1=1X73=']),
    windowOf(751, '+', ['53 200 903 1050 + 286 146 148 22=1X1=1X123=']),
  ]);
  expect(merged).toEqual([
    {
      phageStart: 51,
      phageEnd: 200,
      genomeStart: 901,
      genomeEnd: 1050,
      strand: '+',
      score: 290,
      matchCount: 148,
      columnCount: 150,
      identity: 0.9867,
    },
  ]);
});

test('keeps neighbours on other diagonals and strands apart', () => {
  const merged = mergeHits([
    windowOf(1, '+', ['1 40 901 940 + 80 40 40 40=']),
    windowOf(751, '+', ['2 41 921 960 + 80 40 40 40=']),
    windowOf(1, '-', ['1 40 901 940 - 80 40 40 40=']),
  ]);
  expect(merged.map((hit) => [hit.genomeStart, hit.strand, hit.phageStart])).toEqual([
    [901, '+', 1],
    [901, '-', 1],
    [921, '+', 2],
  ]);
});

test('drops what a better stretch of the same strand covers', () => {
  const merged = mergeHits([
    windowOf(1, '+', ['1 100 801 900 + 200 100 100 100=']),
    windowOf(851, '+', ['501 540 861 900 + 80 40 40 40=']),
    windowOf(851, '-', ['501 540 861 900 - 80 40 40 40=']),
  ]);
  expect(merged.map((hit) => [hit.strand, hit.phageStart, hit.phageEnd])).toEqual([
    ['+', 1, 100],
    ['-', 501, 540],
  ]);
});

test('no windows, no stretches', () => {
  expect(mergeHits([])).toEqual([]);
  expect(mergeHits([windowOf(1, '+', [])])).toEqual([]);
});

const phage = randomLetters(31, 1500);
/** A genome with most of the phage, mutated, over many windows on each strand, and a small piece inside one window. */
const genome = [
  randomLetters(32, 300),
  mutated(phage.slice(100, 1300), 33, 15),
  randomLetters(34, 170),
  reverseComplement(mutated(phage.slice(50, 1400), 35, 25)),
  randomLetters(36, 260),
  phage.slice(600, 660),
  randomLetters(37, 200),
].join('');

function search(windowBases: number, strideBases: number): WindowHits[] {
  return planUnits({ genome, region: { start: 1, end: genome.length }, windowBases, strideBases }).map((unit) => {
    const { exitCode, stdout } = runUnit({ args: unit.args, stdin: unit.stdin, phage });
    expect(exitCode, unit.name).toBe(0);
    return parseHits(stdout);
  });
}

test('windows give what one search of everything gives', () => {
  const whole = mergeHits(
    (['+', '-'] as const).map((strand) => parseHits(plainOutput({ phage, window: genome, strand, windowStart: 1 }))),
  );
  expect(whole.map((hit) => hit.strand)).toEqual(['+', '-', '+']);
  expect(mergeHits(search(400, 300))).toEqual(whole);
});

test('neither order nor repetition of the windows matters', () => {
  const windows = search(400, 150);
  const expected = mergeHits(windows);
  expect(expected).toHaveLength(3);
  expect(mergeHits(windows.toReversed())).toEqual(expected);
  expect(mergeHits([...windows.slice(7), ...windows.slice(0, 12), ...windows])).toEqual(expected);
});
