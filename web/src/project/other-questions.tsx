// The way to other projects: a list of links.
import { Link } from '@tanstack/react-router';
import { useQuestions } from '../api/questions.js';
import { StateBar } from '../charts/state-bar.js';
import { questionOf } from './project-facts.js';
import { activityInWords } from './question-words.js';

const SHOWN_MAXIMUM = 5;

/** Nothing where there is no other question. */
export function OtherQuestions({ projectId }: { readonly projectId: string }) {
  const { data } = useQuestions();
  const others = data?.questions.filter(({ project }) => project.projectId !== projectId) ?? [];
  if (!data || others.length === 0) return null;
  return (
    <section aria-labelledby="others" className="border-t border-line py-8 sm:py-12">
      <div className="page">
        <h2 id="others" className="mb-4">
          Other questions here
        </h2>
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-x-12 sm:grid-cols-2">
          {others.slice(0, SHOWN_MAXIMUM).map((question) => (
            <li key={question.project.projectId} className="border-t border-line py-4">
              <Link
                to="/projects/$projectId"
                params={{ projectId: question.project.projectId }}
                className="font-semibold"
                dir="auto"
              >
                {questionOf(question.project)}
              </Link>
              <div className="my-2">
                <StateBar counts={question.counts} />
              </div>
              <p className="text-sm text-ink-2">{activityInWords(question, data.nowMs)}</p>
            </li>
          ))}
        </ul>
        <p className="mt-4 text-sm">
          <Link to="/">All questions on this coordinator</Link>
        </p>
      </div>
    </section>
  );
}
