// Following a batch: nothing settled is missed or given twice, whatever the order of answers, and the stream ends when the batch does.
import type { BatchId, Outcome } from '@manyhands/contract';
import { afterEach, expect, test } from 'vitest';
import { RestClient } from '../../src/rest/client.js';
import { followOutcomes } from '../../src/results/outcomes.js';
import { sendJson, serve, type TestServer } from '../support/http-server.js';

let server: TestServer;
afterEach(() => server.close());

const hashed = (prefix: string): string => `${prefix}_${'a'.repeat(52)}`;
const batchId = hashed('batch') as BatchId;
const statusOf = (state: string, accepted = 0): object => ({
  batchId,
  projectId: hashed('proj'),
  name: 'b',
  appVersionId: hashed('app'),
  manifestCid: `bafyrei${'a'.repeat(52)}`,
  state,
  quorum: 2,
  isVerified: true,
  priority: 0,
  policySequence: 0,
  submittedAtMs: 0,
  completedAtMs: null,
  counts: { total: 3, waiting: 3 - accepted, running: 0, checking: 0, accepted, failed: 0 },
  replicas: { leased: 0, reported: 0, agreed: 0 },
  creditMilli: 0,
  presentation: null,
});
const outcomeOf = (sequence: number): object => ({
  sequence,
  index: sequence,
  name: `u${sequence}`,
  state: 'accepted',
  digest: '00',
  bundleSizeBytes: 1,
  exitCode: 0,
  fuel: 7,
  code: null,
  cause: null,
  message: null,
  stderrTail: null,
  stdout: null,
  settledAtMs: 0,
});

type Answer = { sequences: number[]; state: string; accepted?: number } | 'drop';

/** Gives the answers one after the other and notes what was asked for. */
async function script(
  answers: readonly Answer[],
): Promise<{ rest: RestClient; asked: { after: number; waitMs: number }[] }> {
  const asked: { after: number; waitMs: number }[] = [];
  server = await serve(({ request, response, number }) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    const answer = answers[number];
    if (!answer || answer === 'drop') return request.socket.destroy();
    asked.push({ after: Number(query.get('after')), waitMs: Number(query.get('waitMs')) });
    sendJson(response, { outcomes: answer.sequences.map(outcomeOf), batch: statusOf(answer.state, answer.accepted) });
  });
  return { rest: new RestClient({ url: server.url, patienceMs: 10_000 }), asked };
}

async function sequences(stream: AsyncGenerator<Outcome>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { sequence } of stream) seen.push(sequence);
  return seen;
}

test('waits while the batch is open, asks after the last one seen, ends when it is complete', async () => {
  const { rest, asked } = await script([
    { sequences: [], state: 'open' },
    { sequences: [0, 1], state: 'open' },
    { sequences: [2], state: 'complete' },
    { sequences: [], state: 'complete' },
    { sequences: [], state: 'complete' },
  ]);
  expect(await sequences(followOutcomes(batchId, {}, { rest }))).toEqual([0, 1, 2]);
  expect(asked.map(({ after }) => after)).toEqual([-1, -1, 1, 2, 2]);
});

test('a unit settled between reading the outcomes and the state is not missed', async () => {
  const { rest } = await script([
    { sequences: [0], state: 'open' },
    { sequences: [], state: 'complete' },
    { sequences: [1], state: 'complete' },
    { sequences: [], state: 'complete' },
  ]);
  expect(await sequences(followOutcomes(batchId, {}, { rest }))).toEqual([0, 1]);
});

test('a lost connection in the middle neither repeats nor loses', async () => {
  const { rest } = await script([
    { sequences: [0], state: 'open' },
    'drop',
    'drop',
    { sequences: [1], state: 'complete' },
    { sequences: [], state: 'complete' },
    { sequences: [], state: 'complete' },
  ]);
  expect(await sequences(followOutcomes(batchId, {}, { rest }))).toEqual([0, 1]);
});

test('results that the coordinator has removed are missed aloud', async () => {
  const { rest } = await script([
    { sequences: [], state: 'complete', accepted: 3 },
    { sequences: [], state: 'complete', accepted: 3 },
  ]);
  await expect(sequences(followOutcomes(batchId, {}, { rest }))).rejects.toMatchObject({ code: 'MH-BAT-009' });
});

test('without following it does not wait', async () => {
  const { rest, asked } = await script([
    { sequences: [4], state: 'open' },
    { sequences: [], state: 'open' },
  ]);
  expect(await sequences(followOutcomes(batchId, { follow: false, after: 3 }, { rest }))).toEqual([4]);
  expect(asked).toEqual([
    { after: 3, waitMs: 0 },
    { after: 4, waitMs: 0 },
  ]);
});
