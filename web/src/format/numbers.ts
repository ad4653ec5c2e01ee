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

/** The smallest credit that is written in digits. */
const CREDIT_DECIMALS = 3;

/**
 * Credit from milli-cobblestones, to the thousandth: a short unit earns little. Work whose credit rounds to nothing is not nothing: `hasWork` says
 * that something was done for it.
 */
export function formatCredit(creditMilli: number | null, hasWork: boolean, locale?: Locale): string {
  if (creditMilli === null) return MISSING;
  if (creditMilli === 0) {
    return hasWork ? `under ${formatFixed(10 ** -CREDIT_DECIMALS, CREDIT_DECIMALS, locale)}` : '0';
  }
  return formatFixed(creditMilli / 1000, CREDIT_DECIMALS, locale);
}

/** A share of 0 to 1 as per cent. Neither a little nor nearly all is rounded away: "under 1 %", 99.9 %. */
export function formatShare(share: number | null, locale?: Locale): string {
  if (share === null || !Number.isFinite(share)) return MISSING;
  const percent = share * 100;
  if (percent > 0 && percent < 1) return `under 1${NARROW_SPACE}%`;
  const isNearlyAll = percent > 90 && percent < 100;
  return `${formatDecimals(Math.min(percent, isNearlyAll ? 99.9 : 100), isNearlyAll ? 1 : 0, locale)}${NARROW_SPACE}%`;
}

/** A share of 0 to 1 as per cent with one decimal, for columns: the same number of decimals in every row. */
export function formatShareFixed(share: number | null, locale?: Locale): string {
  if (share === null || !Number.isFinite(share)) return MISSING;
  const percent = share < 1 ? Math.min(share * 100, 99.9) : 100;
  return `${formatFixed(percent, 1, locale)}${NARROW_SPACE}%`;
}

/** How many in a time: one decimal, and two significant digits where that would be 0.0. */
export function formatRate(value: number | null, locale?: Locale): string {
  if (value === null || !Number.isFinite(value)) return MISSING;
  if (value === 0 || value >= 1) return formatDecimals(value, 1, locale);
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(value);
}

/** Exactly so many decimals. */
function formatFixed(value: number, decimals: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
    value,
  );
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
