// Durations, sizes and numbers as people write them on a command line.
import { CLOCK_MAXIMUM_MS, FUEL_MAXIMUM, ManyhandsError } from '@manyhands/contract';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3 };

/** `90` (seconds), `500ms`, `10m`, `1h30m`, `2d`: milliseconds. Throws MH-GEN-009. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw wrong(`"${text}" is not a duration. Write for example 90s, 10m or 1h30m.`);
  return Math.round(parts.reduce((sum, [, number, unit]) => sum + Number(number) * (MILLISECONDS[unit ?? ''] ?? 0), 0));
}

/** `65536`, `64k`, `512M`, `512MiB`, `2G`: bytes; the units are binary. Throws MH-GEN-009. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text);
  if (!match) throw wrong(`"${text}" is not a size. Write for example 512MiB or 2G.`);
  return Math.round(Number(match[1]) * 1024 ** (POWERS[(match[2] ?? '').toLowerCase()] ?? 0));
}

/** A whole number within bounds. Throws MH-GEN-009. */
export function parseCount(
  text: string,
  { what, minimum, maximum }: { what: string; minimum: number; maximum: number },
): number {
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  throw wrong(`${what} must be a whole number from ${minimum} to ${maximum}, not "${text}".`);
}

/** `0,10,20`: exit codes. Throws MH-GEN-009. */
export function parseExitCodes(text: string): number[] {
  return text.split(',').map((part) => parseCount(part.trim(), { what: 'An exit code', minimum: 0, maximum: 255 }));
}

/** `3 min 12 s`, `43 h`: two units at most. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  if (seconds < 86_400) return pair(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
  return pair(Math.floor(seconds / 86_400), 'd', Math.floor((seconds % 86_400) / 3600), 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Binary units, one decimal under 100. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Full digits with separators: 1,191,160. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** Milli-cobblestones as cobblestones, all digits: a short unit earns some thousandths. Work that earned less than one is never shown as nothing. */
export function formatCredit(milli: number, { isEarned = false }: { isEarned?: boolean } = {}): string {
  if (milli === 0) return isEarned ? '<0.001' : '0';
  return (milli / 1000).toFixed(3);
}

const FUEL_UNITS = ['', 'k', 'M', 'G', 'T', 'P'];

/** `5T`, `300G`, `2e12`, `1000000`: fuel; the letters are powers of a thousand. Throws MH-GEN-009. */
export function parseFuel(text: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)([kmgtp]?)$/i.exec(text);
  const fuel = Math.round(
    Number(match?.[1]) * 1000 ** Math.max(0, FUEL_UNITS.indexOf((match?.[2] ?? '').toUpperCase().replace('K', 'k'))),
  );
  if (fuel >= 1 && fuel <= FUEL_MAXIMUM) return fuel;
  throw wrong(`"${text}" is not an amount of fuel. Write for example 500G, 5T or 2e12; at most ${FUEL_MAXIMUM}.`);
}

/** `2026-11-22T00:00:00Z` or `2026-11-22` (its beginning, UTC): milliseconds since 1970. Throws MH-GEN-009. */
export function parseInstant(text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (milliseconds >= 0 && milliseconds <= CLOCK_MAXIMUM_MS) return milliseconds;
  throw wrong(`"${text}" is not a time. Write for example 2026-11-22 or 2026-11-22T12:00:00Z, from 1970 to 2199.`);
}

function wrong(message: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-009', { message });
}
