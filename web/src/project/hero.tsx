// What is asked, why, and how to help.
import type { Batch, Project, ProjectOverview } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LiveMark } from '../common/live-mark.js';
import { StaleTag } from '../common/stale-tag.js';
import { Tag } from '../common/tag.js';
import { formatDuration } from '../format/times.js';
import type { Freshness } from './freshness.js';
import { Picker } from './picker.js';

export type HeroProps = {
  readonly overview: ProjectOverview;
  readonly projects: readonly Project[];
  readonly batch: Batch | undefined;
  readonly freshness: Freshness;
  readonly children?: ReactNode;
};

export function Hero({ overview, projects, batch, freshness, children }: HeroProps) {
  const { project, batches, nowMs } = overview;
  const [lead, ...rest] = project.description.split(/\n+/).filter((paragraph) => paragraph.trim() !== '');
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <LiveMark isLive={batch?.state === 'open' && project.state === 'active' && !freshness.isStale}>
          {situation(project, batch, nowMs)}
        </LiveMark>
        {freshness.isStale && <StaleTag asOfMs={freshness.asOfMs} />}
        {batch && !batch.isVerified && <Tag kind="checking">unverified: one computer a unit</Tag>}
      </div>
      {project.question && project.title && <p className="font-semibold text-ink-2">{project.title}</p>}
      <h1 className="text-3xl tracking-[-0.022em]">{project.question || project.title}</h1>
      {lead && <p className="max-w-[62ch] text-lg text-ink-2">{lead}</p>}
      {rest.map((paragraph) => (
        <p key={paragraph} className="max-w-[62ch] text-ink-2">
          {paragraph}
        </p>
      ))}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Link to="/join" className="btn go">
          Lend a hand
        </Link>
        <span className="text-sm text-ink-3">No account needed. Stops the moment you say so.</span>
      </p>
      <Picker project={project} projects={projects} batch={batch} batches={batches} />
      {children}
    </div>
  );
}

function situation(project: Project, batch: Batch | undefined, nowMs: number): string {
  if (project.state === 'pending') return 'Waiting for the operator’s approval';
  if (project.state === 'paused') return 'Paused by the operator; nothing is lost';
  if (!batch) return 'Nothing submitted yet';
  if (batch.state !== 'open') return `Batch ${batch.name}, ${batch.state === 'complete' ? 'finished' : 'ended'}`;
  return `Happening now · batch ${batch.name}, ${formatDuration(nowMs - batch.submittedAtMs, 1)} old`;
}
