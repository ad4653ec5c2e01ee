// Home: the questions that are asked here, the busiest first.
import type { Questions } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useQuestions, useStats } from '../api/questions.js';
import type { Polled } from '../api/use-polled.js';
import { Fault } from '../common/fault.js';
import { PageTitle } from '../common/page-title.js';
import { RowsLoading } from '../common/rows-loading.js';
import { StaleTag } from '../common/stale-tag.js';
import { plural } from '../format/numbers.js';
import { NoQuestions } from './no-questions.js';
import { QuestionItem } from './question-item.js';

export function HomePage() {
  const [pageCount, setPageCount] = useState(1);
  const questions = useQuestions(pageCount);
  const stats = useStats().data;
  if (questions.data?.questions.length === 0) return <NoQuestions />;
  return (
    <div className="page py-8 sm:py-12">
      <PageTitle text="What is being computed here" />
      <h1>What is being computed here</h1>
      <p className="mt-4 max-w-[62ch] text-lg text-ink-2">
        Questions that need more computing than one computer can do. Volunteers lend the spare time of theirs, and
        anybody can watch the answers take shape.
      </p>
      <p className="mt-6 mb-8 flex flex-wrap items-center gap-x-4 gap-y-3">
        <Link to="/join" className="btn go">
          Lend a hand
        </Link>
        <span className="text-sm text-ink-3">
          {stats && stats.hosts.total > 0
            ? `${plural(stats.accounts, 'person', 'people')} so far; ${plural(stats.hosts.online, 'computer')} here now.`
            : 'No account needed. Stops the moment you say so.'}
        </span>
      </p>
      {questions.isLoading && <RowsLoading rowCount={4} />}
      {questions.error && !questions.data && (
        <Fault
          what="The list of questions"
          safe="Computing continues, and every accepted result is safe."
          error={questions.error}
          onRetry={questions.retry}
        />
      )}
      {questions.data && (
        <List questions={questions} data={questions.data} onMore={() => setPageCount(pageCount + 1)} />
      )}
    </div>
  );
}

type ListProps = {
  readonly questions: Polled<Questions>;
  readonly data: Questions;
  readonly onMore: () => void;
};

function List({ questions, data, onMore }: ListProps) {
  return (
    <>
      <StaleTag polled={questions} />
      <ul className="border-b border-line">
        {data.questions.map((question, index) => (
          <QuestionItem
            key={question.project.projectId}
            question={question}
            nowMs={data.nowMs}
            isFresh={questions.news === 'current'}
            isFirst={index === 0}
          />
        ))}
      </ul>
      {data.next !== null && (
        <button type="button" className="btn small mt-4" onClick={onMore}>
          Show more questions
        </button>
      )}
    </>
  );
}
