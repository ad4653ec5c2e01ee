// Instants and durations in the reader's own zone and language.
import { formatCount, type Locale } from './numbers.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type TimeOptions = { readonly locale?: Locale; readonly timeZone?: string };

/** 14:01, or with seconds where minutes are too coarse. */
export function formatClock(instantMs: number, options: TimeOptions & { readonly hasSeconds?: boolean } = {}): string {
  return new Intl.DateTimeFormat(options.locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(options.hasSeconds ? { second: '2-digit' as const } : {}),
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  }).format(instantMs);
}

/** The short name of the reader's zone, to be said once per view. */
export function zoneName(instantMs: number, options: TimeOptions = {}): string {
  const parts = new Intl.DateTimeFormat(options.locale, {
    timeZoneName: 'short',
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  }).formatToParts(instantMs);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

export function formatDate(instantMs: number, options: TimeOptions = {}): string {
  return new Intl.DateTimeFormat(options.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  }).format(instantMs);
}

/** "at 14:01" for today, "on 22 Nov 2026" for other days. */
export function formatWhen(instantMs: number, nowMs: number, options: TimeOptions = {}): string {
  return isSameDay(instantMs, nowMs, options)
    ? `at ${formatClock(instantMs, options)}`
    : `on ${formatDate(instantMs, options)}`;
}

/** A day and a clock, short, for axes that are longer than a day. */
export function formatMoment(instantMs: number, options: TimeOptions = {}): string {
  const day = new Intl.DateTimeFormat(options.locale, {
    day: 'numeric',
    month: 'short',
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  }).format(instantMs);
  return `${day} ${formatClock(instantMs, options)}`;
}

function isSameDay(leftMs: number, rightMs: number, options: TimeOptions): boolean {
  return formatDate(leftMs, options) === formatDate(rightMs, options);
}

/** "40 s ago" up to an hour, then the clock, from yesterday on the date. */
export function formatAgo(instantMs: number, nowMs: number, options: TimeOptions = {}): string {
  const elapsedMs = Math.max(0, nowMs - instantMs);
  if (elapsedMs < HOUR_MS) return `${formatDuration(elapsedMs, 1)} ago`;
  const isToday = isSameDay(instantMs, nowMs, options);
  return isToday ? formatClock(instantMs, options) : formatDate(instantMs, options);
}

/** "3 min 12 s", "43 h": two units at most, one if asked. */
export function formatDuration(durationMs: number, unitCount: 1 | 2 = 2): string {
  const steps: [number, string][] = [
    [DAY_MS, 'd'],
    [HOUR_MS, 'h'],
    [MINUTE_MS, 'min'],
    [SECOND_MS, 's'],
  ];
  const first = steps.findIndex(([sizeMs]) => durationMs >= sizeMs);
  if (first < 0) return '0 s';
  const [sizeMs, name] = steps[first] as [number, string];
  const whole = Math.floor(durationMs / sizeMs);
  const next = steps[first + 1];
  // From ten hours on, minutes add nothing that is known that well.
  if (!next || unitCount === 1 || (sizeMs === HOUR_MS && whole >= 10)) return `${formatCount(whole)} ${name}`;
  const rest = Math.floor((durationMs % sizeMs) / next[0]);
  return rest === 0 ? `${formatCount(whole)} ${name}` : `${formatCount(whole)} ${name} ${rest} ${next[1]}`;
}
