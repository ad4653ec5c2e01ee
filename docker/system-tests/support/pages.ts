// Looks at every page of a running coordinator as people do: both themes, phone and desktop, with axe and a screenshot of each.

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const WIDTHS = { phone: 390, desktop: 1280 } as const;
const THEMES = ['light', 'dark'] as const;

export type PageFault = { page: string; what: string };

/** Whether the browser is here; required in continuous integration. */
export function hasChromium(): boolean {
  const isThere = existsSync(CHROMIUM);
  if (!isThere && process.env.MANYHANDS_REQUIRE_ALL !== '1')
    console.warn(`skipped: pages in a browser (no Chromium at ${CHROMIUM})`);
  return isThere || process.env.MANYHANDS_REQUIRE_ALL === '1';
}

/** Opens each page and lists everything wrong. Screenshots go to `screens`. */
export async function lookAtPages(url: string, paths: readonly string[], screens: string): Promise<PageFault[]> {
  await mkdir(screens, { recursive: true });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const profile = await temporaryFolder();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS,
    bypassCSP: true,
  });
  context.setDefaultTimeout(0);
  try {
    const faults: PageFault[] = [];
    for (const path of paths)
      for (const theme of THEMES)
        for (const [device, width] of Object.entries(WIDTHS)) {
          const page = await context.newPage();
          const name = `${path === '/' ? 'home' : path.slice(1).replaceAll('/', '-')}-${device}-${theme}`;
          const report = (what: string): number => faults.push({ page: name, what });
          page.on('console', (message) => {
            // An address that is not known answers 404, as it must: the browser's remark on that is no fault.
            const isOfAddress = message.location().url === `${url}${path}`;
            if (message.type() === 'error' && !isOfAddress) report(`console: ${message.text()}`);
          });
          page.on('pageerror', (error) => report(`error: ${error.message}`));
          await page.setViewportSize({ width, height: device === 'phone' ? 844 : 900 });
          await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
          await page.goto(`${url}${path}`, { waitUntil: 'load' });
          // Pages poll, so the network is never idle: wait for the main part, and until nothing is on its way any more.
          await page.locator('main h1').first().waitFor();
          await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
          for (const what of await inspect(page, axe)) report(what);
          await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
          await page.close();
        }
    return faults;
  } finally {
    await context.close();
  }
}

async function inspect(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    const found = violations.map(
      ({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, `overflows by ${scrollWidth - clientWidth} px`] : found;
  });
}
