import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Ranking } from '../../src/leaderboard/ranking.js';
import { leaderboard } from '../fixtures/answers.js';
import { readEnglish } from './english.js';
import { drawPage } from './render.js';

readEnglish();

const rowsOf = (html: string) =>
  html
    .split('<tr')
    .slice(2)
    .map((row) =>
      row
        .replace(/<[^>]+>/g, ' ')
        .replace(/^[^>]*>/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
const searched = (search: string) =>
  rowsOf(
    renderToStaticMarkup(createElement(Ranking, { ranking: leaderboard('accounts', 'total'), search, isLive: true })),
  );

describe('the leaderboard', () => {
  test('ranks people by credit, in total or lately, and computers', async () => {
    const total = await drawPage('/leaderboard', { scene: 'running' });
    expect(total.text).toContain('People by credit in total');
    expect(rowsOf(total.html)[0]).toBe('1 Greenhill School, lab 2 ● here now ● here · 11 computers 11 1,870 4,812.400');
    expect(total.html).toContain('href="/api/v1/leaderboard.csv?kind=accounts&amp;period=total&amp;limit=1000"');
    const hosts = await drawPage('/leaderboard?kind=hosts&period=recent', { scene: 'running' });
    expect(hosts.text).toContain('Computers by credit in 7 days');
    expect(hosts.asked).toContain('/api/v1/leaderboard?kind=hosts&period=recent&limit=1000');
    expect(hosts.html).toMatch(/aria-selected="true"[^>]*>Computers</);
    expect(hosts.html).toMatch(/aria-pressed="true"[^>]*>Last 7 days</);
  });

  test('passes over what it does not know in its address', async () => {
    const { asked } = await drawPage('/leaderboard?kind=cats&period=never', { scene: 'running' });
    expect(asked).toContain('/api/v1/leaderboard?kind=accounts&period=total&limit=1000');
  });

  test('shows the first 25 and how many more there are', async () => {
    const { html, text } = await drawPage('/leaderboard', { scene: 'running' });
    expect(rowsOf(html)).toHaveLength(25);
    expect(text).toContain('Show 6 more');
  });

  test('finds part of a name in letters of any case, and says when none fits', () => {
    expect(searched('OTTIL')).toEqual([expect.stringMatching(/^3 Ottilie /)]);
    expect(searched(' ottil ')).toHaveLength(1);
    const none = renderToStaticMarkup(
      createElement(Ranking, { ranking: leaderboard('accounts', 'total'), search: 'nobody at all', isLive: true }),
    );
    expect(none).toContain('No name here contains');
  });

  test('tells two of one name apart, also when the search finds them alone', () => {
    expect(searched('ada')).toEqual([expect.stringMatching(/^4 ada t3 /), expect.stringMatching(/^7 Ada t6 /)]);
    expect(searched('rasmus')).toEqual([expect.not.stringContaining('t4')]);
  });

  test('never shows nothing for work that was done', () => {
    const [, , last] = searched('amber-otter').slice(-3);
    expect(last).toMatch(/ under 0\.001$/);
  });

  test('puts out the lamps of people when the figures are old', () => {
    const old = renderToStaticMarkup(
      createElement(Ranking, { ranking: leaderboard('accounts', 'total'), search: '', isLive: false }),
    );
    expect(old).not.toContain('here now');
  });

  test('is empty at first, and says what changes that', async () => {
    expect((await drawPage('/leaderboard', { scene: 'empty' })).text).toContain(
      'No credit has been granted yet. The first row appears when a unit is accepted.',
    );
    expect((await drawPage('/leaderboard?period=recent', { scene: 'empty' })).text).toContain(
      'No credit was granted in the last seven days.',
    );
  });

  test('without an answer says that credit is safe; while it waits, it says nothing', async () => {
    expect((await drawPage('/leaderboard', { scene: 'away' })).text).toContain(
      'The leaderboard couldn’t be read: the coordinator doesn’t answer. Credit itself is safe in the ledger.',
    );
    const loading = await drawPage('/leaderboard', { scene: 'loading' });
    expect(loading.html).toContain('aria-busy="true"');
    expect(loading.text).not.toMatch(/couldn’t|No credit/);
  });
});
