// Values of many rows for one statement: fixed-width decimal numbers in one blob, which SQLite cuts up itself.
// Binding a row takes longer than writing it, so that this is several times as fast as a statement for each row.

/** Decimal digits of a number: up to 2^53. */
const NUMBER_WIDTH = 16;

/** SQL for the number `column` of the row `position` of the parameter `:numbers`. */
export function number(position: string, column: number, perRow: number): string {
  return `CAST(substr(:numbers, ${NUMBER_WIDTH * perRow} * (${position}) + ${NUMBER_WIDTH * column + 1}, ${NUMBER_WIDTH}) AS INTEGER)`;
}

/** Writes the numbers as ASCII, row after row. */
export class NumberColumns {
  readonly blob: Buffer;
  private at = 0;

  constructor(rows: number, perRow: number) {
    this.blob = Buffer.alloc(NUMBER_WIDTH * rows * perRow, ' ');
  }

  push(value: number): void {
    this.blob.write(String(value), this.at, 'latin1');
    this.at += NUMBER_WIDTH;
  }
}
