// The seed process: comes back at the same ports when it is killed, never outlives its parent, holds no more than it needs; and fetches resume.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rawCidOf } from '@manyhands/contract';
import { superviseSeed } from '@manyhands/overlay-node';
import { temporaryFolder } from '@manyhands/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOST, startPeer, startSeed, Tracker } from '../support/nodes.js';

const MEBIBYTE = 1024 * 1024;
/** Fetches end by themselves. */
const withoutLimit = () => new AbortController().signal;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const FETCH_FILE = new URL('../support/fetch-file.mjs', import.meta.url);
const SUPERVISE = new URL('../support/supervise.mjs', import.meta.url);

function start(script: URL): ChildProcess {
  const child = fork(fileURLToPath(script), { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('the seed', () => {
  it('killed in the middle of a fetch comes back at the same ports, and the fetch completes', async () => {
    const { seed, gatewayUrl, ref, bytes } = await startSeed(24 * MEBIBYTE);
    const before = seed.info();
    const { fetcher, store } = await startPeer({ gatewayUrl, originPeer: before.overlay, tracker: new Tracker() });
    const fetched = fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    await expect.poll(() => store.usedBytes()).toBeGreaterThan(0);
    process.kill(before.pid, 'SIGKILL');
    await fetched;
    expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
    await expect.poll(() => seed.info().pid).not.toBe(before.pid);
    expect(seed.info()).toMatchObject({ overlay: before.overlay, gatewayPort: before.gatewayPort });
    expect((await fetch(`${gatewayUrl}/blocks/${ref.cid}`)).status).toBe(200);
  });

  it('ends when its parent is killed', async () => {
    const parent = start(SUPERVISE);
    parent.send({ blocksDirectory: await temporaryFolder() });
    const [{ pid }] = (await once(parent, 'message')) as [{ pid: number }];
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('ends when it is told to', async () => {
    const { seed } = await startSeed(1000);
    const { pid } = seed.info();
    await seed.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'gets nothing of the environment but the place of compiled code, and no key by its arguments',
    async () => {
      const { seed } = await startSeed(1000);
      const environment = await readFile(`/proc/${seed.info().pid}/environ`, 'utf8');
      const names = environment.split('\0').flatMap((entry) => entry.split('=')[0] || []);
      expect(names.every((name) => name.startsWith('NODE_CHANNEL_') || name === 'NODE_COMPILE_CACHE')).toBe(true);
      expect(await readFile(`/proc/${seed.info().pid}/cmdline`, 'utf8')).not.toMatch(/[0-9a-f]{64}/);
    },
  );

  it.each(['gatewayPort', 'overlayPort'] as const)('says so when its %s is in use', async (port) => {
    const server = createServer().listen(0, HOST);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port: taken } = server.address() as { port: number };
    const ports = { gatewayPort: 0, overlayPort: 0, [port]: taken };
    const options = {
      blocksDirectory: await temporaryFolder(),
      keySeed: new Uint8Array(32),
      host: HOST,
      announceHosts: [],
    };
    const started = superviseSeed({ ...options, ...ports }, { onEgress: () => {} });
    await expect(started).rejects.toMatchObject({ code: 'MH-GEN-006' });
  });
});

describe('a fetcher that was killed', () => {
  it('goes on where it stopped: no block that it stored is fetched again', async () => {
    const { gatewayUrl, ref, bytes, egress } = await startSeed(12 * MEBIBYTE);
    const directory = await temporaryFolder();
    const first = start(FETCH_FILE);
    const stored = new Set<string>();
    const killed = once(first, 'exit');
    first.on('message', (message: { stored?: string }) => {
      if (message.stored !== undefined) stored.add(message.stored);
      if (stored.size === 6) first.kill('SIGKILL');
    });
    first.send({ directory, gatewayUrl, ref, storedMaximum: 6 });
    await killed;
    const second = start(FETCH_FILE);
    const refetched: string[] = [];
    second.on('message', (message: { stored?: string }) => {
      if (message.stored !== undefined && stored.has(message.stored)) refetched.push(message.stored);
    });
    const done = new Promise<{ stats: { fromOriginBytes: number } }>((resolve) => {
      second.on('message', (message: { done?: boolean; stats: { fromOriginBytes: number } }) => {
        if (message.done) resolve(message);
      });
    });
    second.send({ directory, gatewayUrl, ref, storedMaximum: 1_000 });
    const { stats } = await done;
    expect(refetched).toEqual([]);
    expect(stats.fromOriginBytes).toBeLessThan(bytes.length - 4 * MEBIBYTE);
    await expect.poll(egress).toBeGreaterThanOrEqual(bytes.length);
  });
});
