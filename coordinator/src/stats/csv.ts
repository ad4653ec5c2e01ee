// Comma-separated values (RFC 4180) that spreadsheets load without running anything.

import { plainText } from '@manyhands/contract/words';

type Cell = string | number | boolean;

/** What spreadsheets may take for a formula or a command at the start of a cell. */
const FORMULA_START = /^[=+\-@\t\r\n|%]/;

/** One table with a head line. Text that looks like a formula gets an apostrophe in front. */
export function toCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

function toCell(value: Cell): string {
  if (typeof value !== 'string') return String(value);
  const text = plainText(value);
  const isFormula = [value, text, text.trimStart()].some((start) => FORMULA_START.test(start));
  const harmless = isFormula ? `'${text}` : text;
  return /[",']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
