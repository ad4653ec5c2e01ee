// The demo that stays up, as a user runs it: the same answer on its pages, until Ctrl-C; no process left.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManyhandsProcess, temporaryFolder, until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { expectedHits, processesWith } from '../support/demo.js';
import { hasChromium, lookAtPages } from '../support/pages.js';

test.runIf(hasChromium())('a demo that stays up finds the same and shows it on its pages, until Ctrl-C', async () => {
  const folder = await temporaryFolder('demo');
  const demo = new ManyhandsProcess(['demo', '--json', '--port', '0', '--workers', '3', '--data', folder]);
  const { url, hits } = await demo.waitFor((line) => line.hits !== undefined);
  expect(hits).toEqual(await expectedHits());
  const screens = fileURLToPath(new URL('../../../.build/screens/demo', import.meta.url));
  expect(await lookAtPages(String(url), ['/', '/leaderboard', '/network', '/join', '/no-such-page'], screens)).toEqual(
    [],
  );
  expect((await fetch(`${url}/no-such-page`)).status).toBe(404);
  for (const table of ['leaderboard.csv?kind=accounts&period=total', 'peers.csv']) {
    const response = await fetch(`${url}/api/v1/${table}`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect((await response.text()).trim().split('\n').length, table).toBeGreaterThan(3);
  }
  expect(await demo.stop()).toBe(0);
  await until('the end of all its processes', async () => (await processesWith(folder)).length === 0);
});

test('Ctrl-C before the answer ends it in order, with the exit code of an interruption', async () => {
  const folder = await temporaryFolder('demo');
  const demo = new ManyhandsProcess(['demo', '--full', '--json', '--port', '0', '--data', folder]);
  await until('the first volunteer', () => existsSync(join(folder, 'parts', 'worker-1')) || demo.hasEnded);
  expect(await demo.stop('SIGINT'), demo.story()).toBe(130);
  await until('the end of all its processes', async () => (await processesWith(folder)).length === 0);
});
