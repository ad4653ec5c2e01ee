// One Chromium for the tests of a file, with the built pages and recorded answers behind it.
import { existsSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { type FixtureServer, startFixtureServer } from './fixture-server.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Whether these tests can run, or must. */
export const hasBrowser = existsSync(CHROMIUM) || process.env.MANYHANDS_REQUIRE_ALL === '1';
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export type Browser = {
  readonly server: FixtureServer;
  /** A fresh profile: storage, pages and their time are its own. */
  newContext(): Promise<BrowserContext>;
  stop(): Promise<void>;
};

export async function startBrowser(): Promise<Browser> {
  const server = await startFixtureServer();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return {
    server,
    async newContext() {
      const context = await browser.newContext({ bypassCSP: false, locale: 'en-GB', timezoneId: 'Europe/Paris' });
      // Waits have no limits of their own: the runner ends a test that hangs.
      context.setDefaultTimeout(0);
      context.setDefaultNavigationTimeout(0);
      return context;
    },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

/** Fonts are there, and nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
}
