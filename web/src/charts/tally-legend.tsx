// What the strokes mean, with the counts.
import type { UnitCounts } from '@manyhands/contract';
import { formatCount } from '../format/numbers.js';
import { listStates, STATE_WORDS, stateCountsOf } from './tally-layout.js';

export function TallyLegend({ counts: unitCounts }: { readonly counts: UnitCounts }) {
  const counts = stateCountsOf(unitCounts);
  return (
    <ul className="legend" aria-label="What the strokes mean">
      {listStates(counts).map((state) => (
        <li key={state}>
          <svg className="tally flex-none" width="20" height="18" aria-hidden="true">
            <path className={`s-${state}`} d="M4 3.5v12M8 2v14M12 1.5v14M16 3v13M1.5 11.5l17-7" />
          </svg>
          <span>
            <b>{formatCount(counts[state])}</b> {STATE_WORDS[state]}
          </span>
        </li>
      ))}
    </ul>
  );
}
