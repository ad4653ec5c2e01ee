// The finding of the dot plot in words, for those who do not see it.
import type { Presentation } from '@manyhands/contract';
import { formatCount, plural } from '../format/numbers.js';
import type { Segment } from '../stretches/segments.js';

export function plotTitle({ x, y }: Presentation, segments: readonly Segment[]): string {
  const name = `Dot plot of ${y.label} against ${x.label}`;
  if (segments.length === 0) return `${name}: no match yet.`;
  const start = segments.reduce((least, segment) => Math.min(least, segment.xStart), Number.POSITIVE_INFINITY);
  const end = segments.reduce((most, segment) => Math.max(most, segment.xEnd), 0);
  const reversed = segments.filter(({ strand }) => strand === '-').length;
  const directions = reversed === 0 ? 'all in the same direction' : `${formatCount(reversed)} of them reversed`;
  return `${name}: ${plural(segments.length, 'match', 'matches')} between ${formatCount(start)} and ${formatCount(end)}, ${directions}.`;
}
