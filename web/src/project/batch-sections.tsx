// Everything about the chosen batch, in the order in which a reader asks.
import type { Batch, ProjectOverview } from '@manyhands/contract';
import { useStory } from '../api/questions.js';
import type { Polled } from '../api/use-polled.js';
import { Answer } from '../dot-plot/answer.js';
import { StretchTable } from '../dot-plot/stretch-table.js';
import { useFindings } from '../findings/use-findings.js';
import { FailureTable } from './failure-table.js';
import { Hero } from './hero.js';
import { Progress } from './progress.js';
import { SoFar } from './so-far.js';
import { Story } from './story.js';

export type BatchSectionsProps = {
  readonly overview: ProjectOverview;
  readonly polled: Polled<ProjectOverview>;
  readonly batch: Batch;
};

export const SECTION = 'border-t border-line py-8 sm:py-12';

export function BatchSections({ overview, polled, batch }: BatchSectionsProps) {
  const findings = useFindings(batch);
  const story = useStory(batch);
  const { presentation } = batch;
  return (
    <>
      <div
        className={`page grid grid-cols-[minmax(0,1fr)] items-start gap-8 py-6 lg:gap-12 lg:py-12 ${presentation ? 'lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]' : ''}`}
      >
        <Hero overview={overview} polled={polled} batch={batch}>
          {presentation && <SoFar batch={batch} presentation={presentation} findings={findings.data} />}
        </Hero>
        {presentation && <Answer batch={batch} presentation={presentation} findings={findings} />}
      </div>
      <section aria-labelledby="progress" className={SECTION}>
        <Progress batch={batch} story={story.data} nowMs={overview.nowMs} />
      </section>
      <section aria-label="Pace and people" className={SECTION}>
        <Story story={story} batch={batch} />
      </section>
      {presentation && (
        <section aria-labelledby="results" className={SECTION}>
          <StretchTable batch={batch} presentation={presentation} findings={findings} />
        </section>
      )}
      {batch.counts.failed > 0 && (
        <section aria-labelledby="failures" className={SECTION}>
          <FailureTable project={overview.project} batch={batch} findings={findings} />
        </section>
      )}
    </>
  );
}
