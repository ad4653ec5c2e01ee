// Comma-separated values (RFC 4180) that spreadsheets load without running anything.

type Cell = string | number | boolean;

/** What spreadsheets may take for a formula or a command at the start of a cell. */
const FORMULA_START = /^[=+\-@\t\r\n|%]/;

/** One table with a head line. Text that looks like a formula gets an apostrophe in front. */
export function toCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

function toCell(value: Cell): string {
  if (typeof value !== 'string') return String(value);
  const harmless = FORMULA_START.test(value.trimStart()) || FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
