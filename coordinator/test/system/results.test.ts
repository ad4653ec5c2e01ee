// What people read of results: outcomes, outputs and files, statistics, the leaderboard as a table that no spreadsheet runs.
import {
  type AccountBinding,
  accountIdOf,
  type Batch,
  encodeBundle,
  encodeDagCbor,
  hostIdOf,
  type Leaderboard,
  type Outcome,
  openBundle,
  type Peers,
  type ProjectOverview,
  type Stats,
  seal,
  utf8Bytes,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { accountGenesisOf, keyOf } from '../support/records.js';
import { until } from '../support/running.js';
import { scene } from '../support/scene.js';
import { answerOf, CHAIN_ROOT, TestHost } from '../support/test-host.js';

type Scene = Awaited<ReturnType<typeof scene>>;

const DANGEROUS_LABEL = '=HYPERLINK("http://example.org";"click")';

/** Two hosts, one of them of an account whose label looks like a formula. */
async function hostsOf({ coordinator }: Scene): Promise<[TestHost, TestHost]> {
  const key = keyOf('dangerous');
  const { coordinatorId } = coordinator;
  const genesis = accountGenesisOf(DANGEROUS_LABEL, key);
  const hostKey = keyOf('its host');
  const hostId = hostIdOf(hostKey.publicKey);
  const delegation = { version: 1, accountId: accountIdOf(encodeDagCbor(genesis)), hostId };
  const binding: AccountBinding = {
    kind: 'key',
    genesis: seal(genesis, { type: 'account-genesis', coordinatorId }, key),
    delegation: seal(delegation, { type: 'account-delegation', coordinatorId }, key),
  };
  return [await TestHost.join(coordinator), await TestHost.join(coordinator, { key: hostKey, binding })];
}

async function completed(unitCount: number, bytes = answerOf): Promise<Scene> {
  const made = await scene(unitCount);
  for (const host of await hostsOf(made)) await host.workAll(bytes);
  const ended = await until(made.batch, ({ completedAtMs }) => completedAtMs !== null);
  expect(ended.state).toBe('complete');
  return made;
}

test('outcomes come in order, with names and, when asked for, short outputs', async () => {
  const { client, batchId } = await completed(3, (index) => (index === 1 ? 'x'.repeat(5000) : answerOf(index)));
  const get = (query: string) =>
    client.call<{ outcomes: Outcome[]; batch: Batch }>('GET', `/api/v1/batches/${batchId}/outcomes?${query}`);
  const { outcomes, batch } = (await get('stdout=1')).body;
  expect(batch.counts.accepted).toBe(3);
  expect(outcomes.map(({ sequence }) => sequence)).toEqual([...outcomes.map(({ sequence }) => sequence)].sort());
  const stdoutOf = Object.fromEntries(outcomes.map(({ name, stdout }) => [name, stdout]));
  expect(stdoutOf).toEqual({ 'unit-0000': 'answer 0', 'unit-0001': null, 'unit-0002': 'answer 2' });
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  const [first] = outcomes as [Outcome];
  const rest = (await get(`after=${first.sequence}&limit=1`)).body.outcomes;
  expect(rest).toEqual([{ ...outcomes[1], stdout: null, exitCode: null }]);
  expect((await get('after=99&waitMs=5000')).body.outcomes).toEqual([]);
});

test('a waiting caller hears of the first outcome', async () => {
  const made = await scene(1);
  const path = `/api/v1/batches/${made.batchId}/outcomes?waitMs=25000`;
  const ask = async () => (await made.client.call<{ outcomes: Outcome[] }>('GET', path)).body.outcomes;
  const waiting = until(ask, (outcomes) => outcomes.length > 0);
  for (const host of await hostsOf(made)) await host.workAll();
  expect(await waiting).toMatchObject([{ name: 'unit-0000', state: 'accepted' }]);
});

test('outputs and files are handed out as files that no browser runs', async () => {
  const made = await scene(1);
  const { coordinator, client, batchId } = made;
  const files = [{ name: 'out/page.html', bytes: utf8Bytes('<script>alert(1)</script>') }];
  const result = { exitCode: 0, stdout: utf8Bytes('<b>bold</b>'), files };
  const { digest, bundle } = encodeBundle(result);
  for (const host of await hostsOf(made)) {
    const [lease] = await host.lease();
    if (!lease) throw new Error('no lease');
    const successes = [[0, new Uint8Array(digest), bundle.length, 5, 2_000_000, 1, CHAIN_ROOT]] as never;
    await host.report(host.sign(lease, { successes, bundles: [[0, new Uint8Array(bundle)]] }));
  }
  const unit = `${coordinator.url}/api/v1/batches/${batchId}/units/0`;
  for (const [path, content] of [
    ['stdout', '<b>bold</b>'],
    ['files/out/page.html', '<script>alert(1)</script>'],
  ] as const) {
    const answer = await fetch(`${unit}/${path}`);
    expect(await answer.text(), path).toBe(content);
    expect(answer.headers.get('content-type'), path).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition'), path).toMatch(/^attachment; /);
    expect(answer.headers.get('content-security-policy'), path).toBe("default-src 'none'; sandbox");
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
  }
  const hex = Buffer.from(digest).toString('hex');
  const whole = await fetch(`${coordinator.url}/api/v1/results/${hex}`);
  expect(openBundle(new Uint8Array(await whole.arrayBuffer()), digest)?.result.files[0]?.name).toBe('out/page.html');
  expect((await client.call('GET', `/api/v1/batches/${batchId}/units/0/files/none`)).body.code).toBe('MH-GEN-003');
});

test('statistics, overview, leaderboard and peers agree with what was accepted; names only, no keys or addresses', async () => {
  const { coordinator, client, scientist } = await completed(4);
  const { body: stats } = await client.call<Stats>('GET', '/api/v1/stats');
  expect(stats).toMatchObject({
    ...{ hosts: { online: 2, total: 2 }, creditMilli: 8000 },
    units: { total: 4, accepted: 4, waiting: 0 },
  });
  const overview = await client.call<ProjectOverview>('GET', `/api/v1/projects/${scientist.projectId}/overview`);
  expect(overview.body.batches).toMatchObject([{ state: 'complete', creditMilli: 8000 }]);
  expect(overview.body.throughput.points.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(4);
  expect(overview.body.hands.map(({ creditMilli }) => creditMilli)).toEqual([4000, 4000]);
  const { body: board } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard');
  expect(board.rows.map(({ isAnonymous }) => isAnonymous).sort()).toEqual([false, true]);
  const { body: network } = await client.call<Peers>('GET', '/api/v1/peers');
  expect(network.peers.map(({ kind }) => kind).sort()).toEqual(['coordinator', 'worker', 'worker']);
  for (const path of ['leaderboard', 'leaderboard?kind=hosts', 'peers', 'stats', 'leaderboard.csv', 'peers.csv']) {
    const text = await (await fetch(`${coordinator.url}/api/v1/${path}`)).text();
    expect(text, path).not.toMatch(/host_|acct_|127\.0\.0\.1|publicKey/);
  }
});

test('tables for spreadsheets are CSV without formulas, at addresses of their own', async () => {
  const { coordinator } = await completed(1);
  const leaderboard = await fetch(`${coordinator.url}/api/v1/leaderboard.csv`);
  expect(leaderboard.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const [head, ...rows] = (await leaderboard.text()).trimEnd().split('\r\n');
  expect(head).toBe('rank,name,anonymous,credit_cobblestones,accepted_replicas,hosts,online');
  expect(rows).toHaveLength(2);
  const dangerous = rows.find((row) => row.includes('HYPERLINK'));
  expect(dangerous).toContain(`,"'=HYPERLINK(""http://example.org"";""click"")",false,1,1,1,true`);
  const peers = await (await fetch(`${coordinator.url}/api/v1/peers.csv`)).text();
  expect(peers.split('\r\n')[0]).toMatch(/^name,kind,online,path,/);
  expect(peers.trimEnd().split('\r\n')).toHaveLength(4);
});

test('the metrics tell the same numbers, with their units in their names', async () => {
  const { coordinator } = await completed(2);
  const text = await (await fetch(`${coordinator.url}/metrics`)).text();
  expect(text).toMatch(/^manyhands_units_accepted_count 2$/m);
  expect(text).toMatch(/^manyhands_credit_millicobblestones 4000$/m);
  expect(text).toMatch(/^manyhands_hosts_online_count 2$/m);
  const names = [...text.matchAll(/^# TYPE (manyhands_\w+)/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(12);
  for (const name of names) expect(name).toMatch(/_(seconds|bytes|count|millicobblestones|state)$/);
  expect(text).toContain('route="/api/v1/projects/:projectId/batches"');
});

test('the results of a batch that ended long ago are gone, its credit stays', async () => {
  const made = await scene(1, { retentionMs: 0, retentionIntervalMs: 100 });
  for (const host of await hostsOf(made)) await host.workAll();
  const { client, batchId } = made;
  await until(
    () => client.call('GET', `/api/v1/batches/${batchId}/units/0/stdout`),
    ({ status }) => status === 404,
  );
  const { body } = await client.call<Batch>('GET', `/api/v1/batches/${batchId}`);
  expect(body).toMatchObject({ state: 'complete', creditMilli: 2000 });
  const { body: board } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard');
  expect(board.rows.map(({ creditMilli }) => creditMilli)).toEqual([1000, 1000]);
});
