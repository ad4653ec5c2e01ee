// Bars over time: from zero, a dashed mean, the unfinished interval in lamp, gaps stay gaps.
import { useId } from 'react';
import { NARROW_PX } from '../common/sized.js';
import { formatCount } from '../format/numbers.js';
import { Hatch } from './hatch.js';
import { countTicks, linear } from './scale.js';

type BarPoint = { readonly startMs: number; readonly value: number };
export type BarSeriesProps = {
  readonly points: readonly BarPoint[];
  /** What a bar counts, with its unit: "units accepted per minute". */
  readonly unit: string;
  /** The finding, for those who do not see the picture. */
  readonly title: string;
  /** Mean of the finished intervals; null before there are any. */
  readonly mean: number | null;
  /** How an instant is written below the bars. */
  readonly formatInstant: (instantMs: number) => string;
  /** What the last bar is: still growing, not known because answers are missing (hatched), or like all others. */
  readonly openEnd: 'running' | 'unknown' | null;
  readonly width: number;
};

const LEFT = 34;
const TOP = 22;
const BOTTOM = 26;

export function BarSeries({ points, unit, title, formatInstant, mean, openEnd, width }: BarSeriesProps) {
  const hatchId = useId();
  const height = width < NARROW_PX ? 200 : 285;
  const floor = height - BOTTOM;
  const levels = countTicks(Math.max(...points.map(({ value }) => value), mean ?? 0, 1), 2);
  const y = linear([0, levels.at(-1) ?? 1], [floor, TOP]);
  const pitch = (width - LEFT) / Math.max(points.length, 1);
  const gap = pitch > 6 ? 2 : 1;
  return (
    <svg width={width} height={height} role="img" aria-label={title}>
      <defs>
        <Hatch id={hatchId} />
      </defs>
      {levels.map((level) => (
        <g key={level}>
          <path className="grid-line" d={`M${LEFT} ${y(level)}H${width}`} />
          <text x={LEFT - 6} y={y(level) + 4.5} textAnchor="end" fill="var(--mh-ink-3)">
            {formatCount(level)}
          </text>
        </g>
      ))}
      <text x="0" y="12">
        {unit}
      </text>
      {points.map(({ startMs, value }, index) => {
        const end = index === points.length - 1 ? openEnd : null;
        const x = LEFT + index * pitch + gap / 2;
        if (end === 'unknown') {
          return (
            <rect key={startMs} x={x} y={TOP} width={pitch - gap} height={floor - TOP} fill={`url(#${hatchId})`} />
          );
        }
        return (
          <rect
            key={startMs}
            className="arrive"
            x={x}
            y={y(value)}
            width={Math.max(1, pitch - gap)}
            height={floor - y(value)}
            fill={end === 'running' ? 'var(--mh-lamp-mark)' : 'var(--mh-pine)'}
          />
        );
      })}
      <path className="axis" d={`M${LEFT} ${floor}H${width}`} />
      {mean !== null && (
        <>
          <path d={`M${LEFT} ${y(mean)}H${width}`} stroke="var(--mh-sheet)" strokeWidth="3" />
          <path d={`M${LEFT} ${y(mean)}H${width}`} stroke="var(--mh-ink)" strokeWidth="1.5" strokeDasharray="5 4" />
        </>
      )}
      {timeTicks(points, width < NARROW_PX ? 2 : 3).map(({ startMs, index }, place, all) => {
        const isFirst = place === 0;
        const isLast = place === all.length - 1 && !isFirst;
        const x = isFirst ? LEFT : isLast ? width : LEFT + (index + 0.5) * pitch;
        return (
          <text key={startMs} x={x} y={height - 6} textAnchor={isFirst ? 'start' : isLast ? 'end' : 'middle'}>
            {formatInstant(startMs)}
          </text>
        );
      })}
    </svg>
  );
}

/** The first and the last interval, and some between. */
function timeTicks(points: readonly BarPoint[], count: number): { startMs: number; index: number }[] {
  const last = points.length - 1;
  const indexes = new Set(Array.from({ length: count + 1 }, (_, k) => Math.round((last * k) / count)));
  return [...indexes].flatMap((index) => {
    const point = points[index];
    return point ? [{ startMs: point.startMs, index }] : [];
  });
}
