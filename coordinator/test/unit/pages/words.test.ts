// Figures and states as the server says them.
import { expect, test } from 'vitest';
import { bytes, credit, plural, progress, shortened } from '../../../src/pages/words.js';

test('numbers with their words', () => {
  expect([plural(0, 'unit'), plural(1, 'unit'), plural(1235, 'unit'), plural(2, 'person', 'people')]).toEqual([
    ...['0 units', '1 unit', '1,235 units', '2 people'],
  ]);
});

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [150 * 1024 ** 2, '150 MiB'],
  [5000 * 1024 ** 4, '5,000 TiB'],
])('%d bytes are %s', (sizeBytes, text) => {
  expect(bytes(sizeBytes).replace('\u202F', ' ')).toBe(text);
});

test('work is never said to be worth nothing', () => {
  expect([credit(0, 0), credit(0, 3), credit(1, 3), credit(1_234_567, 9)]).toEqual([
    ...['0.000', '< 0.001', '0.001', '1,234.567'],
  ]);
});

const counts = (accepted: number, total: number) => ({
  ...{ total, accepted, waiting: total - accepted, running: 0, checking: 0, failed: 0 },
});
test('progress, with one unit and several', () => {
  expect(progress({ counts: counts(811, 1235), isVerified: true })).toBe('811 of 1,235 units are done and checked');
  expect(progress({ counts: counts(0, 1), isVerified: false })).toBe('0 of 1 unit is done');
});

test('a long text ends at a word, one long word anywhere', () => {
  expect(shortened('one two\n three', 30)).toBe('one two three');
  expect(shortened('one two three four', 12)).toBe('one two…');
  expect(shortened('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
});
