// A project's page: the question being asked, and how far its answer is.
import { useParams, useSearch } from '@tanstack/react-router';
import { useOlderBatch, useOverview } from '../api/questions.js';
import { isNotFound } from '../api/request.js';
import { Fault } from '../common/fault.js';
import { PageTitle } from '../common/page-title.js';
import { NotFound } from '../shell/not-found.js';
import { chooseBatch } from './choose-batch.js';
import { ProjectLoading } from './project-loading.js';
import { ProjectView } from './project-view.js';

const SAFE = 'Computing continues, and every accepted result is safe.';

export function ProjectPage() {
  const { projectId } = useParams({ from: '/projects/$projectId' });
  const { batch: batchId } = useSearch({ from: '/projects/$projectId' });
  const overview = useOverview(projectId);
  const chosen = chooseBatch(overview.data?.batches ?? [], batchId);
  const older = useOlderBatch(overview.data && chosen.kind === 'older' ? chosen.batchId : null);

  if (isNotFound(overview.error) && !overview.data) return <NotFound />;
  if (chosen.kind === 'older' && isNotFound(older.error)) return <NotFound />;
  const failed = [overview, older].find(({ error, data }) => error !== null && !data);
  if (failed?.error) {
    return (
      <div className="page py-12">
        <PageTitle text="A project" />
        <h1>What is being computed here</h1>
        <Fault what="The project" safe={SAFE} error={failed.error} onRetry={failed.retry} />
      </div>
    );
  }
  if (!overview.data || older.isLoading) return <ProjectLoading />;
  // A batch of another project has no place on this page.
  if (older.data && older.data.projectId !== projectId) return <NotFound />;
  const batch = chosen.kind === 'listed' ? chosen.batch : older.data;
  return <ProjectView key={projectId} overview={overview.data} polled={overview} batch={batch} />;
}
