// Reading costs a coordinator little: lists come in pages, from what is kept; shares are used up one by one; nobody works for somebody who has left.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Batch, encodeBundle, type Outcome, type Project, type Unit, utf8Bytes } from '@manyhands/contract';
import { beforeAll, expect, test } from 'vitest';
import { type Answer, Client, started, until } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { Scientist, unitOf } from '../support/scientist.js';
import { CHAIN_ROOT, indexesOf, TestHost } from '../support/test-host.js';

/** What a page may have, and what stands around it. */
const PAGE_BYTES = 600 * 1024;
const PROJECTS = 30;
const LONG_TEXT = '語'.repeat(4000);

const sizeOf = (answer: Answer): number => Buffer.byteLength(JSON.stringify(answer.body));
const nextOf = (answer: Answer): string | undefined =>
  /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];

/** Computes all units of the only batch with one host; a file makes each bundle too large for a row. */
async function compute(host: TestHost, stdoutOf: (index: number) => string, fileBytes = 0): Promise<void> {
  const bundleOf = (index: number) => {
    const files = fileBytes > 0 ? [{ name: 'data', bytes: new Uint8Array(fileBytes) }] : [];
    return encodeBundle({ exitCode: 0, stdout: utf8Bytes(stdoutOf(index)), files });
  };
  for (;;) {
    const answer = await host.requestWork(256);
    if (answer.t !== 'lease.grant') return;
    for (const lease of answer.leases) {
      const made = indexesOf(lease).map((index) => ({ index, ...bundleOf(index) }));
      const isInline = fileBytes === 0;
      for (let at = 0; at < made.length; at += 32) {
        const some = made.slice(at, at + 32);
        const successes = some.map(({ index, digest, bundle }) => [
          index,
          digest,
          bundle.length,
          5,
          2_000_000,
          1,
          CHAIN_ROOT,
        ]);
        const bundles = isInline ? some.map(({ index, bundle }) => [index, bundle]) : [];
        await host.report(host.sign(lease, { successes, bundles } as never));
      }
      if (isInline) continue;
      for (const { index, bundle } of made) {
        const path = `/api/v1/leases/${lease.leaseId}/units/${index}/result`;
        await new Client(host.target as never).call('PUT', path, { bytes: bundle, signer: host.key });
      }
    }
  }
}

let scene: Awaited<ReturnType<typeof prepared>>;
beforeAll(async () => {
  scene = await prepared();
});

const units = (count: number) => Array.from({ length: count }, (_, index) => unitOf(`unit-${index}`));

test('what a list shows of a large result is kept beside it: its bundle is not opened, nor needed', async () => {
  const { coordinator, client, scientist, dataDirectory } = scene;
  const { batchId } = (await scientist.submit({ name: 'large', units: units(2), quorum: 1 })).body;
  const host = await TestHost.join(coordinator);
  await compute(host, (index) => `answer ${index}`, 300_000);
  const path = `/api/v1/batches/${batchId}/outcomes?stdout=1`;
  const ask = () => client.call<{ outcomes: Outcome[] }>('GET', path);
  await until(ask, ({ body }) => body.outcomes.length === 2);
  await rm(join(dataDirectory, 'results'), { recursive: true });
  const shown = (await ask()).body.outcomes.map(({ index, exitCode, stdout }) => ({ index, exitCode, stdout }));
  expect(shown).toEqual([
    { index: 0, exitCode: 0, stdout: 'answer 0' },
    { index: 1, exitCode: 0, stdout: 'answer 1' },
  ]);
});

test('a page of outcomes is bounded in bytes, and says where the next begins; nothing is lost between them', async () => {
  const { coordinator, client, scientist } = scene;
  const { batchId } = (await scientist.submit({ name: 'wordy', units: units(400), quorum: 1 })).body;
  const stdoutOf = (index: number): string => String(index).padEnd(4000, '\u0001');
  await compute(await TestHost.join(coordinator), stdoutOf);
  const seen = new Map<number, string | null>();
  let pages = 0;
  for (let after = -1; ; pages++) {
    const path = `/api/v1/batches/${batchId}/outcomes?stdout=1&limit=500&after=${after}`;
    const answer = await client.call<{ outcomes: Outcome[]; next?: number | null; batch: Batch }>('GET', path);
    expect(sizeOf(answer), `page ${pages}`).toBeLessThan(PAGE_BYTES);
    const { outcomes, next, batch } = answer.body;
    for (const { index, stdout } of outcomes) seen.set(index, stdout);
    // As clients of the version before do it.
    after = outcomes.at(-1)?.sequence ?? after;
    expect(next ?? null, `page ${pages}`).toBe(seen.size < batch.counts.accepted ? after : null);
    if (outcomes.length === 0) break;
  }
  expect(pages).toBeGreaterThan(10);
  expect(seen.size).toBe(400);
  for (const [index, stdout] of seen) expect(stdout).toBe(stdoutOf(index));
});

