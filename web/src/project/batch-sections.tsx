// Everything about the chosen batch, in the order in which a reader asks.
import type { Batch, Project, ProjectOverview } from '@manyhands/contract';
import { useFindings } from '../api/use-findings.js';
import { Answer } from './answer.js';
import { FailureTable } from './failure-table.js';
import type { Freshness } from './freshness.js';
import { HandList } from './hand-list.js';
import { Hero } from './hero.js';
import { JoinTeaser } from './join-teaser.js';
import { Pace } from './pace.js';
import { Progress } from './progress.js';
import { sinceStart } from './since-start.js';
import { SoFar } from './so-far.js';
import { StretchTable } from './stretch-table.js';

export type BatchSectionsProps = {
  readonly overview: ProjectOverview;
  readonly projects: readonly Project[];
  readonly batch: Batch;
  readonly freshness: Freshness;
};

const SECTION = 'border-t border-line py-8 sm:py-12';

export function BatchSections({ overview, projects, batch, freshness }: BatchSectionsProps) {
  const findings = useFindings(batch);
  const { presentation } = batch;
  const { throughput, hands, nowMs } = overview;
  return (
    <>
      <div
        className={`page grid gap-8 py-6 lg:gap-12 lg:py-12 ${presentation ? 'lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]' : ''}`}
      >
        <Hero overview={overview} projects={projects} batch={batch} freshness={freshness}>
          {presentation && <SoFar batch={batch} presentation={presentation} findings={findings.data} />}
        </Hero>
        {presentation && <Answer batch={batch} presentation={presentation} findings={findings} />}
      </div>
      <section aria-labelledby="progress" className={SECTION}>
        <Progress batch={batch} throughput={throughput} nowMs={nowMs} />
      </section>
      <section aria-label="Live figures" className={SECTION}>
        <div className="page grid gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:gap-12">
          <Pace throughput={sinceStart(throughput, overview.batches)} batch={batch} isStale={freshness.isStale} />
          <HandList hands={hands} isStale={freshness.isStale} />
        </div>
      </section>
      {presentation && (
        <section aria-labelledby="results" className={SECTION}>
          <StretchTable batch={batch} presentation={presentation} findings={findings} />
        </section>
      )}
      {batch.counts.failed > 0 && (
        <section aria-labelledby="failures" className={SECTION}>
          <FailureTable batch={batch} findings={findings} />
        </section>
      )}
      <section aria-labelledby="meaning" className={SECTION}>
        <JoinTeaser />
      </section>
    </>
  );
}
