import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { drawPage, fakeCoordinator } from './support.js';

test('ranks people, then computers, in total or lately', async () => {
  const coordinator = fakeCoordinator('running');
  const host = drawPage('/leaderboard');
  await expect.element(page.getByRole('table', { name: 'People by credit in total' })).toBeInTheDocument();
  await expect
    .element(page.getByRole('row', { name: /^1 Greenhill School, lab 2 .* 4,812\.400$/ }))
    .toBeInTheDocument();
  await page.getByRole('tab', { name: 'Computers' }).click();
  await expect.element(page.getByRole('table', { name: 'Computers by credit in total' })).toBeInTheDocument();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect.element(page.getByRole('table', { name: 'Computers by credit in 7 days' })).toBeInTheDocument();
  expect(coordinator.asked.some((path) => path.includes('kind=hosts&period=recent'))).toBe(true);
  expect(host.querySelector('a[href^="/api/v1/leaderboard.csv?kind=hosts&period=recent"]')).not.toBeNull();
});

test('finds a name, and says when none fits', async () => {
  fakeCoordinator('running');
  drawPage('/leaderboard');
  const field = page.getByRole('searchbox', { name: 'Find a name' });
  await field.fill('OTTIL');
  await expect.poll(() => page.getByRole('row').elements().length).toBe(2);
  await expect.element(page.getByRole('row', { name: /^3 Ottilie/ })).toBeInTheDocument();
  await field.fill('nobody of that name');
  await expect.element(page.getByText('No name here contains “nobody of that name”.')).toBeInTheDocument();
});

test('shows the first 25, and the rest when asked by keyboard', async () => {
  fakeCoordinator('running');
  drawPage('/leaderboard');
  const button = page.getByRole('button', { name: 'Show 6 more' });
  await expect.element(button).toBeInTheDocument();
  (button.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => page.getByRole('row').elements().length).toBe(32);
});

test('is empty at first, and says when that changes', async () => {
  fakeCoordinator('empty');
  drawPage('/leaderboard');
  await expect.element(page.getByText(/No credit has been granted yet/)).toBeInTheDocument();
});

test('that cannot be read tells that credit is safe', async () => {
  fakeCoordinator(null);
  const host = drawPage('/leaderboard');
  await expect
    .poll(() => host.querySelector('[role=alert]')?.textContent)
    .toMatch(/the coordinator is there, but slow. Credit itself is safe in the ledger.*HTTP 503 MH-GEN-006$/);
});
