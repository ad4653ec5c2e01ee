// The built pages in a real browser: every page, both themes, desktop and phone. Pictures go to .build/screens.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { otherProject, project } from '../fixtures/answers.js';
import { projectOf, type Scene } from '../fixtures/coordinator-answers.js';
import { type Browser, hasBrowser, settled, startBrowser } from './browser.js';

const SCREENS = join(import.meta.dirname, '../../../.build/screens');

type Look = {
  readonly name: string;
  readonly path: string;
  readonly scene: Scene | null;
  /** The coordinator says that there is no such thing. */
  readonly isMissing?: boolean;
};
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
  { name: 'project-unknown', path: `/projects/proj_${'z'.repeat(52)}`, scene: 'running', isMissing: true },
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

describe.runIf(hasBrowser)('the built pages', () => {
  let browser: Browser;
  let context: BrowserContext;
  let axe: string;

  beforeAll(async () => {
    browser = await startBrowser();
    context = await browser.newContext();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await mkdir(SCREENS, { recursive: true });
  });
  afterAll(() => browser?.stop());

  describe.each(LOOKS)('$name', (look) => {
    test.each(THEMES)('%s', async (theme) => {
      browser.server.show(look.scene);
      for (const [device, width] of Object.entries(WIDTHS)) {
        const page = await context.newPage();
        const faults = watch(page, look.scene === null || look.isMissing === true);
        await page.setViewportSize({ width, height: device === 'phone' ? 844 : 900 });
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.goto(`${browser.server.url}${look.path}`);
        await settled(page);
        await page.screenshot({ path: join(SCREENS, `${look.name}-${device}-${theme}.png`), fullPage: true });
        expect(await violations(page, axe), `${look.name} ${device} ${theme}`).toEqual([]);
        expect(await overflow(page), `${look.name} ${device} overflows`).toBe(0);
        expect(faults).toEqual([]);
        await page.close();
      }
    });
  });

  test('stays readable with forced colours', async () => {
    browser.server.show('running');
    const page = await context.newPage();
    await page.emulateMedia({ forcedColors: 'active' });
    await page.setViewportSize({ width: 1280, height: 900 });
    for (const path of ['/', '/leaderboard', '/network']) {
      await page.goto(`${browser.server.url}${path}`);
      await settled(page);
      await page.screenshot({ path: join(SCREENS, `forced-colours${path.replace('/', '-')}.png`), fullPage: true });
    }
    await page.close();
  });
});

/** Collects whatever the browser complains of. Where the coordinator has no answer, failed requests are expected. */
function watch(page: Page, isFailing: boolean): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    const isExpected = isFailing && message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isExpected) faults.push(message.text());
  });
  return faults;
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
