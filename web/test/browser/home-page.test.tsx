import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { otherProject, project } from '../fixtures/answers.js';
import { drawPage, fakeCoordinator } from './support.js';

test('shows the next questions when asked, and keeps those it has', async () => {
  const coordinator = fakeCoordinator('several');
  drawPage('/');
  await expect.element(page.getByRole('heading', { name: project.question })).toBeInTheDocument();
  await page.getByRole('button', { name: 'Show more questions' }).click();
  await expect.element(page.getByRole('heading', { name: otherProject.question })).toBeInTheDocument();
  await expect.element(page.getByRole('heading', { name: project.question })).toBeInTheDocument();
  expect(coordinator.asked).toContain('/api/v1/questions?after=page-2');
});

test('draws the first question as a tally', async () => {
  fakeCoordinator('running');
  const host = drawPage('/');
  await expect.poll(() => host.querySelectorAll('main path.s-accepted').length).toBe(45);
});

test('appears by itself when the coordinator has its first project', async () => {
  const coordinator = fakeCoordinator('silent');
  drawPage('/');
  await expect.element(page.getByRole('button', { name: 'Try again now' })).toBeInTheDocument();
  coordinator.show('running');
  await expect.element(page.getByRole('heading', { name: project.question })).toBeInTheDocument();
});
