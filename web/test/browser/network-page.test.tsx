import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { drawPage, fakeCoordinator } from './support.js';

test('tells where the bytes came from, in a picture and in a table', async () => {
  fakeCoordinator('running');
  const host = drawPage('/network');
  await expect
    .element(page.getByRole('list', { name: /^Bytes by computer: \d+\s?% of all came from peers/ }))
    .toBeInTheDocument();
  await expect.element(page.getByRole('row', { name: /^brave-walnut-3.* 2\.4\s?MiB.*working$/ })).toBeInTheDocument();
  await expect
    .element(page.getByRole('row', { name: /^old-lantern-7.*coordinator only.*working$/ }))
    .toBeInTheDocument();
  expect(host.querySelector('a[href="/api/v1/peers.csv"]')).not.toBeNull();
});

test('never shows the coordinator as one that fetched', async () => {
  fakeCoordinator('running');
  drawPage('/network');
  await expect.element(page.getByRole('row', { name: /^coordinator.* – – 4\.5\s?MiB/ })).toBeInTheDocument();
});

test('is empty at first', async () => {
  fakeCoordinator('empty');
  drawPage('/network');
  await expect.element(page.getByText(/No computer has joined yet/)).toBeInTheDocument();
});
