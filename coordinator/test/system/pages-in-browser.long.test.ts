// The pages of a real coordinator in a real browser: without scripts they read well; with them the running page takes their place, and nothing is there twice.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RunningCoordinator } from '@manyhands/coordinator';
import { atEnd, temporaryFolder } from '@manyhands/testing';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { genesisOf } from '../support/records.js';
import { Client, started } from '../support/running.js';
import { Scientist, unitOf } from '../support/scientist.js';
import { TestHost } from '../support/test-host.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const isRequired = process.env.MANYHANDS_REQUIRE_ALL === '1';
const SCREENS = join(import.meta.dirname, '../../../.build/screens');
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const WIDTHS = { desktop: 1280, phone: 390 } as const;
const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const DESCRIPTION =
  'The genome of a bacterium holds the remains of viruses.\nEach unit compares one window of it with the genome of a virus.';

describe.runIf(existsSync(CHROMIUM) || isRequired)('the pages of a coordinator', () => {
  let coordinator: RunningCoordinator;
  let paths: Record<string, string>;
  let axe: string;

  beforeAll(async () => {
    coordinator = await started();
    const client = new Client(coordinator);
    const scientist = await new Scientist(client).prepare();
    await scientist.submit({ name: 'older', units: [unitOf('one')] });
    const units = Array.from({ length: 9 }, (_, index) => unitOf(`unit-${index}`));
    const { batchId } = (await scientist.submit({ name: 'newer', units })).body;
    for (let count = 0; count < 2; count++) await (await TestHost.join(coordinator)).workAll();
    const other = new Scientist(client, 'long');
    const texts = { question: `${LONG}? ${LONG}?`, title: LONG.slice(0, 80), description: DESCRIPTION };
    const genesis = other.sealed({ ...genesisOf('long', other.key), ...texts }, 'project-genesis');
    const { projectId } = (await client.call('POST', '/api/v1/projects', { json: { genesis, invitation: null } }))
      .body as unknown as { projectId: string };
    paths = {
      home: '/',
      project: `/projects/${scientist.projectId}`,
      batch: `/projects/${scientist.projectId}?batch=${batchId}`,
      long: `/projects/${projectId}`,
      leaderboard: '/leaderboard',
      computers: '/leaderboard?kind=hosts&period=recent',
      network: '/network',
      join: '/join',
      unknown: '/no-such-page',
    };
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await mkdir(SCREENS, { recursive: true });
  });

  async function browser(javaScriptEnabled: boolean): Promise<BrowserContext> {
    const options = { executablePath: CHROMIUM, args: FLAGS, javaScriptEnabled, locale: 'en-GB' };
    const context = await chromium.launchPersistentContext(await temporaryFolder('chromium'), options);
    atEnd(() => context.close());
    // The runner alone ends a test that hangs.
    context.setDefaultTimeout(0);
    return context;
  }

  test('without scripts: every page, both themes, desktop and phone; nothing overflows', async () => {
    const context = await browser(false);
    const page = await context.newPage();
    const faults = watch(page);
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [device, width] of Object.entries(WIDTHS))
        for (const [name, path] of Object.entries(paths)) {
          const look = `plain-${name}-${device}-${colorScheme}`;
          await page.setViewportSize({ width, height: 844 });
          await page.emulateMedia({ colorScheme });
          await page.goto(coordinator.url + path);
          await page.screenshot({ path: join(SCREENS, `${look}.png`), fullPage: true });
          expect(await page.locator('h1').count(), look).toBe(1);
          expect(await overflow(page), `${look} overflows`).toBe(0);
        }
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
  });

  test('without scripts: axe finds nothing', async () => {
    // Axe is a script itself: it runs where those of the page do not come.
    const page = await (await browser(true)).newPage();
    await page.route('**/*.js', (route) => route.abort());
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [name, path] of Object.entries(paths)) {
        await page.emulateMedia({ colorScheme });
        await page.goto(coordinator.url + path);
        expect(await page.locator('.served').count(), name).toBe(1);
        expect(await violations(page, axe), `${name} ${colorScheme}`).toEqual([]);
      }
  });

  test('with scripts: the running page takes the place, once, and only its own head stays', async () => {
    const context = await browser(true);
    const page = await context.newPage();
    const faults = watch(page);
    for (const [name, path] of Object.entries(paths)) {
      const served = await (await fetch(coordinator.url + path)).text();
      await page.goto(coordinator.url + path);
      await page.locator('.served').waitFor({ state: 'detached' });
      const heading = await page.locator('h1').textContent();
      expect(served, name).toContain(`>${heading}</h1>`);
      expect(await page.locator('main').count(), name).toBe(1);
      expect(await page.locator('#root > *').count(), name).toBeGreaterThan(0);
      expect(await page.locator('head title').count(), name).toBe(1);
      expect(await page.locator('[data-served]').count(), name).toBe(0);
    }
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
  });

  test('what the server sent stays while the answers of the interface fail, and gives way when they come', async () => {
    const context = await browser(true);
    const page = await context.newPage();
    let isAway = true;
    await page.route('**/api/**', (route) => (isAway ? route.fulfill({ status: 503, body: '{}' }) : route.continue()));
    await page.goto(`${coordinator.url}/leaderboard`);
    await page.locator('[role=alert]').waitFor({ state: 'attached' });
    expect(await page.locator('.served h1').isVisible()).toBe(true);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    isAway = false;
    await page.locator('.served').waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  });

  test('the command for joining is the same with and without scripts', async () => {
    const page = await (await browser(true)).newPage();
    await page.route('**/*.js', (route) => route.abort());
    await page.goto(`${coordinator.url}/join?project=science`);
    const command = await page.locator('#command').textContent();
    await page.unroute('**/*.js');
    await page.reload();
    await page.locator('.served').waitFor({ state: 'detached' });
    expect(await page.locator('main').textContent()).toContain(command);
  });

  test('an address that names a part of the page leads there', async () => {
    const page = await (await browser(true)).newPage();
    await page.setViewportSize({ width: 390, height: 600 });
    await page.goto(`${coordinator.url}/join#what-others-see`);
    await page.locator('.served').waitFor({ state: 'detached' });
    await page.waitForFunction(() => {
      const heading = document.querySelector('#what-others-see');
      return heading !== null && heading.getBoundingClientRect().top < window.innerHeight;
    });
  });
});

function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  return faults;
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function violations(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Found = { id: string; nodes: { html: string }[] };
    const { axe: checker } = window as unknown as { axe: { run(): Promise<{ violations: Found[] }> } };
    const { violations: found } = await checker.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}
