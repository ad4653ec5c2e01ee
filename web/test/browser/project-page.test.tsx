import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { otherProject, project } from '../fixtures/answers.js';
import { drawPage, fakeCoordinator } from './support.js';

const PROJECT = `/projects/${project.projectId}`;

test('shows the question, how far it is, who helps, and the results twice: drawn and as a table', async () => {
  fakeCoordinator('running');
  const host = drawPage(PROJECT);
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(project.question);
  await expect.element(page.getByRole('heading', { name: '45 of 68 units are done and checked' })).toBeInTheDocument();
  await expect.element(page.getByText('Ottilie')).toBeInTheDocument();
  await expect
    .element(page.getByRole('img', { name: /^Dot plot of phage lambda against E. coli 536: \d+ matches/ }))
    .toBeInTheDocument();
  await expect.element(page.getByRole('img', { name: /^Units accepted per 10 s, / })).toBeInTheDocument();
  await expect.element(page.getByRole('row', { name: /1,191,160 to 1,193,934/ })).toBeInTheDocument();
  expect(host.querySelectorAll('rect[fill^=url]').length).toBeGreaterThan(2);
  expect(document.title).toBe(`${project.question} · Manyhands`);
});

test('grows as units are accepted, and asks only for what is new', async () => {
  const coordinator = fakeCoordinator('running');
  const host = drawPage(PROJECT);
  await expect.element(page.getByText(/^9 matching stretches found so far/)).toBeInTheDocument();
  coordinator.show('complete');
  await expect.element(page.getByRole('heading', { name: 'All 68 units are done and checked' })).toBeInTheDocument();
  await expect.element(page.getByText('11 matching stretches found')).toBeInTheDocument();
  await expect.element(page.getByRole('heading', { name: 'Who helped' })).toBeInTheDocument();
  expect(host.querySelectorAll('rect[fill*=none], rect[fill*=half]')).toHaveLength(0);
  const outcomes = coordinator.asked.filter((path) => path.includes('/outcomes'));
  expect(outcomes.filter((path) => path.includes('after=-1'))).toHaveLength(1);
  expect(outcomes.some((path) => path.includes('after=44&'))).toBe(true);
});

test('enlarges where the matches lie, and shows everything when asked', async () => {
  fakeCoordinator('running');
  const path = `/api/v1${PROJECT}/overview`;
  const overview = await (await fetch(path)).json();
  const [batch] = overview.batches;
  const wide = { ...batch.presentation, x: { ...batch.presentation.x, start: 1, end: 4_938_920 } };
  fakeCoordinator('running').answer(path, { ...overview, batches: [{ ...batch, presentation: wide }] });
  const host = drawPage(PROJECT);
  await expect.element(page.getByRole('img', { name: /^From 1 to 4,938,920/ })).toBeInTheDocument();
  await page.getByRole('button', { name: 'Everything' }).click();
  await expect.poll(() => host.querySelectorAll('svg[aria-label^="From 1 to"]').length).toBe(0);
  await page.getByRole('button', { name: 'Around the matches' }).click();
  await expect.element(page.getByRole('img', { name: /^From 1 to 4,938,920/ })).toBeInTheDocument();
});

test('without an answer says what is safe, and recovers at once when asked to', async () => {
  const coordinator = fakeCoordinator('silent');
  const host = drawPage(PROJECT);
  await expect
    .poll(() => host.querySelector('[role=alert]')?.textContent)
    .toMatch(/the coordinator doesn’t answer.*every accepted result is safe/);
  coordinator.show('running');
  await page.getByRole('button', { name: 'Try again now' }).click();
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(project.question);
});

test('leads to another of its batches and to other questions by links', async () => {
  fakeCoordinator('several');
  drawPage(PROJECT);
  await page.getByRole('link', { name: 'too-slow' }).click();
  await expect.element(page.getByRole('heading', { name: 'Time ran out after 22 of 68 units' })).toBeInTheDocument();
  await page.getByRole('link', { name: 'known-prophage' }).click();
  await expect.element(page.getByRole('heading', { name: '45 of 68 units are done and checked' })).toBeInTheDocument();
});

test('shows failures with their cause, grouped', async () => {
  fakeCoordinator('several');
  drawPage(`/projects/${otherProject.projectId}`);
  await expect
    .element(page.getByRole('row', { name: /The table of matches is full.*MH-VAL-001 MH-UNIT-002 3/ }))
    .toBeInTheDocument();
});
