// One project with one of its batches chosen: question, answer so far, progress, pace, hands, terms.
import type { Batch, ProjectOverview } from '@manyhands/contract';
import type { Polled } from '../api/use-polled.js';
import { Announcer } from '../common/announcer.js';
import { PageTitle } from '../common/page-title.js';
import { About } from './about.js';
import { BatchSections, SECTION } from './batch-sections.js';
import { headline } from './batch-words.js';
import { Hero } from './hero.js';
import { JoinTeaser } from './join-teaser.js';
import { OtherQuestions } from './other-questions.js';
import { questionOf } from './project-facts.js';

export type ProjectViewProps = {
  readonly overview: ProjectOverview;
  readonly polled: Polled<ProjectOverview>;
  /** Undefined where nothing was submitted. */
  readonly batch: Batch | undefined;
};

export function ProjectView({ overview, polled, batch }: ProjectViewProps) {
  const { project, batches, nowMs, sharedNetworks } = overview;
  return (
    <>
      <PageTitle text={questionOf(project)} />
      <Announcer text={batch ? headline(batch) : 'No work has been submitted yet.'} />
      {batch ? (
        <BatchSections key={batch.batchId} overview={overview} polled={polled} batch={batch} />
      ) : (
        <div className="page py-8 lg:py-12">
          <Hero overview={overview} polled={polled} batch={undefined}>
            <p className="text-sm text-ink-2">
              No work has been submitted yet. Progress and results appear here as soon as there is some.
            </p>
          </Hero>
        </div>
      )}
      <section aria-labelledby="about" className={SECTION}>
        <About project={project} batches={batches} batch={batch} nowMs={nowMs} sharedNetworks={sharedNetworks} />
      </section>
      <section aria-labelledby="meaning" className={SECTION}>
        <JoinTeaser project={project} />
      </section>
      <OtherQuestions projectId={project.projectId} />
    </>
  );
}
