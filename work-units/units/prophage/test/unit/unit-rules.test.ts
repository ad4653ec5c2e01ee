// The rules of SPEC.md one by one: ties, letters, masking, strands, and every way to be refused.
import { expect, test } from 'vitest';
import { mutated, randomLetters, reverseComplement } from '../support/letters.js';
import { plainOutput } from '../support/plain-gotoh.js';
import { runUnit, type UnitInput } from '../support/run-unit.js';

const PLAIN_LETTERS = randomLetters(1, 60);

function run(input: Partial<UnitInput> = {}) {
  return runUnit({ args: ['+', '1'], stdin: PLAIN_LETTERS, phage: PLAIN_LETTERS, ...input });
}

/** The hits of a tiny case as printed, without the header. */
function hitsOf(phage: string, window: string, args: readonly string[]): string[] {
  const { exitCode, stdout, stderr } = run({ args, phage, stdin: window });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.split('\n').slice(1, -1);
}

test('prints a header and the hit', () => {
  expect(run({ args: ['+', '1165000'] })).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: '#prophage-hits/1\t+\t1165000\t1165059\t60\n1\t60\t1165000\t1165059\t+\t120\t60\t60\t60=\n',
  });
});

test('prints the header alone when nothing reaches the threshold', () => {
  expect(run({ stdin: randomLetters(2, 4000) }).stdout).toBe('#prophage-hits/1\t+\t1\t4000\t60\n');
});

test('of equal best alignments takes the one that ends first in the phage, then in the window', () => {
  expect(hitsOf('ACGTNNACGT', 'ACGTNACGT', ['+', '1', '8'])).toEqual([
    '1\t4\t1\t4\t+\t8\t4\t4\t4=',
    '1\t4\t6\t9\t+\t8\t4\t4\t4=',
  ]);
});

test('of equal starts takes the latest', () => {
  // Three matches and two mismatches in front are worth nothing: with them or without, the score is 8.
  expect(hitsOf('CCCAGTTTT', 'CCCTATTTT', ['+', '1', '8'])).toEqual(['6\t9\t6\t9\t+\t8\t4\t4\t4=']);
  expect(hitsOf('CCCATTTT', 'CCCGTTTT', ['+', '1', '8'])).toEqual(['1\t8\t1\t8\t+\t11\t7\t8\t3=1X4=']);
});

test('places a gap as late as the walk back allows', () => {
  const flank = randomLetters(3, 30, 'ACG');
  const [gap] = hitsOf(`${flank}TTT${flank}`, `${flank}TT${flank}`, ['+', '1']);
  expect(gap).toBe('1\t63\t1\t62\t+\t117\t62\t63\t30=1I32=');
});

test('letters other than A, C, G and T match nothing, in either sequence, themselves included', () => {
  expect(hitsOf('ACGTNACGT', 'ACGTNACGT', ['+', '1', '8'])[0]).toBe('1\t9\t1\t9\t+\t13\t8\t9\t4=1X4=');
  expect(hitsOf('RYKMSWBDHVN', 'RYKMSWBDHVN', ['+', '1', '1'])).toEqual([]);
  expect(hitsOf('UUUU', 'TTTT', ['+', '1', '1'])).toEqual([]);
});

test('reads plain letters, FASTA, either case, any line ends', () => {
  const expected = run().stdout;
  const lower = PLAIN_LETTERS.toLowerCase();
  expect(run({ stdin: `>w some words\r\n${lower.slice(0, 20)}\r\n${lower.slice(20)}\r\n` }).stdout).toBe(expected);
  expect(run({ phage: `>p\n${PLAIN_LETTERS.slice(0, 1)}\n\n ${lower.slice(1)}`, readBytes: 7 }).stdout).toBe(expected);
});

test('finds a stretch of the reverse complement and gives positions of the record', () => {
  const phage = randomLetters(4, 5000);
  const planted = reverseComplement(mutated(phage.slice(2000, 3500), 5, 20));
  const window = randomLetters(6, 1200) + planted + randomLetters(7, 1300);
  const input = { phage, window, windowStart: 700_001 };
  for (const strand of ['+', '-'] as const) {
    const { stdout } = run({ args: [strand, '700001'], phage, stdin: window });
    expect(stdout, strand).toBe(plainOutput({ ...input, strand }));
  }
  const [hit] = hitsOf(phage, window, ['-', '700001']);
  const [phageStart, phageEnd, genomeStart, genomeEnd, strand] = hit?.split('\t') ?? [];
  expect(strand).toBe('-');
  expect(Math.abs(Number(phageStart) - 2001)).toBeLessThan(20);
  expect(Math.abs(Number(phageEnd) - 3500)).toBeLessThan(20);
  expect(Math.abs(Number(genomeStart) - 701_201)).toBeLessThan(20);
  expect(Math.abs(Number(genomeEnd) - (701_200 + planted.length))).toBeLessThan(20);
});

