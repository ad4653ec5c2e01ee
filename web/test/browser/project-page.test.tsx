import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openBatch, otherProject, project } from '../fixtures/answers.js';
import { drawPage, fakeCoordinator } from './support.js';

test('shows the question, how far it is, who helps, and the results twice: drawn and as a table', async () => {
  fakeCoordinator('running');
  const host = drawPage('/');
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(project.question);
  await expect.element(page.getByRole('heading', { name: '45 of 68 units are done and checked' })).toBeInTheDocument();
  await expect.element(page.getByText('Ottilie')).toBeInTheDocument();
  await expect
    .element(page.getByRole('img', { name: /^Dot plot of phage lambda against E. coli 536: \d+ matches/ }))
    .toBeInTheDocument();
  await expect.element(page.getByRole('row', { name: /1,191,160 to 1,193,934/ })).toBeInTheDocument();
  expect(host.querySelectorAll('rect[fill^=url]').length).toBeGreaterThan(2);
  expect(document.title).toBe(`${project.question} · Manyhands`);
});

test('grows as units are accepted, and asks only for what is new', async () => {
  const coordinator = fakeCoordinator('running');
  const host = drawPage('/');
  await expect.element(page.getByText(/^So far: /)).toBeInTheDocument();
  coordinator.show('complete');
  await expect.element(page.getByRole('heading', { name: 'All 68 units are done and checked' })).toBeInTheDocument();
  await expect.element(page.getByText('Found: 11 stretches alike')).toBeInTheDocument();
  expect(host.querySelectorAll('rect[fill*=none], rect[fill*=half]')).toHaveLength(0);
  const outcomes = coordinator.asked.filter((path) => path.includes('/outcomes'));
  expect(outcomes.filter((path) => path.includes('after=-1'))).toHaveLength(1);
  expect(outcomes.some((path) => path.includes('after=44&'))).toBe(true);
});

test('with nothing asked here says how to begin', async () => {
  fakeCoordinator('empty');
  drawPage('/');
  await expect.element(page.getByRole('heading', { name: 'Nothing is asked here yet' })).toBeInTheDocument();
});

test('without an answer says what is safe, and recovers at once when asked to', async () => {
  const coordinator = fakeCoordinator('silent');
  const host = drawPage('/');
  await expect
    .poll(() => host.querySelector('[role=alert]')?.textContent)
    .toMatch(/the coordinator doesn’t answer.*every accepted result is safe/);
  coordinator.show('running');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(project.question);
});

test('of an unknown project is not found', async () => {
  fakeCoordinator('running');
  drawPage('/projects/proj_unknown');
  await expect.element(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeInTheDocument();
});

test('lets the reader choose another project by keyboard', async () => {
  fakeCoordinator('several');
  drawPage('/');
  const choice = page.getByRole('combobox', { name: 'Project' });
  await expect.element(choice).toBeInTheDocument();
  await userEvent.selectOptions(choice, otherProject.title);
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(otherProject.question);
  await expect.element(page.getByText(/unverified/).first()).toBeInTheDocument();
});

test('shows failures with their cause, grouped', async () => {
  fakeCoordinator('several');
  drawPage(`/projects/${otherProject.projectId}`);
  await expect
    .element(page.getByRole('row', { name: /The table of matches is full.*MH-VAL-001 MH-UNIT-002 3/ }))
    .toBeInTheDocument();
});

test('a batch in the address is the one shown', async () => {
  const coordinator = fakeCoordinator('running');
  const second = {
    ...openBatch,
    batchId: openBatch.batchId.replace('b3c', 'x3c'),
    name: 'whole-genome',
    presentation: null,
  };
  const path = `/api/v1/projects/${project.projectId}/overview`;
  const overview = await (await fetch(path)).json();
  coordinator.answer(path, { ...overview, batches: [openBatch, second] });
  drawPage(`/projects/${project.projectId}?batch=${second.batchId}`);
  await expect.element(page.getByText(/Happening now · batch whole-genome/)).toBeInTheDocument();
  await expect.element(page.getByRole('combobox', { name: 'Batch' })).toHaveValue(second.batchId);
});
