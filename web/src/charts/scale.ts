// Axes: round steps, ticks and the power of a thousand in which they are written.

/** The round step (1, 2 or 5 times a power of ten) that cuts `span` into about `count` parts. */
export function niceStep(span: number, count: number): number {
  const raw = Math.max(span, Number.MIN_VALUE) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((step) => step * power >= raw * 0.999) ?? 10;
  return factor * power;
}

/** Round values from `start` to `end`, both included where they are round. */
export function ticks(start: number, end: number, count: number): number[] {
  const step = niceStep(end - start, count);
  const values: number[] = [];
  for (let k = Math.ceil(start / step); k * step <= end; k += 1) values.push(k * step);
  return values;
}

/** Ticks of an axis of counts: from zero, whole numbers, the last at or above `maximum`. */
export function countTicks(maximum: number, count: number): number[] {
  const step = Math.max(1, niceStep(Math.max(maximum, 1), count));
  const top = Math.ceil(Math.max(maximum, 1) / step) * step;
  return Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
}

export type AxisUnit = { readonly divisor: number; readonly word: string };

/** In which unit ticks up to `maximum` are short: 1, thousand or million. */
export function axisUnit(maximum: number): AxisUnit {
  if (maximum >= 1_000_000) return { divisor: 1_000_000, word: 'million' };
  if (maximum >= 10_000) return { divisor: 1000, word: 'thousand' };
  return { divisor: 1, word: '' };
}

/** Maps values to pixels. */
export function linear(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const span = from[1] - from[0] || 1;
  return (value) => to[0] + ((value - from[0]) / span) * (to[1] - to[0]);
}
