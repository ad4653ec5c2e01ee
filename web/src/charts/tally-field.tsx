// The progress bar of the project: one stroke a unit, five a hand.
import type { UnitCounts } from '@manyhands/contract';
import { memo } from 'react';
import { formatCount } from '../format/numbers.js';
import { layOutTally, listStates, STATE_WORDS, stateCountsOf } from './tally-layout.js';

const GROUP_WIDTH = 22;
const ROW_HEIGHT = 21;
const ROWS_MAXIMUM = { wide: 8, narrow: 5 };
/** With few units the strokes are drawn larger. */
const LARGE_SCALE = 2;
const STROKES = ['M4 3.5v12', 'M8 2v14', 'M12 1.5v14', 'M16 3v13', 'M1.5 11.5l17-7'];

/** "811 accepted, 3 failed, ...". */
function countsInWords(unitCounts: UnitCounts): string {
  const counts = stateCountsOf(unitCounts);
  return listStates(counts)
    .map((state) => `${formatCount(counts[state])} ${STATE_WORDS[state]}`)
    .join(', ');
}

/** One hand of five. A stroke whose state changed is a new element and settles in. */
const Hand = memo(function Hand({ states, x, y }: { readonly states: string; readonly x: number; readonly y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      {states.split(' ').map((state, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stroke is its place in the hand and its state
        <path key={`${index}-${state}`} className={`s-${state} arrive`} d={STROKES[index]} />
      ))}
    </g>
  );
});

export type TallyFieldProps = { readonly counts: UnitCounts; readonly width: number };

export function TallyField({ counts, width }: TallyFieldProps) {
  const rowsMaximum = width < 640 ? ROWS_MAXIMUM.narrow : ROWS_MAXIMUM.wide;
  const handsInRow = Math.max(1, Math.floor(width / GROUP_WIDTH));
  const { groups, unitsPerStroke } = layOutTally(counts, handsInRow * 5 * rowsMaximum);
  const scale = groups.length * GROUP_WIDTH * LARGE_SCALE <= width * 1.5 ? LARGE_SCALE : 1;
  const perRow = Math.max(1, Math.floor(handsInRow / scale));
  const height = Math.max(1, Math.ceil(groups.length / perRow)) * ROW_HEIGHT * scale;
  return (
    <>
      <svg className="tally" width={width} height={height} role="img" aria-label={countsInWords(counts)}>
        <g transform={`scale(${scale})`}>
          {groups.map((states, index) => (
            <Hand
              // biome-ignore lint/suspicious/noArrayIndexKey: a hand is its place in the field
              key={index}
              states={states.join(' ')}
              x={(index % perRow) * GROUP_WIDTH}
              y={Math.floor(index / perRow) * ROW_HEIGHT}
            />
          ))}
        </g>
      </svg>
      <p className="mt-4 text-xs text-ink-3">
        {unitsPerStroke === 1 ? 'One stroke is one unit.' : `One stroke is about ${formatCount(unitsPerStroke)} units.`}
      </p>
    </>
  );
}
