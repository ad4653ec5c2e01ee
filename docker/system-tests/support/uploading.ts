// Large results and checkpoints over a line that is cut, past kills of worker and coordinator: each computed once, and no byte sent much more than once.
import type { App } from '@manyhands/sdk';
import { childrenOf, cpuMsOf, innermostOf, until } from '@manyhands/testing';
import { expect } from 'vitest';
import type { Cluster } from './cluster.js';
import { Line } from './line.js';

const MIB = 2 ** 20;
/** Parts under way when the line is cut, and what else goes up. */
const REPEATED_MIB = 3;
/** A leaving worker hands over what ran for two seconds; what its executor does before it begins is part of this. */
const WORTH_MS = 5000;

/** `port`: where the line leads, by default to the coordinator itself. `mebibytes`: of the whole. The line is cut after a good third of it. */
export type Plan = { cluster: Cluster; app: App; mebibytes: number; port?: number };

const cutAfterMib = ({ mebibytes }: Plan): number => Math.floor(mebibytes * 0.4);

function durableBytes(cluster: Cluster): number {
  const [row] = cluster.query<{ bytes: number }>('SELECT coalesce(sum(received_bytes), 0) AS bytes FROM upload');
  return row?.bytes ?? 0;
}

async function restartCoordinator(cluster: Cluster): Promise<void> {
  await cluster.coordinator.kill();
  await cluster.startCoordinator();
}

/** Everything went up about once, although it was cut. */
function expectNoWaste(plan: Plan, line: Line): void {
  expect(line.upBytes).toBeGreaterThan(plan.mebibytes * MIB);
  expect(line.upBytes).toBeLessThan((plan.mebibytes + REPEATED_MIB) * MIB);
}

/** A result is computed once and goes up once, though the line is cut and both sides are killed on the way. */
export async function uploadResult(plan: Plan): Promise<void> {
  const { cluster, app, mebibytes } = plan;
  const inputs = [{ name: 'large', args: ['bytes', String(mebibytes * MIB)] }];
  const batch = await app.map(inputs, { name: 'large', quorum: 1, outputMaximumBytes: 64 * MIB });
  const line = await Line.to(plan.port ?? cluster.port);
  const cut = line.cutAfter(cutAfterMib(plan) * MIB);
  const worker = await cluster.startWorker('uploader', ['--no-p2p'], line.url);
  await cut;
  await worker.kill();
  const before = durableBytes(cluster);
  expect(before).toBeGreaterThan((cutAfterMib(plan) - REPEATED_MIB) * MIB);
  await restartCoordinator(cluster);
  expect(durableBytes(cluster), 'what was acknowledged is there').toBe(before);
  line.mend();
  const again = await cluster.startWorker('uploader', ['--no-p2p'], line.url);
  expect((await batch.wait()).counts.accepted).toBe(1);
  expectNoWaste(plan, line);
  expect((await batch.status()).replicas).toMatchObject({ leased: 1, reported: 1, agreed: 1 });
  expect(durableBytes(cluster)).toBe(0);
  for await (const result of batch.results()) expect(result.stdout.length).toBe(mebibytes * MIB);
  await again.stop();
}

/** A leaving worker brings its checkpoint over a line that is cut, past a restart of the coordinator; another one goes on from it. */
export async function handOverCheckpoint(plan: Plan): Promise<void> {
  const { cluster, app, mebibytes } = plan;
  const inputs = [{ name: 'hoard', args: ['hoard', String(mebibytes), '2000'] }];
  const batch = await app.map(inputs, { name: 'hoard', quorum: 1 });
  const line = await Line.to(plan.port ?? cluster.port);
  const worker = await cluster.startWorker('leaver', ['--no-p2p'], line.url);
  await until('a unit that is worth handing over', () => {
    const [executor] = childrenOf(worker.pid, 'executor');
    return executor !== undefined && cpuMsOf(innermostOf(executor)) > WORTH_MS;
  });
  const cut = line.cutAfter(cutAfterMib(plan) * MIB);
  worker.signal('SIGINT');
  await cut;
  await restartCoordinator(cluster);
  expect(durableBytes(cluster)).toBeGreaterThan((cutAfterMib(plan) - REPEATED_MIB) * MIB);
  line.mend();
  expect(await worker.exit(), worker.story()).toBe(0);
  expectNoWaste(plan, line);
  expect((await batch.unit(0)).replicas.map(({ state }) => state)).toEqual(['handed-over']);
  const heir = await cluster.startWorker('heir', ['--no-p2p']);
  expect((await batch.wait()).counts.accepted).toBe(1);
  expect((await batch.unit(0)).replicas.map(({ state }) => state).sort()).toEqual(['agreed', 'handed-over']);
  await heir.stop();
}
