import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { coordinator } from '../fixtures/answers.js';
import { drawPage, fakeCoordinator } from './support.js';

test('gives the one command, what it reveals, and how to leave', async () => {
  fakeCoordinator('running');
  const host = drawPage('/join');
  await expect.poll(() => host.textContent).toContain('manyhands.js worker join https://hands.example.org');
  await expect
    .element(page.getByRole('row', { name: /^Other volunteers’ computers Your IP address.*--no-p2p/ }))
    .toBeInTheDocument();
  expect(host.textContent).toContain('manyhands.js worker leave');
  expect(host.textContent).toContain(coordinator.coordinatorId);
});

test('works while the coordinator does not answer', async () => {
  fakeCoordinator('silent');
  const host = drawPage('/join');
  await expect.poll(() => host.textContent).toContain(`manyhands.js worker join ${window.location.origin}`);
});
