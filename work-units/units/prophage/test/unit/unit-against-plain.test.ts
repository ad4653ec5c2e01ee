// The compiled unit prints what the plain implementation prints, byte for byte, on random small sequences.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainOutput } from '../support/plain-gotoh.js';
import { runUnit } from '../support/run-unit.js';

interface Case {
  readonly phage: string;
  readonly window: string;
  readonly strand: '+' | '-';
  readonly threshold: number;
}

function letters(alphabet: string, maxLength: number) {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength });
}

/** Unrelated letters of few kinds give ties; a window of pieces of the phage gives long alignments with gaps. */
const unrelated = fc
  .constantFrom('AC', 'ACGT', 'ACGTN', 'A')
  .chain((alphabet) => fc.record({ phage: letters(alphabet, 90), window: letters(alphabet, 70) }));
const related = letters('ACGT', 120).chain((phage) => {
  const piece = fc
    .tuple(fc.nat(phage.length), fc.nat(phage.length))
    .map(([left, right]) => phage.slice(Math.min(left, right), Math.max(left, right)));
  const part = fc.oneof(piece, piece, letters('ACGTN', 6));
  const window = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => `${parts.join('')}A`);
  return fc.record({ phage: fc.constant(phage), window });
});

/** The phage with letters added and taken away: gaps of every length, at every place of the unit's vectors. */
const edited = fc.constantFrom('ACGT', 'ACGT', 'AC').chain((alphabet) => {
  const edit = fc.record({ keep: fc.integer({ min: 4, max: 45 }), skip: fc.nat(12), added: letters(alphabet, 25) });
  return fc
    .tuple(
      fc.string({ unit: fc.constantFrom(...alphabet), minLength: 120, maxLength: 250 }),
      fc.array(edit, { minLength: 2, maxLength: 8 }),
    )
    .map(([phage, edits]) => {
      const parts: string[] = [];
      let at = 0;
      for (const { keep, skip, added } of edits) {
        parts.push(phage.slice(at, at + keep), skip % 2 === 0 ? added : '');
        at += keep + (skip % 3 === 0 ? skip : 0);
      }
      return { phage, window: `${parts.join('')}A` };
    });
});

function expectEqual({ phage, window, strand, threshold }: Case): void {
  const { exitCode, stdout, stderr } = runUnit({
    args: [strand, '1001', String(threshold)],
    stdin: window,
    phage: `>phage\n${phage}\n`,
  });
  expect({ exitCode, stderr, stdout }).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: plainOutput({ phage, window, strand, windowStart: 1001, threshold }),
  });
}

const options = fc.record({
  strand: fc.constantFrom('+' as const, '-' as const),
  threshold: fc.integer({ min: 1, max: 20 }),
});

test('unrelated letters', () => {
  fc.assert(
    fc.property(unrelated, options, (sequences, option) => expectEqual({ ...sequences, ...option })),
    { numRuns: 600 },
  );
});

test('windows made of pieces of the phage', () => {
  fc.assert(
    fc.property(related, options, (sequences, option) => expectEqual({ ...sequences, ...option })),
    { numRuns: 600 },
  );
});

test('windows that are edited copies of the phage', () => {
  fc.assert(
    fc.property(edited, options, (sequences, option) => expectEqual({ ...sequences, ...option })),
    { numRuns: 1500 },
  );
});