test('units come in pages of bounded size, those in one state too', async () => {
  const { coordinator, client, scientist } = scene;
  const { batchId } = (await scientist.submit({ name: 'listed', units: units(500), quorum: 1 })).body;
  const host = await TestHost.join(coordinator);
  const granted = await host.requestWork(8);
  if (granted.t !== 'lease.grant') throw new Error('no lease');
  for (const lease of granted.leases) await host.report(host.receipt(lease));
  const all: number[] = [];
  for (let after: number | null = -1; after !== null; ) {
    const answer: Answer<{ units: Unit[]; next: number | null }> = await client.call(
      'GET',
      `/api/v1/batches/${batchId}/units?limit=500&after=${after}`,
    );
    expect(answer.body.units.length).toBeLessThanOrEqual(100);
    all.push(...answer.body.units.map(({ index }) => index));
    after = answer.body.next;
  }
  expect(all).toEqual(Array.from({ length: 500 }, (_, index) => index));
  const { body } = await client.call<{ units: Unit[]; next: number | null }>(
    'GET',
    `/api/v1/batches/${batchId}/units?state=accepted`,
  );
  expect(body.units.length).toBe(granted.leases.flatMap(indexesOf).length);
  expect(body.next).toBeNull();
});

test('a list of projects is bounded in bytes; its next page is named in a header', async () => {
  const client = new Client(await started());
  const nameOf = (at: number): string => `project-${String(at).padStart(2, '0')}`;
  for (let at = 0; at < PROJECTS; at++) {
    const scientist = new Scientist(client, nameOf(at));
    await scientist.found();
    await scientist.state({ description: LONG_TEXT });
  }
  const names: string[] = [];
  let pages = 0;
  for (let path: string | undefined = '/api/v1/projects'; path !== undefined; pages++) {
    const page: Answer<Project[]> = await client.call('GET', path);
    expect(sizeOf(page), `page ${pages}`).toBeLessThan(PAGE_BYTES);
    names.push(...page.body.map(({ name }) => name));
    path = nextOf(page);
  }
  expect(pages).toBeGreaterThan(1);
  expect(names).toEqual(Array.from({ length: PROJECTS }, (_, at) => nameOf(at)));
  const two = await client.call<Project[]>('GET', '/api/v1/projects?limit=2');
  expect([two.body.length, nextOf(two)]).toEqual([2, `/api/v1/projects?after=${two.body[1]?.projectId}&limit=2`]);
  const operators = await client.operator<Project[]>('GET', '/projects');
  expect(nextOf(operators)).toMatch(/^\/api\/v1\/operator\/projects\?after=proj_/);
});

test('the batches of a project come in pages, newest first', async () => {
  const scientist = await new Scientist(scene.client, 'lists').prepare();
  const { client } = scientist;
  for (const name of ['a', 'b', 'c']) await scientist.submit({ name });
  const path = `/api/v1/projects/${scientist.projectId}/batches`;
  const first = await client.call<Batch[]>('GET', `${path}?limit=2`);
  expect(first.body.map(({ name }) => name)).toEqual(['c', 'b']);
  const second = await client.call<Batch[]>('GET', nextOf(first) ?? '');
  expect(second.body.map(({ name }) => name)).toEqual(['a']);
  expect(nextOf(second)).toBeUndefined();
  expect((await client.call<Batch[]>('GET', path)).body).toHaveLength(3);
});

test('who has read too much is told when to come again; a project behind the same address reads on', async () => {
  const { coordinator, client, scientist } = await prepared({ readCpuMsPerSecond: 1 });
  const { batchId } = (await scientist.submit({ units: units(500) })).body;
  const path = `/api/v1/batches/${batchId}/units?limit=500`;
  const refused = await until(
    () => client.call('GET', path),
    ({ status }) => status !== 200,
  );
  expect(refused.body).toMatchObject({ code: 'MH-GEN-012', retryable: true });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // What costs nothing is answered, and so is the work.
  for (const cheap of [
    '/api/v1/coordinator',
    `/api/v1/batches/${batchId}`,
    '/healthz',
    `/api/v1/projects/${scientist.projectId}`,
  ])
    expect((await client.call('GET', cheap)).status, cheap).toBe(200);
  expect((await (await TestHost.join(coordinator)).lease(2)).length).toBeGreaterThan(0);
  expect((await client.call('GET', path, { signer: scientist.key })).status).toBe(200);
  // A key of no project reads from the share of its network, which fills up again meanwhile.
  const stranger = new Scientist(client, 'nobody').key;
  const strangers = await until(
    () => client.call('GET', path, { signer: stranger }),
    ({ status }) => status !== 200,
  );
  expect(strangers.status).toBe(429);
});

test('an answer that did not change is not sent again', async () => {
  const { client, scientist } = scene;
  const path = `/api/v1/projects/${scientist.projectId}/app-versions`;
  const first = await client.call('GET', path);
  expect(first.headers.get('cache-control')).toBe('no-cache');
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const again = await client.call('GET', path, { headers });
  expect([again.status, again.body]).toEqual([304, '']);
});

test('a waiting caller who leaves frees its place; a network has so many', async () => {
  const { coordinator, client, scientist } = scene;
  const { batchId } = (await scientist.submit({ name: 'awaited', units: units(1) })).body;
  const path = `/api/v1/batches/${batchId}/outcomes?waitMs=`;
  const leave = new AbortController();
  const { signal } = leave;
  const waiting = Array.from({ length: 64 }, () =>
    fetch(`${coordinator.url}${path}25000`, { signal }).catch(() => undefined),
  );
  const ask = () => client.call('GET', `${path}1`);
  await until(ask, ({ status }) => status === 429);
  leave.abort();
  await Promise.all(waiting);
  await until(ask, ({ status }) => status === 200);
});
