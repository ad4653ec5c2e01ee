// The unit against the literature, and against big integers.
import { expect, test } from 'vitest';
import { parseOutput } from '../../src/index.js';
import { plainOutput } from '../support/plain-test.js';
import { runUnit } from '../support/run-unit.js';

// Real work, and test machines may be busy.

function printed(...args: number[]): string {
  const { exitCode, stdout, stderr } = runUnit(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** Every odd Mersenne prime's exponent below 5,000 (sequence A000043 of the OEIS), and some above. */
const SMALL = [3, 5, 7, 13, 17, 19, 31, 61, 89, 107, 127, 521, 607, 1279, 2203, 2281, 3217, 4253, 4423];
const LARGER = [9689, 9941, 11213, 19937];

test.each([...SMALL, ...LARGER])('2^%i - 1 is prime', (p) => {
  expect(printed(p)).toBe(`#lucas-lehmer/1\t${p}\t0\t${p - 2}\nM${p}\tprime\t0000000000000000\n`);
});

test('finds all Mersenne primes up to 1,300 and no others', () => {
  const primes: number[] = [];
  for (let p = 3; p < 1300; p += 2) {
    const { exitCode, stdout } = runUnit([p]);
    if (exitCode === 0 && parseOutput(stdout).verdict === 'prime') primes.push(p);
  }
  expect(primes).toEqual(SMALL.filter((p) => p < 1300));
});

test.each([
  11, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71, 73, 79, 83, 97, 101, 103, 109, 113, 131, 257, 509, 1009, 1277, 2039, 2731,
  4099, 8191,
])('M%i: the same residues as with big integers, every 7 iterations', (p) => {
  expect(printed(p, 7)).toBe(plainOutput(p, 7));
});

test('residues agree on the way also where the length of the transform changes', () => {
  // The widest digits of each length, and the narrowest of the next.
  for (const p of [113, 127, 229, 233, 443, 449, 887, 907, 1723, 1733, 3449, 3457, 6653, 6659, 13309, 13313]) {
    expect(printed(p, 20, Math.min(100, p - 2)), `${p}`).toBe(plainOutput(p, 20, Math.min(100, p - 2)));
  }
});

/**
 * Published by Ernst Mayer in the self-test tables of Mlucas (file Mlucas.c): the low 64 bits after 100 and after 1,000 iterations.
 */
test.each([
  [173_431, '85301536E4CA9B11', '2FD5120BEC41F449'],
  [194_609, 'C711AF1008612BC6', '5153F6E040CD1BE6'],
])('M%i: the published residues', (p, after100, after1000) => {
  const { residues, verdict } = parseOutput(printed(p, 100, 1000));
  expect(verdict).toBe('open');
  expect([residues[0], residues[9]]).toEqual([
    { iteration: 100, residue: after100 },
    { iteration: 1000, residue: after1000 },
  ]);
});

test('M1001467: the published residue after 100 iterations', () => {
  expect(parseOutput(printed(1_001_467, 100, 100)).residue).toBe('6B1C76AB5431FDA4');
});

test.each<[string[], string]>([
  [[], 'usage: lucas-lehmer <p> [interval] [iterations]'],
  [['7', '1', '1', '1'], 'usage: lucas-lehmer <p> [interval] [iterations]'],
  ...['', '0', '1', '2', '9', '15', '1000', '-7', '7x', '100000007', '99999999999999999999'].map(
    (p): [string[], string] => [[p], 'p must be an odd prime number up to 100000000'],
  ),
  ...[
    ['7', '0'],
    ['7', '6'],
    ['7', 'x'],
    ['7', '1', '0'],
    ['7', '1', '6'],
  ].map((args): [string[], string] => [args, 'the interval and the iterations must be numbers from 1 to p - 2']),
])('wrong arguments: %j', (args, message) => {
  expect(runUnit(args)).toEqual({ exitCode: 2, stdout: '', stderr: `lucas-lehmer: ${message}\n` });
});

test('fails when stdout cannot be written', () => {
  const stderr = 'lucas-lehmer: stdout cannot be written\n';
  expect(runUnit([7], 29)).toEqual({ exitCode: 6, stdout: '', stderr });
});
