// The list of questions, the story of a batch, and who helps, over REST: while the work goes on and after it.
import type { Batch, BatchStory, Leaderboard, Peers, ProjectOverview, Questions } from '@manyhands/contract';
import { accountIdOf, encodeDagCbor, hostIdOf, seal } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { accountGenesisOf, keyOf } from '../support/records.js';
import { Client, started, until } from '../support/running.js';
import { scene } from '../support/scene.js';
import { Scientist } from '../support/scientist.js';
import { indexesOf, TestHost } from '../support/test-host.js';

/** A computer of an account with a label; two words are two accounts, whatever their labels. */
function joinAs(coordinator: TestHost['target'], word: string, label: string): Promise<TestHost> {
  const { coordinatorId } = coordinator;
  const [key, hostKey] = [keyOf(word), keyOf(`host of ${word}`)];
  const genesis = accountGenesisOf(label, key);
  const delegation = {
    version: 1,
    accountId: accountIdOf(encodeDagCbor(genesis)),
    hostId: hostIdOf(hostKey.publicKey),
  };
  const sign = (value: unknown, type: 'account-genesis' | 'account-delegation') =>
    seal(value, { type, coordinatorId }, key);
  return TestHost.join(coordinator, {
    key: hostKey,
    binding: {
      kind: 'key',
      genesis: sign(genesis, 'account-genesis'),
      delegation: sign(delegation, 'account-delegation'),
    },
  });
}

test('a lone volunteer, a second person, and what is left of them when the batch is over', async () => {
  const { coordinator, client, batchId, batch, scientist } = await scene(3);
  const questions = (): Promise<Questions> =>
    client.call<Questions>('GET', '/api/v1/questions').then(({ body }) => body);
  const story = (): Promise<BatchStory> =>
    client.call<BatchStory>('GET', `/api/v1/batches/${batchId}/story`).then(({ body }) => body);
  expect((await questions()).questions).toMatchObject([
    {
      project: { name: 'science' },
      openBatches: 1,
      people: { total: 0, online: 0 },
      computersOnline: 0,
      counts: { total: 3, waiting: 3 },
    },
  ]);
  expect(await story()).toMatchObject({ throughput: { points: [] }, hands: [] });

  const ada = await joinAs(coordinator, 'ada 1', 'ada');
  const [lease] = await ada.lease(3);
  if (!lease) throw new Error('no lease');
  const leased = indexesOf(lease);
  await ada.report(ada.receipt(lease, { indexes: leased.slice(0, 1) }));
  const alone = await until(story, ({ hands }) => hands[0]?.answeredUnits === 1);
  expect(alone.hands).toMatchObject([
    { name: 'ada', isOnline: true, runningUnits: leased.length - 1, acceptedReplicas: 0, hosts: 1 },
  ]);
  const asked = await until(questions, ({ questions: [first] }) => first?.people.total === 1);
  expect(asked.questions).toMatchObject([
    { people: { online: 1 }, computersOnline: 1, counts: { checking: 1, running: leased.length - 1 } },
  ]);

  await ada.report(ada.receipt(lease));
  await ada.workAll();
  const other = await joinAs(coordinator, 'ada 2', 'ada');
  await other.workAll();
  const ended = await until(batch, ({ completedAtMs }) => completedAtMs !== null);
  expect(ended).toMatchObject({ state: 'complete', endedCode: null, counts: { accepted: 3, failed: 0 } });
  await Promise.all([ada.close(), other.close()]);
  const told = await until(story, ({ hands }) => hands.length === 2 && hands.every(({ isOnline }) => !isOnline));
  expect(told.hands).toMatchObject([
    { name: 'ada', acceptedReplicas: 3, answeredUnits: 0, runningUnits: 0 },
    { name: 'ada', acceptedReplicas: 3 },
  ]);
  expect(new Set(told.hands.map(({ tag }) => tag)).size, 'two accounts of one name').toBe(2);
  const points = told.throughput.points;
  expect(points.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(3);
  expect(points.length).toBeLessThanOrEqual(60);
  const later = await story();
  expect(later.throughput, 'an ended batch keeps its chart').toEqual(told.throughput);
  const { body: overview } = await client.call<ProjectOverview>(
    'GET',
    `/api/v1/projects/${scientist.projectId}/overview`,
  );
  expect(overview.hands).toEqual(told.hands);
  const { body: board } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard');
  expect(board.rows.map(({ tag }) => tag).sort()).toEqual(told.hands.map(({ tag }) => tag).sort());
});

test('hosts that left are no peers, and one that is banned hears why', async () => {
  const coordinator = await started();
  const client = new Client(coordinator);
  const peers = async (): Promise<string[]> =>
    (await client.call<Peers>('GET', '/api/v1/peers')).body.peers.map(({ name }) => name);
  const [stays, leaves] = [await TestHost.join(coordinator), await TestHost.join(coordinator)];
  const names = [stays, leaves].map(({ welcome }) => welcome?.pseudonym ?? '');
  expect((await until(peers, (found) => found.length === 3)).slice(1).sort()).toEqual(names.toSorted());
  await leaves.close();
  expect(await until(peers, (found) => found.length === 2)).toEqual(['coordinator', names[0]]);
  expect((await client.call<string>('GET', '/api/v1/peers.csv')).body).not.toContain(names[1]);
  await client.operator('POST', `/hosts/${stays.hostId}/ban`, { reason: 'its answers are made up' });
  const refusal = await stays.next(({ t }) => t === 'refuse');
  const message = 'The operator has banned this host: its answers are made up';
  expect(refusal).toMatchObject({ t: 'refuse', code: 'MH-HST-001', message });
  await expect(TestHost.join(coordinator, { key: stays.key })).rejects.toThrow('MH-HST-001');
});

test('the last active project comes first; pages follow one another; pending ones are not shown', async () => {
  const client = new Client(await started({ isOpen: false }));
  const names = ['first', 'second', 'third', 'waiting'];
  const scientists = names.map((name) => new Scientist(client, name));
  for (const scientist of scientists) {
    await scientist.found();
    await scientist.state();
    if (scientist.name !== 'waiting') await client.operator('POST', `/projects/${scientist.projectId}/approve`);
  }
  const page = async (query: string): Promise<Questions> =>
    (await client.call<Questions>('GET', `/api/v1/questions?${query}`)).body;
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const { questions, next } = await page(`limit=1${after}`);
    seen.push(...questions.map(({ project }) => project.name));
    if (next === null) break;
    after = `&after=${next}`;
  }
  expect(seen.toSorted()).toEqual(['first', 'second', 'third']);
  const activity = (await page('limit=3')).questions.map(({ lastActivityMs }) => lastActivityMs);
  expect(activity).toEqual(activity.toSorted((left, right) => right - left));
  await scientists[0]?.publishChecked();
  await scientists[0]?.submit();
  const [top] = (
    await until(
      () => page('limit=2'),
      ({ questions }) => questions[0]?.openBatches === 1,
    )
  ).questions;
  expect(top?.project.name).toBe('first');
  for (const query of ['limit=0', 'limit=101', 'after=x', 'after=1-proj'])
    expect((await client.call('GET', `/api/v1/questions?${query}`)).status, query).toBeGreaterThanOrEqual(400);
  const unknown = await client.call('GET', `/api/v1/batches/batch_${'a'.repeat(52)}/story`);
  expect(unknown).toMatchObject({ status: 404, body: { code: 'MH-GEN-003' } });
});

