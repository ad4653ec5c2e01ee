// The home page: the questions that are asked here, each with its progress and its people.
import type { Project, UnitCounts } from '@manyhands/contract';
import { pathOf } from './addresses.js';
import { type Html, html } from './html.js';
import type { Page } from './page.js';
import { plural, progress } from './words.js';

export type AskedQuestion = {
  readonly project: Project;
  /** Of all its batches together. */
  readonly counts: Pick<UnitCounts, 'total' | 'accepted'>;
  readonly people: number;
  readonly computersOnline: number;
};

export function homePage(questions: readonly AskedQuestion[]): Page {
  return {
    title: 'Manyhands: lend a hand to science',
    description:
      questions.length === 0
        ? 'Volunteers lend the spare time of their computers to science. This coordinator waits for its first project.'
        : `Volunteers lend the spare time of their computers to science. Asked here now: ${questions
            .slice(0, 2)
            .map(({ project }) => titleOf(project))
            .join(' ')}`,
    path: '/',
    section: '/',
    content: questions.length === 0 ? nothingAsked() : list(questions),
  };
}

function list(questions: readonly AskedQuestion[]): Html {
  return html`<h1>What is being computed here</h1>
        <p>Scientists ask; volunteers lend the spare time of their computers. <a class="btn go" href="/join">Lend a hand</a></p>
        <ul class="questions">${questions.map(item)}</ul>`;
}

function item({ project, counts, people, computersOnline }: AskedQuestion): Html {
  const href = pathOf({ name: 'project', projectId: project.projectId, batchId: null });
  const done = counts.total === 0 ? 'No work has been submitted yet' : progress({ counts, isVerified: false });
  return html`<li>
          <h2><a href="${href}">${titleOf(project)}</a></h2>
          <p>${project.question.trim() ? `${project.title}. ` : ''}${done}. ${plural(people, 'person', 'people')}, ${plural(computersOnline, 'computer')} here now.${project.state === 'paused' ? ' Paused by the operator.' : ''}</p>
        </li>`;
}

function nothingAsked(): Html {
  return html`<h1>No project here yet</h1>
        <p>This coordinator runs and waits for its first project. As soon as a scientist starts one, its question, its progress and its results appear here.</p>`;
}

function titleOf(project: Project): string {
  return project.question.trim() || project.title;
}
