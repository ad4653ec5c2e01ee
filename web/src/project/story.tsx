// How the batch went over its whole life, and who helped: kept when it has ended.
import type { Batch, BatchStory } from '@manyhands/contract';
import type { Polled } from '../api/use-polled.js';
import { Fault } from '../common/fault.js';
import { RowsLoading } from '../common/rows-loading.js';
import { HandList } from './hand-list.js';
import { Pace } from './pace.js';

export function Story({ story, batch }: { readonly story: Polled<BatchStory>; readonly batch: Batch }) {
  const { data, error, news } = story;
  if (!data) {
    return (
      <div className="page">
        {error ? (
          <Fault
            what="The story of this batch"
            safe="Credit and results are safe."
            error={error}
            onRetry={story.retry}
          />
        ) : (
          <RowsLoading rowCount={6} />
        )}
      </div>
    );
  }
  const isStale = news !== 'current';
  const isOpen = batch.state === 'open';
  return (
    <div className="page grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:gap-12">
      <Pace throughput={data.throughput} batch={batch} isStale={isStale} />
      <HandList hands={data.hands} situation={{ isOpen, isStale, quorum: batch.quorum }} />
    </div>
  );
}
