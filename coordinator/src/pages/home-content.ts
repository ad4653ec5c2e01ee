// The home page: the questions that are asked here, each with its progress and its people.
import type { Question, Questions } from '@manyhands/contract';
import { pathOf } from './addresses.js';
import { type Html, html } from './html.js';
import type { Page } from './page.js';
import { helpersInWords, plural, progress, questionOf, remainder, shortened, situation } from './words.js';

export const QUESTIONS_SHOWN = 20;
const LEAD_MAXIMUM_CHARACTERS = 300;
const DESCRIPTION_MAXIMUM_CHARACTERS = 200;
const PURPOSE = 'Volunteers lend the spare time of their computers to science.';

export function homePage({ questions, next }: Pick<Questions, 'questions' | 'next'>): Page {
  const [first] = questions;
  const asked = first
    ? `Asked here now: ${questionOf(first.project)}`
    : 'This coordinator waits for its first project.';
  return {
    title: 'Manyhands: lend a hand to science',
    description: shortened(`${PURPOSE} ${asked}`, DESCRIPTION_MAXIMUM_CHARACTERS),
    path: '/',
    section: '/',
    content: first ? list(questions, next !== null) : nothingAsked(),
  };
}

function list(questions: readonly Question[], isMore: boolean): Html {
  return html`<h1>What is being computed here</h1>
        <p>Questions that need more computing than one computer can do. Volunteers lend the spare time of theirs, and anybody can watch the answers take shape.</p>
        <p><a class="btn go" href="/join">Lend a hand</a> No account needed. Stops the moment you say so.</p>
        <ul class="questions">${questions.map(item)}</ul>
        ${isMore ? html`<p>These are the busiest. <a href="/api/v1/questions">All, as JSON</a></p>` : null}`;
}

function item(question: Question): Html {
  const { project, counts, openBatches } = question;
  const href = pathOf({ name: 'project', projectId: project.projectId, batchId: null });
  const others = remainder(counts);
  const terms = [
    project.runBy && `Run by ${project.runBy}`,
    project.resultLicence && `results: ${project.resultLicence}`,
  ];
  const lead = shortened(project.description.split('\n')[0] ?? '', LEAD_MAXIMUM_CHARACTERS);
  return html`<li>
          <h2 dir="auto"><a href="${href}">${questionOf(project)}</a></h2>
          ${lead ? html`<p dir="auto">${lead}</p>` : null}
          <p>${
            counts.total === 0
              ? situation(project.state, undefined)
              : `${project.state === 'active' ? '' : `${situation(project.state, undefined)}. `}${progress({ counts, isVerified: false })}${others ? `: ${others}` : ''}; ${openBatches === 0 ? 'no batch' : plural(openBatches, 'batch', 'batches')} open`
          }. ${helpersInWords(question)}.</p>
          ${terms.some(Boolean) ? html`<p><bdi>${terms.filter(Boolean).join(' · ')}</bdi></p>` : null}
        </li>
        `;
}

function nothingAsked(): Html {
  return html`<h1>No project here yet</h1>
        <p>This coordinator runs and waits for its first project. As soon as a scientist starts one, its question, its progress and its results appear here.</p>`;
}
