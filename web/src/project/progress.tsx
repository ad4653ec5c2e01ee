// How far the batch is: headline, estimate, tally field, counts in words.
import type { Batch, ProjectOverview } from '@manyhands/contract';
import { TallyField } from '../charts/tally-field.js';
import { TallyLegend } from '../charts/tally-legend.js';
import { Sized } from '../common/sized.js';
import { endInWords, headline } from './batch-words.js';
import { estimateInWords, estimateLeft } from './estimate.js';

export type ProgressProps = {
  readonly batch: Batch;
  readonly throughput: ProjectOverview['throughput'];
  readonly nowMs: number;
};

export function Progress({ batch, throughput, nowMs }: ProgressProps) {
  return (
    <div className="page space-y-4">
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="progress">{headline(batch)}</h2>
        <p className="text-ink-2">
          <TimeLeft batch={batch} throughput={throughput} nowMs={nowMs} />
        </p>
      </div>
      <Sized minHeight={63}>{(width) => <TallyField counts={batch.counts} width={width} />}</Sized>
      <TallyLegend counts={batch.counts} />
    </div>
  );
}

function TimeLeft({ batch, throughput, nowMs }: ProgressProps) {
  const end = endInWords(batch, nowMs);
  if (end || batch.state !== 'open') return end;
  const { waiting, running, checking } = batch.counts;
  const estimate = estimateLeft(waiting + running + checking, throughput);
  if (!estimate) return <span className="text-ink-3">Too early to say how long it will take</span>;
  const { about, range } = estimateInWords(estimate);
  return (
    <>
      {about} <span className="text-ink-3">({range})</span>
    </>
  );
}
