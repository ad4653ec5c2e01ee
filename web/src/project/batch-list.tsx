// The batches of a project: each with its state, its dates and how far it came.
import type { Batch, Project } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { StateBar } from '../charts/state-bar.js';
import { Tag, type TagKind } from '../common/tag.js';
import { formatCount, plural } from '../format/numbers.js';
import { formatDate, formatWhen } from '../format/times.js';
import { stateInWords } from './batch-words.js';

/** The overview tells of so many, the newest. */
const LISTED_MAXIMUM = 20;

export type BatchListProps = {
  readonly project: Project;
  readonly batches: readonly Batch[];
  readonly batch: Batch | undefined;
  readonly nowMs: number;
};

export function BatchList({ project, batches, batch, nowMs }: BatchListProps) {
  return (
    <>
      <h2 id="batches" className="mb-2">
        {batches.length === 1 ? 'Its batch' : 'Its batches'}
      </h2>
      {batches.length === 0 && <p className="text-sm text-ink-2">No work has been submitted yet.</p>}
      <ul>
        {batches.map((one) => (
          <li key={one.batchId} className="border-b border-line py-3">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <Link
                to="/projects/$projectId"
                params={{ projectId: project.projectId }}
                search={{ batch: one.batchId }}
                aria-current={one.batchId === batch?.batchId ? 'true' : undefined}
                className="font-semibold [overflow-wrap:anywhere] aria-[current]:text-ink aria-[current]:no-underline"
              >
                {one.name}
              </Link>
              <span className="flex items-center gap-3 text-sm text-ink-2">
                {formatCount(one.counts.accepted)} of {plural(one.counts.total, 'unit')}
                <Tag kind={TAGS[one.state]}>{stateInWords(one)}</Tag>
              </span>
            </p>
            <div className="my-2">
              <StateBar counts={one.counts} />
            </div>
            <p className="text-xs text-ink-3">{datesOf(one, nowMs)}</p>
          </li>
        ))}
      </ul>
      {batches.length >= LISTED_MAXIMUM && (
        <p className="mt-3 text-sm text-ink-3">
          The newest {LISTED_MAXIMUM} are listed.{' '}
          <a href={`/api/v1/projects/${project.projectId}/batches`}>All, as JSON</a>
        </p>
      )}
    </>
  );
}

const TAGS: Readonly<Record<Batch['state'], TagKind>> = {
  open: 'running',
  complete: 'ok',
  cancelled: 'plain',
  expired: 'plain',
};

/** "submitted at 14:04, finished at 14:06". */
export function datesOf(batch: Batch, nowMs: number): string {
  const submitted = `submitted ${formatWhen(batch.submittedAtMs, nowMs)}`;
  if (batch.completedAtMs === null) return submitted;
  const isSameDay = formatDate(batch.submittedAtMs) === formatDate(batch.completedAtMs);
  // On one day long past the date says it once.
  const end =
    isSameDay && formatWhen(batch.completedAtMs, nowMs).startsWith('on')
      ? 'the same day'
      : formatWhen(batch.completedAtMs, nowMs);
  return `${submitted}, ${stateInWords(batch)} ${end}`;
}
