// The figure with the dot plot and the strip of the whole axis below it.
import type { Batch, Presentation } from '@manyhands/contract';
import { useMemo, useState } from 'react';
import type { Polled } from '../api/use-polled.js';
import { Fault } from '../common/fault.js';
import { Figure } from '../common/figure.js';
import { NARROW_PX, Sized } from '../common/sized.js';
import { StaleTag } from '../common/stale-tag.js';
import { Toggles } from '../common/toggles.js';
import { type Findings, NO_FINDINGS } from '../findings/findings.js';
import { formatCount, plural } from '../format/numbers.js';
import { findUncovered } from '../stretches/coverage.js';
import { DotPlot } from './dot-plot.js';
import { focusWindow, mainCluster } from './focus-window.js';
import { GenomeStrip } from './genome-strip.js';

const VIEWS = [
  { value: 'matches', label: 'Around the matches' },
  { value: 'whole', label: 'Everything' },
] as const;

export type AnswerProps = {
  readonly batch: Batch;
  readonly presentation: Presentation;
  readonly findings: Polled<Findings>;
};

export function Answer({ batch, presentation, findings }: AnswerProps) {
  const { segments, windows, undrawnCount } = findings.data ?? NO_FINDINGS;
  const [view, setView] = useState<(typeof VIEWS)[number]['value']>('matches');
  const axis = presentation.x;
  const isDone = batch.state === 'complete' && batch.counts.failed === 0;
  const uncovered = useMemo(
    () => (isDone || windows.length === 0 ? [] : findUncovered(axis, windows)),
    [axis, windows, isDone],
  );
  // Pieces of one thing lie at most its own length apart, unless they are strangers.
  const gap = presentation.y.end - presentation.y.start;
  const cluster = useMemo(() => mainCluster(segments, gap), [segments, gap]);
  const focus = focusWindow(axis, cluster);
  const isEnlargeable = focus.start !== axis.start || focus.end !== axis.end;
  const window = view === 'whole' ? axis : focus;
  return (
    <Figure
      title={batch.state === 'open' ? 'The answer, taking shape' : 'The answer'}
      remark={`${formatCount(batch.counts.accepted)} of ${plural(batch.counts.total, 'unit')} are in`}
      caption={
        <>
          Each line: a stretch that is alike in both. <b>Rising: in the same direction; falling: reversed.</b>{' '}
          {uncovered.length > 0 && 'Hatched: not yet compared; wider hatching: compared in one direction. '}
          {isEnlargeable && view === 'matches' && 'The red bracket below the strip is the part enlarged above. '}
          {undrawnCount > 0 && `${plural(undrawnCount, 'result')} too long to be drawn here. `}
          <a href="#results">See the numbers as a table</a>
        </>
      }
    >
      <StaleTag polled={findings} />
      {findings.error && !findings.data && (
        <Fault
          what="The results"
          safe="Every accepted result is safe with the coordinator."
          error={findings.error}
          onRetry={findings.retry}
        />
      )}
      {isEnlargeable && (
        <div className="mb-4">
          <Toggles label="Part shown" choices={VIEWS} value={view} onChange={setView} />
        </div>
      )}
      <Sized minHeight={540}>
        {(width) => (
          <>
            <DotPlot
              segments={segments}
              uncovered={uncovered}
              window={window}
              cluster={cluster}
              presentation={presentation}
              isLoading={findings.isLoading}
              width={width}
              height={width < NARROW_PX ? 360 : 540}
            />
            {window !== axis && (
              // Where all of the axis is drawn above, the strip would only tell the same again.
              <div className="mt-4">
                <GenomeStrip segments={segments} uncovered={uncovered} axis={axis} window={window} width={width} />
              </div>
            )}
          </>
        )}
      </Sized>
    </Figure>
  );
}
