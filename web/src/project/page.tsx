// Home and project page in one: the question being asked here, and how far its answer is.
import { useParams, useSearch } from '@tanstack/react-router';
import { useOverview, useProjects } from '../api/questions.js';
import { RequestError } from '../api/request.js';
import { Fault } from '../common/fault.js';
import { NotFound } from '../shell/not-found.js';
import { NoProjects } from './no-projects.js';
import { ProjectLoading } from './project-loading.js';
import { ProjectView } from './project-view.js';

const SAFE = 'Computing goes on, and every accepted result is safe.';

export function ProjectPage() {
  const { projectId } = useParams({ strict: false });
  const { batch: batchId } = useSearch({ strict: false });
  const projects = useProjects();
  const active = projects.data?.filter(({ state }) => state === 'active') ?? [];
  const newest = [...(active.length > 0 ? active : (projects.data ?? []))].sort(
    (left, right) => right.createdAtMs - left.createdAtMs,
  )[0];
  const chosenId = projectId ?? newest?.projectId;
  const overview = useOverview(chosenId);

  if (overview.data) {
    return (
      <ProjectView
        key={chosenId}
        overview={overview.data}
        projects={projects.data ?? []}
        batchId={batchId}
        isStale={overview.isStale}
        asOfMs={overview.asOfMs}
      />
    );
  }
  if (overview.error instanceof RequestError && overview.error.status === 404) return <NotFound />;
  if (projects.data?.length === 0 && !projectId) return <NoProjects />;
  const failed = [overview, ...(chosenId ? [] : [projects])].find(({ error }) => error !== null);
  if (failed?.error) {
    return (
      <div className="page py-12">
        <h1>What is being computed here</h1>
        <Fault what="The project" safe={SAFE} error={failed.error} onRetry={failed.retry} />
      </div>
    );
  }
  return <ProjectLoading />;
}
