// The dot plot: every stretch as a line between its two places. Drawn in real pixels for the width it is given.
import type { Presentation } from '@manyhands/contract';
import { useId } from 'react';
import { fitText } from '../charts/fit-text.js';
import { Hatch } from '../charts/hatch.js';
import { axisUnit, linear, ticks } from '../charts/scale.js';
import { NARROW_PX } from '../common/sized.js';
import { formatCount, formatDecimals } from '../format/numbers.js';
import type { Interval, Uncovered } from '../stretches/coverage.js';
import type { Segment } from '../stretches/segments.js';
import { plotTitle } from './plot-title.js';

export type DotPlotProps = {
  readonly segments: readonly Segment[];
  readonly uncovered: readonly Uncovered[];
  /** The part of the x axis that is shown. */
  readonly window: Interval;
  /** Where most matches lie together; gets a bracket. */
  readonly cluster: Interval | null;
  readonly presentation: Presentation;
  readonly isLoading: boolean;
  readonly width: number;
  readonly height: number;
};

const TOP = 60;
const BOTTOM = 46;
const RIGHT = 8;

export function DotPlot(props: DotPlotProps) {
  const { segments, uncovered, window, cluster, presentation, isLoading, width, height } = props;
  const id = useId();
  const isNarrow = width < NARROW_PX;
  const xUnit = axisUnit(window.end);
  const yUnit = axisUnit(presentation.y.end);
  const left = isNarrow ? 32 : 40;
  const floor = height - BOTTOM;
  const x = linear([window.start, window.end], [left, width - RIGHT]);
  const y = linear([presentation.y.start, presentation.y.end], [floor, TOP]);
  const clampX = (value: number) => x(Math.min(Math.max(value, window.start), window.end));
  const shown = segments.filter(({ xStart, xEnd }) => xEnd >= window.start && xStart <= window.end);
  return (
    <svg width={width} height={height} role="img" aria-label={plotTitle(presentation, segments)}>
      <defs>
        <Hatch id={`${id}-none`} />
        <Hatch id={`${id}-half`} isLight />
        <clipPath id={`${id}-clip`}>
          <rect x={left - 2} y={TOP - 2} width={width - left - RIGHT + 4} height={floor - TOP + 4} />
        </clipPath>
      </defs>
      <text x="0" y="13">
        {axisTitle(presentation.y.label, yUnit.word, width)}
      </text>
      {/* Places count from 1; the tick of the first one is written 0 like every round number. */}
      {ticks(presentation.y.start - 1, presentation.y.end, 5).map((value) => (
        <g key={value}>
          <path className="grid-line" d={`M${left} ${y(value)}H${width - RIGHT}`} />
          <text x={left - 7} y={y(value) + 4.5} textAnchor="end">
            {formatDecimals(value / yUnit.divisor, 2)}
          </text>
        </g>
      ))}
      {uncovered.map(({ start, end, level }) => (
        <rect
          key={start}
          x={clampX(start)}
          y={TOP}
          width={Math.max(0, clampX(end) - clampX(start))}
          height={floor - TOP}
          fill={`url(#${id}-${level})`}
        />
      ))}
      <path className="axis" d={`M${left} ${TOP}V${floor}H${width - RIGHT}`} />
      {ticks(window.start, window.end, isNarrow ? 5 : 7).map((value) => (
        <g key={value}>
          <path className="axis" d={`M${x(value)} ${floor}v5`} />
          <text x={x(value)} y={floor + 19} textAnchor={x(value) > width - 24 ? 'end' : 'middle'}>
            {formatDecimals(value / xUnit.divisor, 3)}
          </text>
        </g>
      ))}
      <text x={(left + width - RIGHT) / 2} y={height - 5} textAnchor="middle">
        {axisTitle(presentation.x.label, xUnit.word, width - left)}
      </text>
      <g clipPath={`url(#${id}-clip)`} stroke="var(--mh-ink)" strokeWidth="3.4" strokeLinecap="round" fill="none">
        {/* Overlapping units find the same piece twice; it is one line. */}
        {[...new Set(shown.map((segment) => line(segment, x, y)))].map((d) => (
          <path key={d} className="arrive" d={d} />
        ))}
      </g>
      {cluster && cluster.end >= window.start && cluster.start <= window.end && (
        <Bracket from={clampX(cluster.start)} to={clampX(cluster.end)} width={width} text={rangeText(cluster)} />
      )}
      {isLoading && (
        <text x={(left + width) / 2} y={(TOP + floor) / 2} textAnchor="middle">
          Fetching…
        </text>
      )}
    </svg>
  );
}

/** "place in phage lambda, thousands"; a label that would not fit into the picture is cut. */
function axisTitle(label: string, unit: string, widthPx: number): string {
  const end = unit === '' ? '' : `, ${unit}s`;
  const start = 'place in ';
  return `${start}${fitText(label, widthPx, start.length + end.length)}${end}`;
}

function rangeText({ start, end }: Interval): string {
  return `${formatCount(start)} to ${formatCount(end)}`;
}

function line(segment: Segment, x: (value: number) => number, y: (value: number) => number): string {
  const { xStart, xEnd, yStart, yEnd, strand } = segment;
  const [from, to] = strand === '+' ? [yStart, yEnd] : [yEnd, yStart];
  return `M${x(xStart).toFixed(1)} ${y(from).toFixed(1)}L${x(xEnd).toFixed(1)} ${y(to).toFixed(1)}`;
}

type BracketProps = { readonly from: number; readonly to: number; readonly width: number; readonly text: string };

/** Where most of it lies, with its label kept inside the picture. */
function Bracket({ from, to, width, text }: BracketProps) {
  const halfLabel = text.length * 3.7;
  const middle = Math.min(Math.max((from + to) / 2, halfLabel), width - halfLabel);
  return (
    <>
      <path d={`M${from} 54v-6H${Math.max(to, from + 4)}v6`} fill="none" stroke="var(--mh-rust)" strokeWidth="2" />
      <text x={middle} y="40" textAnchor="middle" style={{ fontWeight: 700, fill: 'var(--mh-ink)' }}>
        {text}
      </text>
    </>
  );
}
