// What is asked, why, and how to help.
import type { Batch, ProjectOverview } from '@manyhands/contract';
import { uncheckedInWords } from '@manyhands/contract/words';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Polled } from '../api/use-polled.js';
import { LiveMark } from '../common/live-mark.js';
import { Note } from '../common/note.js';
import { StaleTag } from '../common/stale-tag.js';
import { Tag } from '../common/tag.js';
import { situationInWords } from './batch-words.js';
import { holdUpOf, isLive, joinName, paragraphsOf, questionOf } from './project-facts.js';

export type HeroProps = {
  readonly overview: ProjectOverview;
  readonly polled: Polled<ProjectOverview>;
  readonly batch: Batch | undefined;
  readonly children?: ReactNode;
};

export function Hero({ overview, polled, batch, children }: HeroProps) {
  const { project, nowMs } = overview;
  const { lead, rest } = paragraphsOf(project.description);
  const holdUp = holdUpOf(project);
  const unchecked = batch && uncheckedInWords(batch);
  const situation = batch ? situationInWords(batch, nowMs) : 'Nothing submitted yet';
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <LiveMark isLive={isLive(project, batch) && polled.news === 'current'}>{holdUp?.title ?? situation}</LiveMark>
        <StaleTag polled={polled} />
        {unchecked && <Tag kind="checking">unverified: {unchecked}</Tag>}
      </div>
      {project.question && project.title && (
        <p className="font-semibold text-ink-2" dir="auto">
          {project.title}
        </p>
      )}
      <h1 className={`tracking-[-0.022em] ${isLong(questionOf(project)) ? 'text-2xl' : 'text-3xl'}`} dir="auto">
        {questionOf(project)}
      </h1>
      {lead && (
        <p className="max-w-[62ch] text-lg text-ink-2" dir="auto">
          {lead}
        </p>
      )}
      {rest.map((paragraph) => (
        <p key={paragraph} className="max-w-[62ch] text-ink-2" dir="auto">
          {paragraph}
        </p>
      ))}
      {holdUp && (
        <Note kind="info" title={holdUp.title}>
          {holdUp.text}
        </Note>
      )}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Link to="/join" search={{ project: joinName(project) }} className="btn go">
          Lend a hand
        </Link>
        <span className="text-sm text-ink-3">No account needed. Stops the moment you say so.</span>
      </p>
      {children}
    </div>
  );
}

/** Questions longer than this would fill the screen in the largest letters. */
const LARGE_MAXIMUM_CHARACTERS = 120;

function isLong(question: string): boolean {
  return question.length > LARGE_MAXIMUM_CHARACTERS;
}
