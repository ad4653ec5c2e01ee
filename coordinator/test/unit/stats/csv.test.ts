// CSV for spreadsheets: quoting, and no cell that a spreadsheet would run.
import { expect, test } from 'vitest';
import { toCsv } from '../../../src/stats/csv.js';

test('numbers and booleans are bare, lines end as RFC 4180 says', () => {
  expect(toCsv(['name', 'credit', 'online'], [['ada', 1.5, true]])).toBe('name,credit,online\r\nada,1.5,true\r\n');
});

test.each([
  ['=1+1', `"'=1+1"`],
  ['+cmd', `"'+cmd"`],
  ['-2', `"'-2"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\tTab', `"' Tab"`],
  ['\u001b=1+1', `"'=1+1"`],
  ['  =hidden behind spaces', `"'  =hidden behind spaces"`],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
])('text that looks like a formula is made harmless: %j', (name, cell) => {
  expect(toCsv(['name'], [[name]])).toBe(`name\r\n${cell}\r\n`);
});

test('commas and quotes stay inside their cell; line breaks and what acts on a terminal do not come into one', () => {
  expect(toCsv(['a'], [['x,"y"\nz\u001b[31m']])).toBe('a\r\n"x,""y"" z[31m"\r\n');
});