test('no alignment runs through a masked stretch, not even as a gap', () => {
  const [left, middle, right] = [randomLetters(8, 40), randomLetters(9, 60), randomLetters(10, 40)];
  // Without the mask, left and right would be one alignment with a gap over the middle: cheaper than two.
  const hits = hitsOf(`${middle}NNN${left}${right}`, left + middle + right, ['+', '1']);
  expect(hits.map((hit) => hit.split('\t').slice(0, 6).join(' '))).toEqual([
    '1 60 41 100 + 120',
    '64 103 1 40 + 80',
    '104 143 101 140 + 80',
  ]);
});

test('prints at most eight hits', () => {
  const phage = randomLetters(11, 40);
  const window = Array.from({ length: 10 }, (_, index) => phage + 'N'.repeat(40 + index)).join('');
  expect(hitsOf(phage, window, ['+', '1'])).toHaveLength(8);
  expect(run({ phage, stdin: window }).stdout).toBe(plainOutput({ phage, window, strand: '+', windowStart: 1 }));
});

test.each([[[]], [['+']], [['+', '1', '60', 'more']]])('wrong number of arguments: %j', (args) => {
  expect(run({ args })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'prophage: usage: prophage <+|-> <window start> [threshold]\n',
  });
});

test.each([
  [['', '1'], 'the strand must be + or -'],
  [['++', '1'], 'the strand must be + or -'],
  [['plus', '1'], 'the strand must be + or -'],
  [['+', '0'], 'the window start must be a number from 1 to 2000000000'],
  [['+', ''], 'the window start must be a number from 1 to 2000000000'],
  [['+', '-5'], 'the window start must be a number from 1 to 2000000000'],
  [['+', '2000000001'], 'the window start must be a number from 1 to 2000000000'],
  [['+', '99999999999999999999999'], 'the window start must be a number from 1 to 2000000000'],
  [['+', '1', '0'], 'the threshold must be a number from 1 to 32000'],
  [['+', '1', '32001'], 'the threshold must be a number from 1 to 32000'],
  [['+', '1', '6x'], 'the threshold must be a number from 1 to 32000'],
])('wrong arguments %j', (args, message) => {
  expect(run({ args })).toEqual({ exitCode: 2, stdout: '', stderr: `prophage: ${message}\n` });
});

test.each([
  ['no phage', { phage: undefined }, 'the file phage.fa is missing'],
  ['empty phage', { phage: '' }, 'an input holds no sequence'],
  ['empty window', { stdin: '' }, 'an input holds no sequence'],
  ['only a header', { stdin: '>window' }, 'an input holds no sequence'],
  ['two records', { stdin: '>a\nACGT\n>b\nACGT\n' }, 'an input holds more than one FASTA record'],
  ['a header after letters', { phage: 'ACGT\n>b\nACGT\n' }, 'an input holds more than one FASTA record'],
  ['gap characters', { stdin: 'AC-GT' }, 'an input holds a character that is no letter'],
  ['digits', { stdin: '1 ACGT' }, 'an input holds a character that is no letter'],
  ['a byte over 127', { stdin: 'AC\u00c1GT' }, 'an input holds a character that is no letter'],
  ['too many bytes', { phage: 'A'.repeat(2_097_153) }, 'an input is longer than 2097152 bytes'],
] satisfies [string, Partial<UnitInput>, string][])('bad input: %s', (_, input, message) => {
  expect(run(input)).toEqual({ exitCode: 3, stdout: '', stderr: `prophage: ${message}\n` });
});

test('refuses a window whose score could overflow, and takes the longest one that cannot', () => {
  expect(run({ stdin: 'A'.repeat(16_001) })).toEqual({
    exitCode: 4,
    stdout: '',
    stderr: 'prophage: the window is longer than 16000 letters: a score could overflow\n',
  });
  const [hit] = hitsOf('A'.repeat(4000), 'A'.repeat(16_000), ['+', '1']);
  expect(hit).toBe('1\t4000\t1\t4000\t+\t8000\t4000\t4000\t4000=');
});

test('holds the highest score of the largest rectangle, and refuses a larger rectangle', () => {
  const letters = randomLetters(12, 8193);
  const largest = letters.slice(0, 8192);
  expect(hitsOf(largest, largest, ['+', '1'])[0]).toBe('1\t8192\t1\t8192\t+\t16384\t8192\t8192\t8192=');
  expect(run({ phage: letters, stdin: letters })).toEqual({
    exitCode: 5,
    stdout: '',
    stderr: 'prophage: an alignment is too large to trace back\n',
  });
});

test('fails when stdout cannot be written', () => {
  expect(run({ stdoutErrno: 29 })).toEqual({ exitCode: 6, stdout: '', stderr: 'prophage: stdout cannot be written\n' });
});
