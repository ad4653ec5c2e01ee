// How far something is, in one bar where there is no room for strokes. A picture only: the counts stand beside it.
import type { UnitCounts } from '@manyhands/contract';
import { useId } from 'react';
import { Hatch } from './hatch.js';
import { STATE_ORDER, type StrokeState, stateCountsOf } from './tally-layout.js';

const HEIGHT = 10;
/** No state that has a unit is too thin to be seen, per cent. */
const SHARE_MINIMUM = 0.8;

export type Segment = { readonly state: StrokeState; readonly from: number; readonly width: number };

/** The parts of the bar in per cent of its width; together they fill it. Empty without units. */
export function layOutBar(unitCounts: UnitCounts): Segment[] {
  const counts = stateCountsOf(unitCounts);
  const states = STATE_ORDER.filter((state) => counts[state] > 0);
  const sum = states.reduce((total, state) => total + counts[state], 0);
  const raised = states.map((state) => Math.max(SHARE_MINIMUM, (counts[state] / sum) * 100));
  const scale = 100 / raised.reduce((total, width) => total + width, 0);
  let from = 0;
  return states.map((state, index) => {
    const width = (raised[index] ?? 0) * scale;
    const segment = { state, from, width };
    from += width;
    return segment;
  });
}

const FILLS: Readonly<Partial<Record<StrokeState, string>>> = {
  accepted: 'var(--mh-pine)',
  failed: 'var(--mh-rust)',
  checking: 'var(--mh-sky)',
  running: 'var(--mh-lamp-mark)',
  held: 'var(--mh-edge)',
  waiting: 'var(--mh-wash)',
};

export function StateBar({ counts }: { readonly counts: UnitCounts }) {
  const hatchId = useId();
  return (
    <svg className="mark block w-full" height={HEIGHT} aria-hidden="true">
      <defs>
        <Hatch id={hatchId} />
      </defs>
      <rect width="100%" height={HEIGHT} rx="3" fill="var(--mh-wash)" />
      {layOutBar(counts).map(({ state, from, width }) => (
        // What was ended without a result is hatched: it is neither done nor a failure.
        <rect
          key={state}
          x={`${from.toFixed(2)}%`}
          width={`${width.toFixed(2)}%`}
          height={HEIGHT}
          fill={FILLS[state] ?? `url(#${hatchId})`}
        />
      ))}
    </svg>
  );
}
