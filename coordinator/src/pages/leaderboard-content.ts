// The leaderboard: the first rows as a table, and what credit is.
import type { Leaderboard } from '@manyhands/contract';
import { pathOf } from './addresses.js';
import { type Html, html } from './html.js';
import { personName, shownName } from './names.js';
import type { Page } from './page.js';
import { count, credit, plural } from './words.js';

export const LEADERBOARD_ROWS_SHOWN = 20;

type Row = Leaderboard['rows'][number];

export function leaderboardPage({ kind, period, rows }: Leaderboard): Page {
  const first = rows[0];
  return {
    title: 'Who did the work',
    description: first
      ? `${shownName(first.name)} leads with ${credit(first.creditMilli, first.acceptedReplicas)} of credit for ${plural(first.acceptedReplicas, 'accepted unit')}. Credit is counted work, the same on every computer, and only counts once a result has been checked.`
      : 'Credit is counted work, the same on every computer, and only counts once a result has been checked.',
    path: pathOf({ name: 'leaderboard', kind, period }),
    section: '/leaderboard',
    content: html`<h1>Who did the work</h1>
        <p>Credit is counted work, the same on every computer, and it only counts once a result has been checked.</p>
        <p>${choices(kind, period)}</p>
        ${rows.length === 0 ? html`<p>No credit has been granted ${period === 'recent' ? 'in the last seven days' : 'yet'}. The first row appears when a unit is accepted.</p>` : table({ kind, period, rows })}
        <p>All of it: <a href="/api/v1/leaderboard.csv?kind=${kind}&amp;period=${period}">CSV</a>, <a href="/api/v1/leaderboard?kind=${kind}&amp;period=${period}">JSON</a></p>
        <section aria-labelledby="credit">
          <h2 id="credit">How credit is counted</h2>
          <p>For results, never for time. Programs are metered: every run of a unit counts the same number of steps, called fuel, on every computer. All whose answer is accepted get credit for that number, fast or slow.</p>
        </section>`,
  };
}

function choices(kind: Leaderboard['kind'], period: Leaderboard['period']): Html[] {
  const all = [
    { text: 'People in total', kind: 'accounts', period: 'total' },
    { text: 'people in the last 7 days', kind: 'accounts', period: 'recent' },
    { text: 'computers in total', kind: 'hosts', period: 'total' },
    { text: 'computers in the last 7 days', kind: 'hosts', period: 'recent' },
  ] as const;
  return all.map(
    (choice, index) =>
      html`${index === 0 ? '' : ' · '}<a href="${pathOf({ name: 'leaderboard', kind: choice.kind, period: choice.period })}"${
        choice.kind === kind && choice.period === period ? html` aria-current="true"` : null
      }>${choice.text}</a>`,
  );
}

function table({ kind, period, rows }: Pick<Leaderboard, 'kind' | 'period' | 'rows'>): Html {
  const isPeople = kind === 'accounts';
  return html`<table class="data">
          <caption>${isPeople ? 'People' : 'Computers'} by credit ${period === 'recent' ? 'in the last 7 days' : 'in total'}</caption>
          <thead><tr><th scope="col" class="n">Rank</th><th scope="col">Name</th>${
            isPeople ? html`<th scope="col" class="n extra">Computers</th>` : null
          }<th scope="col" class="n extra">Units accepted</th><th scope="col" class="n">Credit</th></tr></thead>
          <tbody>${rows.slice(0, LEADERBOARD_ROWS_SHOWN).map((row) => tableRow(row, isPeople))}</tbody>
        </table>`;
}

function tableRow(row: Row, isPeople: boolean): Html {
  return html`<tr><td class="n">${count(row.rank)}</td><th scope="row">${personName(row)}${row.isAnonymous ? ' (anonymous)' : ''}</th>${
    isPeople ? html`<td class="n extra">${count(row.hosts)}</td>` : null
  }<td class="n extra">${count(row.acceptedReplicas)}</td><td class="n">${credit(row.creditMilli, row.acceptedReplicas)}</td></tr>
          `;
}
