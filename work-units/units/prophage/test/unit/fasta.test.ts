// One FASTA record, or a refusal.
import { expect, test } from 'vitest';
import { parseFasta } from '../../src/index.js';

test('reads header, description and letters', () => {
  expect(parseFasta('>NC_1 some phage, complete\r\nACgt\r\nnn\r\n')).toEqual({
    id: 'NC_1',
    description: 'some phage, complete',
    sequence: 'ACGTNN',
  });
});

test.each(['', 'ACGT\n', '>only a header', '>no letters\n\n', '>a\nACGT\n>b\nACGT\n', '>a\nAC-GT\n'])(
  'refuses %j',
  (text) => {
    expect(() => parseFasta(text)).toThrow(expect.objectContaining({ code: 'PROPHAGE_FASTA_INVALID' }));
  },
);
