// From the command line's words to a worker's options.
import { expect, test } from 'vitest';
import { workerFolder, workerOptionsOf } from '../../src/support/worker-options.js';

const machine = { cores: 3, memoryBytes: 2 * 1024 ** 3 };
const plain = { p2p: true, logLevel: 'warn' as const, data: '/x' };

test('sizes, counts, projects and listening place are read', async () => {
  const words = {
    ...plain,
    cpus: '3',
    nice: '5',
    memory: '2G',
    disk: '512MiB',
    project: ['a', 'b'],
    listen: '0.0.0.0:8430',
    once: true,
  };
  expect(await workerOptionsOf('hands.example.org:8420', words, machine)).toEqual({
    coordinatorUrl: 'http://hands.example.org:8420',
    dataDirectory: '/x',
    isP2p: true,
    isOnce: true,
    logLevel: 'warn',
    cpus: 3,
    nice: 5,
    memoryBytes: 2 * 1024 ** 3,
    diskBytes: 512 * 1024 ** 2,
    projects: ['a', 'b'],
    overlayListenHost: '0.0.0.0',
    overlayListenPort: 8430,
  });
});

test.for([
  ['http://a b', plain],
  ['http://:::', plain],
  ['http://x', { ...plain, cpus: '0' }],
  ['http://x', { ...plain, cpus: '4' }],
  ['http://x', { ...plain, memory: '2049M' }],
  ['http://x', { ...plain, nice: '20' }],
  ['http://x', { ...plain, memory: 'much' }],
  ['http://x', { ...plain, listen: '8430' }],
  ['http://x', { ...plain, listen: 'x:99999' }],
] as const)('%s %j is refused', async ([url, words]) => {
  await expect(workerOptionsOf(url, words, machine)).rejects.toMatchObject({ code: 'MH-GEN-009' });
});

test('without --data the platform names the folder', async () => {
  expect(await workerFolder(undefined)).toMatch(/manyhands.worker$/);
});

test('--no-p2p is heard', async () => {
  expect(await workerOptionsOf('http://x', { ...plain, p2p: false }, machine)).toMatchObject({ isP2p: false });
  expect(await workerOptionsOf('http://x', plain, machine)).toMatchObject({ isP2p: true, isOnce: false });
});
