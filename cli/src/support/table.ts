// Tables for the terminal: columns without borders, figures to the right.
import { plainText } from '@manyhands/contract/words';
import Table from 'cli-table3';

export type Column = { title: string; isNumber?: boolean };

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((part) => [part, '']),
);

/** Lines of a table, indented by two; none when there are no rows. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_BORDERS, middle: '  ' },
  });
  table.push(...rows.map((row) => row.map(plainText)));
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`);
}
