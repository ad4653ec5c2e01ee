// The pages from facts: what strangers chose stays text and stays where it is, and every state has its words.
import type { Batch, Hand, Leaderboard, Peers, Project, ProjectOverview, Question } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import { joinPage, unknownPage } from '../../../src/pages/fixed-content.js';
import { homePage } from '../../../src/pages/home-content.js';
import { leaderboardPage } from '../../../src/pages/leaderboard-content.js';
import { networkPage } from '../../../src/pages/network-content.js';
import type { Page } from '../../../src/pages/page.js';
import { projectPage } from '../../../src/pages/project-content.js';

const NASTY = '"><script>alert(1)</script>\u202E';
const project = {
  ...{ projectId: 'proj_a', name: 'words', title: 'Words', question: 'Which words?', description: 'First.\nSecond.' },
  ...{ inputLicence: '', resultLicence: 'CC0', contact: '', runBy: 'A lab', state: 'active' },
} as Project;
const counts = {
  ...{ total: 9, waiting: 1, held: 0, running: 0, checking: 1, accepted: 4, failed: 3 },
  ended: { cancelled: 2, expired: 0, stopped: 0 },
};
const batch = {
  batchId: 'batch_a',
  projectId: 'proj_a',
  name: 'first',
  state: 'open',
  isVerified: true,
  counts,
} as Batch;
const hand: Hand = {
  ...{ name: 'ada', tag: 'k7q2', isOnline: true, hosts: 2, runningUnits: 0 },
  ...{ answeredUnits: 20, acceptedReplicas: 0, creditMilli: 0 },
};
const overview = (more: Partial<ProjectOverview> = {}): ProjectOverview => ({
  ...{ nowMs: 0, project, batches: [batch], throughput: { intervalMs: 1, points: [] }, hands: [hand] },
  ...more,
});
const question: Question = {
  ...{ project, openBatches: 1, counts, people: { total: 7, online: 3 }, computersOnline: 5, lastActivityMs: 0 },
};
/** More than a list of hands holds. */
const helpers = { people: { total: 1234, online: 61 }, computersOnline: 75 };
const row: Leaderboard['rows'][number] = {
  ...{ rank: 1, name: 'ada', tag: 'k7q2', isAnonymous: false, creditMilli: 1500 },
  ...{ acceptedReplicas: 3, hosts: 2, isOnline: true },
};
const text = ({ content }: Page): string => content.text.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ');

describe('a project', () => {
  test('says what is asked, how far it is, who helps and who is behind it', () => {
    const page = projectPage({ overview: overview(), batch, helpers, isBatchNamed: false });
    expect(page.title).toBe('Which words?');
    expect(page.description).toBe('4 of 9 units are done and checked. 1,234 people have helped. First. Second.');
    expect(page.content.text).toContain('<p dir="auto">First.</p>');
    const words = text(page);
    for (const part of [
      '1 being checked, 1 waiting, 1 failed, 2 cancelled.',
      'ada k7q2',
      '1,234 people have helped, 61 here now with 75 computers.',
    ])
      expect(words).toContain(part);
    for (const part of ['Run byA lab', 'Contactnot stated', 'Licence of the resultsCC0']) expect(words).toContain(part);
    expect(page.content.text).toContain('href="/join?project=words"');
  });

  test('a batch that the address names has its own title and address', () => {
    const page = projectPage({ overview: overview(), batch, helpers, isBatchNamed: true });
    expect(page).toMatchObject({ title: 'Which words? · first', path: '/projects/proj_a?batch=batch_a' });
  });

  test('pending, without a batch, without people, without a question', () => {
    const bare = { ...project, state: 'pending', question: '', description: '' } as Project;
    const page = projectPage({
      overview: overview({ project: bare, batches: [], hands: [] }),
      batch: undefined,
      helpers: { people: { total: 0, online: 0 }, computersOnline: 0 },
      isBatchNamed: false,
    });
    expect(page).toMatchObject({ title: 'Words', path: null });
    expect(text(page)).toContain('Waiting for the operator’s approval');
    expect(text(page)).toContain('Nobody has helped yet.');
    expect(page.content.text).toContain('href="/join"');
  });
});

test('the list of questions: each with progress, people and terms', () => {
  const words = text(homePage({ questions: [question], next: null }));
  expect(words).toContain('Which words?');
  expect(words).toContain('4 of 9 units are done: 1 being checked, 1 waiting, 1 failed, 2 cancelled; 1 batch open.');
  expect(words).toContain('7 people have helped, 3 here now with 5 computers.');
  expect(words).toContain('Run by A lab · results: CC0');
  expect(text(homePage({ questions: [{ ...question, openBatches: 0 }], next: null }))).toContain('; no batch open.');
  expect(words).not.toContain('These are the busiest');
  expect(text(homePage({ questions: [question], next: 'x' }))).toContain('These are the busiest');
  expect(text(homePage({ questions: [], next: null }))).toContain('No project here yet');
});

