// The parser takes what the unit prints and refuses everything else.
import { expect, test } from 'vitest';
import { parseOutput } from '../../src/index.js';
import { plainOutput } from '../support/plain-test.js';

test('reads verdict and residues', () => {
  expect(parseOutput(plainOutput(11, 4))).toEqual({
    exponent: 11,
    verdict: 'composite',
    iteration: 9,
    residue: '00000000000006C8',
    residues: [
      { iteration: 4, residue: '00000000000002BD' },
      { iteration: 8, residue: '000000000000011A' },
    ],
  });
  expect(parseOutput(plainOutput(13, 0, 5))).toMatchObject({ exponent: 13, verdict: 'open', iteration: 5 });
  expect(parseOutput(plainOutput(3))).toMatchObject({ exponent: 3, verdict: 'prime', residues: [] });
});

const GOOD = plainOutput(13, 5);
const changes: [string, (text: string) => string][] = [
  ['nothing', () => ''],
  ['another version', (text) => text.replace('/1', '/2')],
  ['no end of line', (text) => text.slice(0, -1)],
  ['a line too many', (text) => `${text}\n`],
  ['another exponent in the verdict', (text) => text.replace('M13', 'M17')],
  ['a prime with a residue', (text) => text.replace(/0{16}\n$/, '0000000000000001\n')],
  ['open at the end', (text) => text.replace('prime', 'open')],
  ['done before the end', (text) => text.replace('\t11\n', '\t10\n')],
  ['more iterations than there are', (text) => text.replace('\t11\n', '\t12\n')],
  ['a residue missing', (text) => text.replace(/\n5\t.*/, '')],
  ['a residue of another iteration', (text) => text.replace('\n5\t', '\n6\t')],
  ['lower case', (text) => text.toLowerCase()],
];

test.each(changes)('refuses %s', (_, change) => {
  const changed = change(GOOD);
  expect(changed).not.toBe(GOOD);
  expect(() => parseOutput(changed)).toThrow(expect.objectContaining({ code: 'LUCAS_LEHMER_OUTPUT_INVALID' }));
});
