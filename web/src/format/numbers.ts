// Numbers as the reader's language writes them. Missing is an en dash, zero is 0.

/** What stands where a number is not known. */
export const MISSING = '–';
const NARROW_SPACE = '\u202F';

/** The reader's language, unless a test names one. */
export type Locale = string | undefined;

/** 1,191,160: full digits. */
export function formatCount(value: number | null, locale?: Locale): string {
  return value === null || !Number.isFinite(value) ? MISSING : new Intl.NumberFormat(locale).format(value);
}

/** Credit from milli-cobblestones, all digits: a short unit earns some thousandths. */
export function formatCredit(creditMilli: number | null, locale?: Locale): string {
  if (creditMilli === null) return MISSING;
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(
    creditMilli / 1000,
  );
}

/** A share of 0 to 1 as per cent, with one decimal between 90 and 100 where whole numbers would hide the rest. */
export function formatShare(share: number | null, locale?: Locale): string {
  if (share === null || !Number.isFinite(share)) return MISSING;
  const percent = share * 100;
  const isNearlyAll = percent > 90 && percent < 100;
  return `${formatDecimals(Math.min(percent, isNearlyAll ? 99.9 : 100), isNearlyAll ? 1 : 0, locale)}${NARROW_SPACE}%`;
}

/** At most so many decimals, trailing zeros left out. */
export function formatDecimals(value: number | null, decimals: number, locale?: Locale): string {
  if (value === null || !Number.isFinite(value)) return MISSING;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(value);
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units, one decimal under 100. */
export function formatBytes(sizeBytes: number | null, locale?: Locale): string {
  if (sizeBytes === null || !Number.isFinite(sizeBytes)) return MISSING;
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1023.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const decimals = unit > 0 && value < 100 ? 1 : 0;
  return `${formatDecimals(value, decimals, locale)}${NARROW_SPACE}${BYTE_UNITS[unit]}`;
}

/** The words for one and for several: `plural(1, 'computer')`, `plural(2, 'person', 'people')`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
