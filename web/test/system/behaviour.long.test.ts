// How the built pages behave in a real browser: by keyboard, over a reload, and when the coordinator is slow, gone or renewed.
import { until } from '@manyhands/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../fixtures/answers.js';
import { type Browser, hasBrowser, settled, startBrowser } from './browser.js';

const PROJECT = `/projects/${project.projectId}`;
/** A page that asks often shows that its figures are old after a few of these. */
const STEP_MS = 2000;

describe.runIf(hasBrowser)('the built pages', () => {
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());
  beforeEach(async () => {
    browser.server.show('running');
    context = await browser.newContext();
  });
  // A page that stays open goes on asking.
  afterEach(() => context?.close());

  /** A page whose time can be told to pass. */
  async function open(path: string): Promise<Page> {
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${browser.server.url}${path}`);
    await settled(page);
    return page;
  }

  /** Lets time pass, step by step, until the page shows a text. */
  async function passUntil(page: Page, text: string | RegExp): Promise<void> {
    await until(`the page to show ${text}`, async () => {
      await page.clock.runFor(STEP_MS);
      return page.getByText(text).first().isVisible();
    });
  }

  test('move by keyboard from the skip link to another page, and the focus follows', async () => {
    const page = await context.newPage();
    await page.goto(`${browser.server.url}/`);
    await settled(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    await page.getByRole('link', { name: 'Network', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /pass the work on/ }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    expect(await page.title()).toBe('The network · Manyhands');
  });

  test('lead from the list to a question and its batches by links alone', async () => {
    browser.server.show('several');
    const page = await context.newPage();
    await page.goto(`${browser.server.url}/`);
    await page.getByRole('link', { name: project.question, exact: true }).press('Enter');
    await page.getByRole('heading', { level: 2, name: '45 of 68 units are done and checked' }).waitFor();
    expect(await page.getByRole('link', { name: 'Science' }).getAttribute('aria-current')).toBe('true');
    await page.getByRole('link', { name: 'too-slow' }).press('Enter');
    await page.getByRole('heading', { level: 2, name: 'Time ran out after 22 of 68 units' }).waitFor();
    expect(page.url()).toContain('?batch=batch_');
    expect(await page.getByRole('combobox').count()).toBe(0);
  });

  test('keep the chosen colours over a reload, before anything is drawn', async () => {
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${browser.server.url}/join`);
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('html[data-theme=dark]').waitFor();
    await settled(page);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(16, 25, 22)');
    await page.getByRole('button', { name: 'System' }).click();
  });

  test('keep the last good figures while the coordinator is gone, and go on when it is back', async () => {
    const page = await open(PROJECT);
    browser.server.show('gone');
    await passUntil(page, /^No news since \d\d:\d\d; trying again\.$/);
    expect(await page.getByText('45 of 68 units are done and checked').first().isVisible()).toBe(true);
    expect(await page.getByText('1,191,160 to 1,193,934').isVisible()).toBe(true);
    browser.server.show('complete');
    await passUntil(page, 'All 68 units are done and checked');
    await page
      .getByText(/No news since/)
      .first()
      .waitFor({ state: 'detached' });
  });

  test('do not call lost what is merely slow', async () => {
    const page = await open(PROJECT);
    browser.server.show(null);
    await passUntil(page, /^The coordinator is slow; this is as of \d\d:\d\d\.$/);
    expect(await page.getByText(/No news since/).count()).toBe(0);
  });

  test('say in its place that a page is not loaded, stay usable, and load it when the coordinator is back', async () => {
    const page = await open('/');
    browser.server.show('gone');
    await page.getByRole('link', { name: 'Leaderboard', exact: true }).click();
    await passUntil(page, 'This page isn’t loaded yet');
    await page.getByRole('link', { name: 'Science' }).click();
    await page.getByRole('link', { name: project.question, exact: true }).waitFor();
    await page.getByRole('link', { name: 'Leaderboard', exact: true }).click();
    await passUntil(page, 'This page isn’t loaded yet');
    // It tries by itself as well, which would take the button away before it is pressed: time stands still until then.
    await page.clock.pauseAt(await page.evaluate((stepMs) => Date.now() + stepMs, STEP_MS));
    browser.server.show('running');
    await page.getByRole('button', { name: 'Try again now' }).click();
    await page.clock.resume();
    await page.getByRole('heading', { level: 1, name: 'Who did the work' }).waitFor();
    await page.getByRole('row').nth(20).waitFor();
  });

  test('say so when the coordinator has newer pages and the old ones are gone', async () => {
    const page = await open('/');
    browser.server.show('renewed');
    await page.getByRole('link', { name: 'Network', exact: true }).click();
    await passUntil(page, 'The pages were renewed');
    browser.server.show('running');
    await page.getByRole('button', { name: 'Load the new ones' }).click();
    await page.getByRole('heading', { level: 1, name: /pass the work on/ }).waitFor();
  });

  test('ask little of what is over', async () => {
    browser.server.show('complete');
    const page = await open(PROJECT);
    browser.server.takeAsked();
    await page.clock.runFor(20_000);
    await page.evaluate(() => fetch('/api/v1/coordinator'));
    // What is asked for by the clock has been asked for before this one.
    const asked = await until('the last request', () => {
      const taken = browser.server.takeAsked();
      return taken.some((path) => path.endsWith('/coordinator')) && taken;
    });
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  test('ask nothing while nobody sees them, and at once when somebody does', async () => {
    const page = await open(PROJECT);
    const show = (state: 'hidden' | 'visible') =>
      page.evaluate((next) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => next });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await show('hidden');
    await page.evaluate(() => fetch('/api/v1/coordinator'));
    browser.server.takeAsked();
    await page.clock.runFor(120_000);
    expect(browser.server.takeAsked()).toEqual([]);
    await show('visible');
    await until('the page to ask again', () => browser.server.takeAsked().some((path) => path.includes('/overview')));
  });
});
