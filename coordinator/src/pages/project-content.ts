// The page of one project: what is asked and why, how far it is, who helps, who is behind it.
import type { Batch, Project, ProjectOverview } from '@manyhands/contract';
import { sharedNetworksInWords, uncheckedInWords, waitingForNetworkInWords } from '@manyhands/contract/words';
import type { Helpers } from '../questions/questions.service.js';
import { pathOf } from './addresses.js';
import { type Html, html } from './html.js';
import { personName } from './names.js';
import type { Page } from './page.js';
import { count, helpersInWords, plural, progress, questionOf, remainder, shortened, situation } from './words.js';

const HANDS_SHOWN = 20;
const DESCRIPTION_MAXIMUM_CHARACTERS = 200;

export type ProjectFacts = {
  readonly overview: ProjectOverview;
  /** The batch that the address names; else, as in the browser, the newest that is open, else the newest. */
  readonly batch: Batch | undefined;
  /** All of them; the overview lists no more than fifty. */
  readonly helpers: Helpers;
  /** Whether the address names it. */
  readonly isBatchNamed: boolean;
};

export function projectPage({ overview, batch, helpers, isBatchNamed }: ProjectFacts): Page {
  const { project } = overview;
  const { projectId } = project;
  const question = questionOf(project);
  return {
    title: isBatchNamed && batch ? `${question} · ${batch.name}` : question,
    description: describe(overview.project, batch, helpers),
    path:
      project.state === 'pending'
        ? null
        : pathOf({ name: 'project', projectId, batchId: isBatchNamed && batch ? batch.batchId : null }),
    section: '/',
    content: html`<p>${situation(project.state, batch)}</p>
        ${project.question.trim() ? html`<p dir="auto"><b>${project.title}</b></p>` : null}
        <h1 dir="auto">${question}</h1>
        ${paragraphs(project.description)}
        <p><a class="btn go" href="${joinPath(project)}">Lend a hand</a> No account needed. Stops the moment you say so.</p>
        ${batch ? howFar(batch) : null}
        ${whoHelps(overview, helpers)}
        ${batchList(overview, batch)}
        ${behind(overview)}`,
  };
}

/** No worker may name a project that waits for its approval. */
function joinPath({ state, name }: Project): string {
  return state === 'pending' ? '/join' : `/join?project=${encodeURIComponent(name)}`;
}

/** Progress first: previews cut the end off. */
function describe(project: Project, batch: Batch | undefined, { people: { total } }: Helpers): string {
  const people = total > 0 ? ` ${plural(total, 'person has', 'people have')} helped.` : '';
  const state = batch ? `${progress(batch)}.${people}` : `${situation(project.state, batch)}.`;
  return shortened(`${state} ${project.description || project.title}`, DESCRIPTION_MAXIMUM_CHARACTERS);
}

function paragraphs(text: string): Html[] {
  const filled = text.split(/\n+/).filter((paragraph) => paragraph.trim() !== '');
  return filled.map((paragraph) => html`<p dir="auto">${paragraph}</p>`);
}

function howFar(batch: Batch): Html {
  const others = remainder(batch.counts);
  const unchecked = uncheckedInWords(batch);
  const waitsFor = waitingForNetworkInWords(batch);
  return html`<section aria-labelledby="progress">
          <h2 id="progress">${progress(batch)}</h2>
          ${others ? html`<p>${others}.</p>` : null}
          ${unchecked ? html`<p>Unverified: ${unchecked}.</p>` : null}
          ${waitsFor ? html`<p>${waitsFor}</p>` : null}
        </section>`;
}

function whoHelps({ hands }: ProjectOverview, helpers: Helpers): Html {
  const rows = hands.slice(0, HANDS_SHOWN).map(
    (hand) =>
      html`<tr><th scope="row">${personName(hand)}</th><td class="n extra">${count(hand.hosts)}</td><td class="n extra">${count(hand.answeredUnits)}</td><td class="n">${count(hand.acceptedReplicas)}</td></tr>
            `,
  );
  return html`<section aria-labelledby="hands">
          <h2 id="hands">Helping hands</h2>
          <p>${helpersInWords(helpers)}. <a href="/leaderboard">Everyone, on the leaderboard</a></p>
          ${
            rows.length === 0
              ? null
              : html`<table class="data">
            <thead><tr><th scope="col">Name</th><th scope="col" class="n extra">Computers</th><th scope="col" class="n extra">Answers that wait</th><th scope="col" class="n">Units accepted</th></tr></thead>
            <tbody>${rows}</tbody>
          </table>`
          }
        </section>`;
}

function batchList({ project, batches }: ProjectOverview, shown: Batch | undefined): Html | null {
  if (batches.length < 2) return null;
  const { projectId } = project;
  const items = batches.map(
    (batch) =>
      html`<li><a href="${pathOf({ name: 'project', projectId, batchId: batch.batchId })}"${
        batch.batchId === shown?.batchId ? html` aria-current="true"` : null
      }>${batch.name}</a>: ${progress(batch)}</li>`,
  );
  return html`<section aria-labelledby="batches"><h2 id="batches">Batches</h2><ul>${items}</ul></section>`;
}

function behind({ project, sharedNetworks }: ProjectOverview): Html {
  const shared = sharedNetworksInWords(sharedNetworks);
  const facts = [
    ['Run by', project.runBy],
    ['Contact', project.contact],
    ['Licence of the inputs', project.inputLicence],
    ['Licence of the results', project.resultLicence],
  ] as const;
  const items = facts.map(
    ([word, value]) => html`<div><dt>${word}</dt><dd><bdi>${value || 'not stated'}</bdi></dd></div>`,
  );
  return html`<section aria-labelledby="about">
          <h2 id="about">About this project</h2>
          <dl>${items}</dl>
          ${shared ? html`<p>${shared}</p>` : null}
          <p>The same facts as JSON: <a href="/api/v1/projects/${project.projectId}/overview">overview</a></p>
        </section>`;
}
