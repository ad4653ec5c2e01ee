// One question of the list: what is asked, by whom, how far the answer is.
import type { Question } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { StateBar } from '../charts/state-bar.js';
import { TallyField } from '../charts/tally-field.js';
import { LiveMark } from '../common/live-mark.js';
import { Sized } from '../common/sized.js';
import { paragraphsOf, questionOf } from '../project/project-facts.js';
import {
  activityInWords,
  invitationTo,
  isAtWork,
  peopleInWords,
  progressInWords,
  termsInWords,
} from '../project/question-words.js';

export type QuestionItemProps = {
  readonly question: Question;
  readonly nowMs: number;
  /** Whether its figures are up to date. */
  readonly isFresh: boolean;
  /** The busiest one is told at greater length. */
  readonly isFirst: boolean;
};

export function QuestionItem({ question, nowMs, isFresh, isFirst }: QuestionItemProps) {
  const { project, counts } = question;
  const asked = questionOf(project);
  const { lead } = paragraphsOf(project.description);
  const invitation = invitationTo(question);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-4 border-t border-line py-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
      <div>
        <LiveMark isLive={isFresh && isAtWork(question)}>{activityInWords(question, nowMs)}</LiveMark>
        <h2 className={`mt-2 ${isFirst ? '' : 'text-lg'}`} dir="auto">
          <Link
            to="/projects/$projectId"
            params={{ projectId: project.projectId }}
            className="text-ink no-underline hover:underline"
          >
            {asked}
          </Link>
        </h2>
        {lead && (
          <p className={`mt-2 max-w-[62ch] text-ink-2 ${isFirst ? 'line-clamp-6' : 'line-clamp-2 text-sm'}`} dir="auto">
            {lead}
          </p>
        )}
        <p className="mt-2 text-sm text-ink-3">
          <bdi>{termsInWords(question)}</bdi>
        </p>
      </div>
      <div className="space-y-2 text-sm lg:pt-8">
        {isFirst && counts.total > 0 ? (
          <Sized minHeight={63}>{(width) => <TallyField counts={counts} width={width} />}</Sized>
        ) : (
          <StateBar counts={counts} />
        )}
        <p className="font-semibold">{progressInWords(question)}</p>
        <p className="text-ink-2">{peopleInWords(question)}</p>
        <p>
          <Link
            to="/projects/$projectId"
            params={{ projectId: project.projectId }}
            className={isFirst ? 'btn small mt-2' : ''}
            aria-label={`${invitation}: ${asked}`}
          >
            {invitation}
          </Link>
        </p>
      </div>
    </li>
  );
}
