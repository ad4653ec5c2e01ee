// Amounts of fuel as people read them.

const UNITS = ['', 'k', 'M', 'G', 'T', 'P'];

/** Three digits at most and a power of a thousand: `4.29 G`, `20 G`. */
export function formatFuel(fuel: number): string {
  let value = fuel;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))} ${UNITS[unit]}`.trimEnd();
}