test('the leaderboard: at most 20 rows, the same names told apart, and nothing of nobody', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ ...row, rank: index + 1, tag: `tag${index}` }));
  const page = leaderboardPage({ nowMs: 0, kind: 'accounts', period: 'total', rows });
  expect(page.content.text.match(/<tr>/g)).toHaveLength(21);
  expect(page.content.text).toContain('<bdi>ada</bdi> <code>tag1</code>');
  expect(page.description).toContain('ada leads with 1.500 of credit for 3 accepted units');
  const empty = leaderboardPage({ nowMs: 0, kind: 'hosts', period: 'recent', rows: [] });
  expect(text(empty)).toContain('No credit has been granted in the last seven days');
  expect(empty.path).toBe('/leaderboard?kind=hosts&period=recent');
});

test('the network, with and without computers', () => {
  const stats = {
    ...{ nowMs: 0, startedAtMs: 0, hosts: { online: 1, total: 3 }, accounts: 1, units: counts, creditMilli: 0 },
    transfer: { fromPeersBytes: 3 * 1024, fromOriginBytes: 1024, coordinatorEgressBytes: 2048 },
  };
  const peer: Peers['peers'][number] = {
    ...{
      name: 'pale-otter',
      kind: 'worker' as const,
      isOnline: true,
      path: 'overlay' as const,
      connectedPeers: 1,
      state: 'working' as const,
    },
    ...{ fromPeersBytes: 3 * 1024, fromOriginBytes: 1024, toPeersBytes: 0, lastSeenMs: 0 },
  };
  const page = networkPage({ nowMs: 0, peers: [{ ...peer, name: 'c', kind: 'coordinator' }, peer] }, stats);
  expect(text(page)).toContain('75 % of all bytes came from peers (3 KiB of 4 KiB)');
  expect(text(page)).toContain('1 connected now, of 3 computers that ever joined; 1 of them share with peers.');
  expect(page.content.text.match(/<tr>/g)).toHaveLength(2);
  const nobody = networkPage(
    { nowMs: 0, peers: [] },
    {
      ...stats,
      hosts: { online: 0, total: 0 },
      transfer: { fromPeersBytes: 0, fromOriginBytes: 0, coordinatorEgressBytes: 0 },
    },
  );
  expect(text(nobody)).toContain('Nothing has been passed on yet.');
  expect(text(nobody)).toContain('No computer has joined yet.');
  const gone = networkPage({ nowMs: 0, peers: [] }, { ...stats, hosts: { online: 0, total: 3 } });
  expect(text(gone)).toContain('No computer is here now.');
});

test('how to join, for all projects or one', () => {
  const facts = { publicUrl: 'https://hands.example.org', coordinatorId: 'coord_a' };
  expect(text(joinPage({ ...facts, project: null }))).toContain('worker join https://hands.example.org It');
  expect(text(joinPage({ ...facts, project: 'words' }))).toContain(
    'worker join https://hands.example.org --project words It',
  );
});

test.each([
  [
    'project',
    projectPage({
      overview: overview({
        project: {
          ...project,
          question: NASTY,
          title: NASTY,
          description: NASTY,
          runBy: NASTY,
          contact: NASTY,
          resultLicence: NASTY,
          inputLicence: NASTY,
        },
        batches: [
          { ...batch, name: NASTY },
          { ...batch, name: NASTY, batchId: 'batch_b' as Batch['batchId'] },
        ],
        hands: [{ ...hand, name: NASTY }],
      }),
      batch: { ...batch, name: NASTY },
      helpers,
      isBatchNamed: true,
    }),
  ],
  [
    'home',
    homePage({
      questions: [
        { ...question, project: { ...project, question: NASTY, title: NASTY, description: NASTY, runBy: NASTY } },
      ],
      next: null,
    }),
  ],
  ['leaderboard', leaderboardPage({ nowMs: 0, kind: 'accounts', period: 'total', rows: [{ ...row, name: NASTY }] })],
  ['join', joinPage({ project: NASTY, publicUrl: NASTY, coordinatorId: NASTY })],
  ['unknown', unknownPage()],
])('%s: nothing that strangers chose becomes markup', (_name, page) => {
  expect(page.content.text).not.toMatch(/<script|\u202E/);
});

test('a name that shows nothing is said to be none', () => {
  const page = leaderboardPage({
    nowMs: 0,
    kind: 'accounts',
    period: 'total',
    rows: [{ ...row, name: ' \u00A0\u200B ' }],
  });
  expect(page.content.text).toContain('<bdi>without a name</bdi>');
});
