// Folders that earlier versions left in mid-batch: the programs of now open them and bring the batch to its right end.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { leaderboardSchema } from '@manyhands/contract';
import { ManyhandsProcess, temporaryFolder } from '@manyhands/testing';
import { expect, it } from 'vitest';
import { checkResults, EXPONENTS, submitWords } from '../../src/compatibility/work.js';

const root = join(import.meta.dirname, '../../..');
const fixtures = join(import.meta.dirname, '../fixtures/mid-batch');
const versions = readdirSync(fixtures).filter((name) => name.endsWith('.tar.gz'));

it.each(versions)('%s', async (archive) => {
  const folder = await temporaryFolder('old-folders');
  execFileSync('tar', ['-C', folder, '-xzf', join(fixtures, archive)]);
  const facts = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as {
    batchId: string;
    name: string;
    counts: { accepted: number };
  };
  expect(facts.counts.accepted, basename(archive)).toBeLessThan(EXPONENTS.length);

  const coordinator = start('coordinator', 'start', '--port', '0', '--data', join(folder, 'coordinator'));
  const url = String((await coordinator.event('listening')).url);
  const before = await show(url, facts.batchId);
  expect(before.counts.accepted).toBeGreaterThanOrEqual(facts.counts.accepted);
  const worker = start('worker', 'join', url, '--data', join(folder, 'worker'), '--cpus', '1', '--no-p2p');
  const other = start(
    ...['worker', 'join', url, '--data', join(folder, 'other'), '--account', 'carl', '--cpus', '1', '--no-p2p'],
  );
  await Promise.all([worker.event('joined'), other.event('joined')]);

  const out = join(folder, 'out');
  mkdirSync(out);
  const scientist = { root, data: join(folder, 'scientist'), url, project: 'mersenne' };
  const { exitCode, lines, stderr } = await start(...submitWords(scientist, out, facts.name)).finished();
  expect(stderr).not.toContain('MH-');
  expect(exitCode).toBe(0);
  // It is the batch of then, taken up, not another one of that name.
  expect(lines.find(({ event }) => event === 'submitted')?.batch).toMatchObject({ id: facts.batchId });
  checkResults(out);

  const after = await show(url, facts.batchId);
  expect(after).toMatchObject({
    state: 'complete',
    counts: { total: EXPONENTS.length, accepted: EXPONENTS.length, failed: 0 },
  });
  const { rows } = leaderboardSchema.parse(await getJson(`${url}/api/v1/leaderboard?kind=accounts&period=total`));
  // Two accounts agreed on each unit, by whichever version, and each has the same credit for it: nothing is lost or counted twice.
  expect(rows.reduce((sum, { acceptedReplicas }) => sum + acceptedReplicas, 0)).toBe(2 * EXPONENTS.length);
  expect(rows.reduce((sum, { creditMilli }) => sum + creditMilli, 0)).toBe(after.creditMilli);
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['ada', 'barbara']));
  for (const child of [worker, other, coordinator]) expect(await child.stop()).toBe(0);
});

function start(...words: string[]): ManyhandsProcess {
  return new ManyhandsProcess([...words, '--json']);
}

type Shown = { state: string; counts: { accepted: number; failed: number; total: number }; creditMilli: number };

async function show(url: string, batchId: string): Promise<Shown> {
  return getJson(`${url}/api/v1/batches/${batchId}`);
}

async function getJson<T>(address: string): Promise<T> {
  const response = await fetch(address);
  expect(response.status, address).toBe(200);
  return (await response.json()) as T;
}
