// How far the batch is: headline, estimate, tally field, counts in words.
import type { Batch, BatchStory } from '@manyhands/contract';
import { type TimeLeft as Memory, openCounts, sentenceOf, waitingForNetworkInWords } from '@manyhands/contract/words';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { TallyField } from '../charts/tally-field.js';
import { TallyLegend } from '../charts/tally-legend.js';
import { Note } from '../common/note.js';
import { Sized } from '../common/sized.js';
import { plural } from '../format/numbers.js';
import { endInWords, headline } from './batch-words.js';
import { estimateInWords, estimateOf, watch } from './estimate.js';
import { loneAnswers, waitingInWords } from './hand-words.js';

export type ProgressProps = {
  readonly batch: Batch;
  /** Undefined while it is on its way. */
  readonly story: BatchStory | undefined;
  readonly nowMs: number;
};

export function Progress({ batch, story, nowMs }: ProgressProps) {
  const { held } = openCounts(batch.counts);
  const waitsFor = waitingForNetworkInWords(batch);
  const waiting = batch.state === 'open' ? loneAnswers(story?.hands ?? [], batch.quorum) : 0;
  return (
    <div className="page space-y-4">
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="progress">{headline(batch)}</h2>
        <p className="text-ink-2">
          <TimeLeft batch={batch} story={story} nowMs={nowMs} />
        </p>
      </div>
      <Sized minHeight={63}>{(width) => <TallyField counts={batch.counts} width={width} />}</Sized>
      <TallyLegend counts={batch.counts} />
      {held > 0 && (
        <Note kind="info" title={`${plural(held, 'unit is', 'units are')} held`}>
          {sentenceOf('MH-VAL-008')}
        </Note>
      )}
      {waitsFor && (
        <Note kind="info" title="Waiting for another network">
          {waitsFor}
        </Note>
      )}
      {waiting > 0 && (
        <Note kind="info" title={waitingInWords(waiting, batch.quorum)}>
          A unit counts once the computers of {batch.quorum === 2 ? 'two' : batch.quorum} people give the same answer.{' '}
          <Link to="/join">Lend a hand</Link>
        </Note>
      )}
    </div>
  );
}

function TimeLeft({ batch, story, nowMs }: ProgressProps) {
  if (batch.state !== 'open') return endInWords(batch, nowMs);
  return story ? <Estimate key={batch.batchId} batch={batch} story={story} /> : <Unknown />;
}

function Unknown() {
  return <span className="text-ink-3">Time left unknown</span>;
}

/** Remembers what it said: the time left rises by no more than the time that passed. */
function Estimate({ batch, story }: { readonly batch: Batch; readonly story: BatchStory }) {
  const [memory, setMemory] = useState<Memory>(() => watch(null, batch, story));
  const next = watch(memory, batch, story);
  if (next !== memory) setMemory(next);
  const estimate = estimateOf(next);
  if (!estimate || estimate.middleMs === 0) return <Unknown />;
  const { about, range } = estimateInWords(estimate);
  return (
    <>
      {about} <span className="text-ink-3">({range})</span>
    </>
  );
}
