// The built pages in a real browser: every page, both themes, desktop and phone. Pictures go to .build/screens.

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { otherProject, project } from '../fixtures/answers.js';
import { projectOf, type Scene } from '../fixtures/coordinator-answers.js';
import { type FixtureServer, startFixtureServer } from './fixture-server.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const isRequired = process.env.MANYHANDS_REQUIRE_ALL === '1';
const SCREENS = join(import.meta.dirname, '../../../.build/screens');
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

type Look = { readonly name: string; readonly path: string; readonly scene: Scene | null };
const PROJECT = `/projects/${project.projectId}`;
const LOOKS: Look[] = [
  { name: 'home', path: '/', scene: 'running' },
  { name: 'home-several', path: '/', scene: 'hostile' },
  { name: 'home-paused', path: '/', scene: 'paused' },
  { name: 'home-empty', path: '/', scene: 'empty' },
  { name: 'home-error', path: '/', scene: null },
  { name: 'project', path: PROJECT, scene: 'running' },
  { name: 'project-complete', path: PROJECT, scene: 'complete' },
  { name: 'project-several', path: PROJECT, scene: 'several' },
  { name: 'project-cancelled', path: PROJECT, scene: 'cancelled' },
  { name: 'project-stopped', path: PROJECT, scene: 'stopped' },
  { name: 'project-lone', path: PROJECT, scene: 'lone' },
  { name: 'project-paused', path: PROJECT, scene: 'paused' },
  { name: 'project-pending', path: PROJECT, scene: 'pending' },
  { name: 'project-error', path: PROJECT, scene: null },
  { name: 'project-without-picture', path: `/projects/${otherProject.projectId}`, scene: 'several' },
  { name: 'project-hostile', path: `/projects/${projectOf('hostile').projectId}`, scene: 'hostile' },
  { name: 'project-unknown', path: `/projects/proj_${'z'.repeat(52)}`, scene: 'running' },
  { name: 'leaderboard', path: '/leaderboard', scene: 'running' },
  { name: 'leaderboard-hosts', path: '/leaderboard?kind=hosts&period=recent', scene: 'running' },
  { name: 'leaderboard-hostile', path: '/leaderboard', scene: 'hostile' },
  { name: 'leaderboard-empty', path: '/leaderboard', scene: 'empty' },
  { name: 'leaderboard-error', path: '/leaderboard', scene: null },
  { name: 'network', path: '/network', scene: 'running' },
  { name: 'network-hostile', path: '/network', scene: 'hostile' },
  { name: 'network-empty', path: '/network', scene: 'empty' },
  { name: 'network-error', path: '/network', scene: null },
  { name: 'join', path: '/join', scene: 'running' },
  { name: 'join-project', path: `/join?project=${project.name}`, scene: 'running' },
  { name: 'join-error', path: '/join', scene: null },
  { name: 'not-found', path: '/no-such-page', scene: 'running' },
];
const THEMES = ['light', 'dark'] as const;
const WIDTHS = { desktop: 1280, phone: 390 } as const;

describe.runIf(existsSync(CHROMIUM) || isRequired)('the built pages', () => {
  let server: FixtureServer;
  let context: BrowserContext;
  let profile: string;
  let axe: string;

  beforeAll(async () => {
    server = await startFixtureServer();
    profile = await temporaryFolder();
    context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: FLAGS,
      bypassCSP: false,
      locale: 'en-GB',
      timezoneId: 'Europe/Paris',
    });
    context.setDefaultTimeout(0);
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await mkdir(SCREENS, { recursive: true });
  });
  afterAll(async () => {
    await context?.close();
    await server?.stop();
  });

  describe.each(LOOKS)('$name', (look) => {
    test.each(THEMES)('%s', async (theme) => {
      server.show(look.scene);
      for (const [device, width] of Object.entries(WIDTHS)) {
        const page = await context.newPage();
        const faults = watch(page, look.scene === null);
        await page.setViewportSize({ width, height: device === 'phone' ? 844 : 900 });
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.goto(`${server.url}${look.path}`);
        await settled(page);
        await page.screenshot({ path: join(SCREENS, `${look.name}-${device}-${theme}.png`), fullPage: true });
        expect(await violations(page, axe), `${look.name} ${device} ${theme}`).toEqual([]);
        expect(await overflow(page), `${look.name} ${device} overflows`).toBe(0);
        expect(faults).toEqual([]);
        await page.close();
      }
    });
  });

  test('moves by keyboard from the skip link to another page, and the focus follows', async () => {
    server.show('running');
    const page = await context.newPage();
    await page.goto(`${server.url}/`);
    await settled(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.getByRole('link', { name: 'Network', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /pass the work on/ }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(await page.title()).toBe('The network · Manyhands');
    await page.close();
  });

  test('keeps the chosen colours over a reload, before anything is drawn', async () => {
    server.show('running');
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${server.url}/join`);
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('html[data-theme=dark]').waitFor();
    await settled(page);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(16, 25, 22)');
    await page.getByRole('button', { name: 'System' }).click();
    await page.close();
  });

  test('keeps the last good figures when the coordinator goes away, and says so', async () => {
    server.show('running');
    const page = await context.newPage();
    await page.goto(`${server.url}/leaderboard`);
    await settled(page);
    server.show(null);
    await page.getByText(/^as of /).waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(20);
    server.show('running');
    await page.getByText(/^as of /).waitFor({ state: 'detached' });
    await page.close();
  });

  test('stays readable with forced colours', async () => {
    server.show('running');
    const page = await context.newPage();
    await page.emulateMedia({ forcedColors: 'active' });
    await page.setViewportSize({ width: 1280, height: 900 });
    for (const path of ['/', '/leaderboard', '/network']) {
      await page.goto(`${server.url}${path}`);
      await settled(page);
      await page.screenshot({ path: join(SCREENS, `forced-colours${path.replace('/', '-')}.png`), fullPage: true });
    }
    await page.close();
  });
});

/** Collects whatever the browser complains of. Failed requests are expected where the coordinator is away. */
function watch(page: Page, isAway: boolean): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    const isExpected = isAway && message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isExpected) faults.push(message.text());
  });
  return faults;
}

/** Fonts are there, and nothing is on its way any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
}

async function violations(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Found = { id: string; nodes: { html: string; failureSummary: string }[] };
    const { axe: checker } = window as unknown as { axe: { run(): Promise<{ violations: Found[] }> } };
    const { violations: found } = await checker.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
