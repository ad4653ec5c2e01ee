// One project with one of its batches chosen: question, answer so far, progress, pace, hands.
import type { Batch, Project, ProjectOverview } from '@manyhands/contract';
import { Announcer } from '../common/announcer.js';
import { PageTitle } from '../common/page-title.js';
import { BatchSections } from './batch-sections.js';
import { headline } from './batch-words.js';
import { Hero } from './hero.js';

export type ProjectViewProps = {
  readonly overview: ProjectOverview;
  readonly projects: readonly Project[];
  /** The batch named in the address, if any. */
  readonly batchId: string | undefined;
  readonly isStale: boolean;
  readonly asOfMs: number;
};

export function ProjectView({ overview, projects, batchId, isStale, asOfMs }: ProjectViewProps) {
  const { project, batches } = overview;
  const batch: Batch | undefined = batches.find((one) => one.batchId === batchId) ?? batches[0];
  const freshness = { isStale, asOfMs };
  return (
    <>
      <PageTitle text={project.question || project.title} />
      <Announcer text={batch ? headline(batch) : 'No work has been submitted yet.'} />
      {batch ? (
        <BatchSections overview={overview} projects={projects} batch={batch} freshness={freshness} />
      ) : (
        <div className="page py-8 lg:py-12">
          <Hero overview={overview} projects={projects} batch={undefined} freshness={freshness}>
            <p className="text-sm text-ink-2">
              No work has been submitted yet. Progress and results appear here as soon as there is some.
            </p>
          </Hero>
        </div>
      )}
    </>
  );
}