test('a batch that was cancelled, expired or stopped says so everywhere, and nothing of it failed', async () => {
  const client = new Client(await started());
  const cases = [
    { word: 'cancelled', state: 'cancelled', endedCode: 'MH-VAL-004', ended: { cancelled: 2, expired: 0, stopped: 0 } },
    { word: 'stopped', state: 'cancelled', endedCode: 'MH-VAL-006', ended: { cancelled: 0, expired: 0, stopped: 2 } },
    { word: 'expired', state: 'expired', endedCode: 'MH-VAL-005', ended: { cancelled: 0, expired: 2, stopped: 0 } },
  ] as const;
  for (const { word, state, endedCode, ended } of cases) {
    const scientist = await new Scientist(client, word).prepare();
    const { batchId } = (await scientist.submit(word === 'expired' ? { expiresAfterMs: 1000 } : {})).body;
    const path = `/api/v1/batches/${batchId}`;
    if (word === 'stopped') await client.operator('POST', `/app-versions/${scientist.appVersionId}/stop`);
    if (word === 'cancelled') await client.call('POST', `${path}/cancel`, { signer: scientist.key, json: {} });
    const shown = await until(
      () => client.call<Batch>('GET', path),
      ({ body }) => body.counts.failed === 2,
    );
    const counts = { total: 2, failed: 2, ended };
    expect(shown.body, word).toMatchObject({ state, endedCode, counts });
    const listed = await client.call<Batch[]>('GET', `/api/v1/projects/${scientist.projectId}/batches`);
    expect(listed.body, word).toMatchObject([{ state, endedCode, counts }]);
    const retried = await client.call('POST', `${path}/retry`, { signer: scientist.key, json: { indexes: null } });
    expect(retried, word).toMatchObject({ status: 409, body: { code: 'MH-BAT-004', meta: { endedCode } } });
    expect(retried.body.message).toContain('another name');
  }
  const ended = { cancelled: 2, expired: 2, stopped: 2 };
  expect((await client.call('GET', '/api/v1/stats')).body).toMatchObject({ units: { total: 6, failed: 6, ended } });
  const { questions } = (await client.call<Questions>('GET', '/api/v1/questions')).body;
  for (const { project, openBatches, counts } of questions) {
    expect(openBatches).toBe(0);
    expect(counts.ended).toEqual(cases.find(({ word }) => word === project.name)?.ended);
  }
  const { body: metrics } = await client.call<string>('GET', '/metrics');
  for (const kind of Object.keys(ended)) expect(metrics).toContain(`manyhands_units_${kind}_count 2`);
});
