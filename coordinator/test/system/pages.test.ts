// Every address with its own page, from a real coordinator with the built pages: read as crawlers, previews and people without scripts read it.
import type { Batch, Project } from '@manyhands/contract';
import type { RunningCoordinator } from '@manyhands/coordinator';
import { beforeAll, describe, expect, test } from 'vitest';
import { genesisOf } from '../support/records.js';
import { Client, started, testFolder } from '../support/running.js';
import { Scientist } from '../support/scientist.js';

const NASTY = '</title><script src="/x.js"></script>"><img src=x onerror=alert(1)>\u202Egnp';

/** A project of that name with such texts; whether it may do anything is the coordinator's affair. */
async function found(client: Client, name: string, texts: Record<string, unknown>): Promise<Project> {
  const scientist = new Scientist(client, name);
  const genesis = scientist.sealed({ ...genesisOf(name, scientist.key), ...texts }, 'project-genesis');
  return (await client.call<Project>('POST', '/api/v1/projects', { json: { genesis, invitation: null } })).body;
}

describe('with the built pages', () => {
  let coordinator: RunningCoordinator;
  let batch: Batch;
  let nasty: Project;
  beforeAll(async () => {
    coordinator = await started();
    const client = new Client(coordinator);
    const scientist = await new Scientist(client).prepare();
    batch = (await scientist.submit({ name: 'first' })).body;
    await scientist.submit({ name: 'second' });
    nasty = await found(client, 'nasty', { question: NASTY, title: 'x'.repeat(80), description: `${NASTY}\n${NASTY}` });
  });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(coordinator.url + path, { method, headers, redirect: 'manual' });
  const text = async (path: string) => (await get(path)).text();

  test('each address has a title, a description, a preview and a heading of its own', async () => {
    const paths = ['/', `/projects/${batch.projectId}`, '/leaderboard', '/network', '/join'];
    const documents = await Promise.all(paths.map(text));
    for (const [index, document] of documents.entries()) {
      const path = String(paths[index]);
      expect(document.match(/<h1[^>]*>[^<]+<\/h1>/g), path).toHaveLength(1);
      expect(document, path).toContain(`<link data-served rel="canonical" href="${coordinator.url}${path}"`);
      expect(document, path).toContain(`property="og:url" content="${coordinator.url}${path}"`);
      expect(document, path).toContain(`property="og:image" content="${coordinator.url}/preview.png"`);
      expect(document, path).toContain('name="twitter:card" content="summary_large_image"');
      expect(document, path).toMatch(/<script type="module" crossorigin src="\/assets\//);
    }
    for (const pattern of [/<title[^>]*>(.*?)<\/title>/, /name="description" content="(.*?)"/, /<h1[^>]*>(.*?)<\/h1>/])
      expect(new Set(documents.map((document) => pattern.exec(document)?.[1])).size, String(pattern)).toBe(5);
  });

  test('a project says what it asks and how far it is, and each of its batches has an address', async () => {
    const newest = await text(`/projects/${batch.projectId}`);
    expect(newest).toContain('>What is it?</h1>');
    expect(newest).toContain('0 of 2 units are done and checked');
    expect(newest).toContain(`href="/projects/${batch.projectId}?batch=${batch.batchId}"`);
    const named = await text(`/projects/${batch.projectId}?batch=${batch.batchId}`);
    expect(named).toContain('<title data-served>What is it? · first · Manyhands</title>');
    expect(await text('/join?project=science')).toContain(`worker join ${coordinator.url} --project science<`);
    expect(await text('/join?project=none')).toContain(`worker join ${coordinator.url}<`);
    for (const path of [
      `/projects/${nasty.projectId}?batch=${batch.batchId}`,
      `/projects/${batch.projectId}?batch=none`,
    ])
      expect((await get(path)).status, path).toBe(404);
  });

  test('what strangers wrote is text in every place', async () => {
    for (const path of ['/', `/projects/${nasty.projectId}`]) {
      const document = await text(path);
      expect(document, path).toContain('&lt;/title&gt;&lt;script src=&quot;/x.js&quot;&gt;');
      expect(document, path).not.toMatch(/<script src="\/x|<img src=x|\u202E/);
    }
  });

  test.each(['*/*', 'text/html', 'application/json', 'image/png', undefined])(
    'the same page and the same status for who accepts %s',
    async (accept) => {
      const headers: Record<string, string> = accept === undefined ? {} : { accept };
      const page = await get('/leaderboard', headers);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      for (const path of ['/nothing', '/projects', '/projects/none', '/index.html', '/network/deep', '/apiary?x']) {
        const unknown = await get(path, headers);
        expect(unknown.status, path).toBe(404);
        expect(await unknown.text(), path).toContain('<h1>There is nothing at this address</h1>');
      }
      for (const path of ['/api', '/api/v1/none', '/api?x', '/assets/none.js', '/metrics/none']) {
        const unknown = await get(path, headers);
        expect(unknown.status, path).toBe(404);
        expect(await unknown.json(), path).toMatchObject({ code: 'MH-GEN-003' });
      }
    },
  );

  test('a page is asked for each time and sent only when it is another one', async () => {
    for (const method of ['GET', 'HEAD']) {
      const first = await get('/join', {}, method);
      const etag = String(first.headers.get('etag'));
      expect(first.headers.get('cache-control')).toBe('no-cache');
      expect((await get('/join', { 'if-none-match': etag }, method)).status).toBe(304);
      expect((await get('/join', { 'if-none-match': `"other", W/${etag}` }, method)).status).toBe(304);
      expect((await get('/join', { 'if-none-match': '"other"' }, method)).status).toBe(200);
    }
    const head = await get('/join', {}, 'HEAD');
    expect(await head.text()).toBe('');
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000);
    expect((await get('/none', {}, 'HEAD')).status).toBe(404);
    expect((await get('/join', {}, 'POST')).headers.get('content-type')).toContain('application/json');
  });

  test('nothing that was compressed when the pages were built is sent in place of a page', async () => {
    for (const path of ['/index.html.br', '/index.html.gz']) expect((await get(path)).status, path).toBe(404);
    const page = await get('/', { 'accept-encoding': 'br, gzip' });
    expect(page.headers.get('content-encoding')).toBeNull();
    expect((await get('/theme.js', { 'accept-encoding': 'br' })).headers.get('content-encoding')).toBe('br');
  });

  test('a slash too many leads to the one address, whatever else is in it', async () => {
    expect((await get('/leaderboard/?kind=hosts')).headers.get('location')).toBe('/leaderboard?kind=hosts');
    expect((await get(`/projects/${batch.projectId}/`)).headers.get('location')).toBe(`/projects/${batch.projectId}`);
    for (const path of ['//example.org/', '/projects//example.org/', '//leaderboard/'])
      expect((await get(path)).headers.get('location') ?? '/', path).toMatch(/^\/(?!\/)/);
  });

  test('crawlers and browsers find what they ask for by themselves', async () => {
    expect(await text('/robots.txt')).toMatch(/User-agent: \*\nDisallow: \/api\/\n/);
    for (const [path, type] of [
      ['/favicon.ico', /icon/],
      ['/favicon.svg', /svg/],
      ['/preview.png', /png/],
      ['/wordmark.svg', /svg/],
    ] as const) {
      const file = await get(path);
      expect([file.status, file.headers.get('content-type')], path).toEqual([200, expect.stringMatching(type)]);
    }
    expect((await (await get('/preview.png')).bytes()).length).toBeLessThan(60_000);
  });
});

test('a pending project has its page for who knows the address, and is named nowhere', async () => {
  const coordinator = await started({ isOpen: false });
  const project = await found(new Client(coordinator), 'waiting', {});
  const page = await fetch(`${coordinator.url}/projects/${project.projectId}`);
  expect(page.status).toBe(200);
  const document = await page.text();
  expect(document).toContain('Waiting for the operator’s approval');
  expect(document).toContain('content="noindex"');
  expect(await (await fetch(`${coordinator.url}/`)).text()).not.toContain('What is it?');
});

test('without pages it says so, and all else works', async () => {
  const { url } = await started({ webRoot: await testFolder() });
  const page = await fetch(url);
  expect(page.status).toBe(404);
  expect(await page.text()).toContain('runs without its pages');
  expect(await (await fetch(`${url}/leaderboard`)).json()).toMatchObject({ code: 'MH-GEN-003' });
  expect((await fetch(`${url}/api/v1/stats`)).status).toBe(200);
});
