// The whole x axis in one strip: how much was found where, what is not compared yet, which part is enlarged.
import { useId } from 'react';
import { Hatch } from '../charts/hatch.js';
import { axisUnit, linear, ticks } from '../charts/scale.js';
import { formatCount, formatDecimals, formatShare } from '../format/numbers.js';
import { comparedShare, type Interval, type Uncovered } from '../stretches/coverage.js';
import type { Segment } from '../stretches/segments.js';
import { lengthOf } from '../stretches/stretches.js';

export type GenomeStripProps = {
  readonly segments: readonly Segment[];
  readonly uncovered: readonly Uncovered[];
  readonly axis: Interval;
  /** The part enlarged elsewhere. */
  readonly window: Interval;
  readonly width: number;
};

const HEIGHT = 84;
const FLOOR = 60;
const BAR_MAXIMUM = 52;
const BIN_PX = 4;

export function GenomeStrip({ segments, uncovered, axis, window, width }: GenomeStripProps) {
  const id = useId();
  const x = linear([axis.start, axis.end], [0, width]);
  const unit = axisUnit(axis.end);
  const bins = binLengths(segments, axis, Math.max(1, Math.floor(width / BIN_PX)));
  const most = Math.max(...bins, 1);
  const title = `From ${formatCount(axis.start)} to ${formatCount(axis.end)}: ${formatShare(comparedShare(axis, uncovered))} compared. ${segments.length === 0 ? 'No match yet.' : 'The bars show where the matches lie.'}`;
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={title}>
      <defs>
        <Hatch id={`${id}-none`} />
        <Hatch id={`${id}-half`} isLight />
      </defs>
      {uncovered.map(({ start, end, level }) => (
        <rect
          key={start}
          x={x(start)}
          y={26}
          width={Math.max(0.5, x(end + 1) - x(start))}
          height={FLOOR - 26}
          fill={`url(#${id}-${level})`}
        />
      ))}
      <path className="axis" d={`M0 ${FLOOR}H${width}`} />
      {bins.map((length, index) => {
        if (length === 0) return null;
        const height = Math.max(3, (length / most) * BAR_MAXIMUM);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place on the axis
            key={index}
            x={(index * width) / bins.length}
            y={FLOOR - height}
            width={BIN_PX - 1}
            height={height}
            fill="var(--mh-ink)"
          />
        );
      })}
      <path
        d={`M${x(window.start)} ${FLOOR + 1}v5H${Math.max(x(window.end), x(window.start) + 4)}v-5`}
        stroke="var(--mh-rust)"
        strokeWidth="2"
        fill="none"
      />
      {ticks(axis.start, axis.end, width < 480 ? 5 : 6).map((value) => (
        <text key={value} x={x(value)} y={HEIGHT - 3} textAnchor={anchorAt(x(value), width)}>
          {formatDecimals(value / unit.divisor, 3)}
        </text>
      ))}
    </svg>
  );
}

/** Keeps labels at the ends inside the strip. */
function anchorAt(place: number, width: number): 'start' | 'middle' | 'end' {
  if (place < 20) return 'start';
  return place > width - 20 ? 'end' : 'middle';
}

/** Summed length of the segments that begin in each bin's part of the axis, shared out where they cross bins. */
function binLengths(segments: readonly Segment[], axis: Interval, binCount: number): number[] {
  const bins = Array.from({ length: binCount }, () => 0);
  const size = (axis.end - axis.start + 1) / binCount;
  for (const segment of segments) {
    const first = Math.max(0, Math.floor((segment.xStart - axis.start) / size));
    const last = Math.min(binCount - 1, Math.floor((segment.xEnd - axis.start) / size));
    for (let bin = first; bin <= last; bin += 1) bins[bin] = (bins[bin] ?? 0) + lengthOf(segment) / (last - first + 1);
  }
  return bins;
}
