// The processes in which a program of a stranger is met, as the commands of users start them: each stands behind the walls while it computes.
import { readFileSync, writeFileSync } from 'node:fs';
import { ManyhandsProcess, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { processTree } from '../support/hostile/process-tree.js';
import { probeFile } from '../support/programs.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0 });
});
afterAll(() => cluster.stop());

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
};
const isNode = (pid: number): boolean => read(pid, 'cmdline').split('\0')[0]?.endsWith('node') ?? false;
const computedTicks = (pid: number): number => Number(read(pid, 'stat').split(' ')[13] ?? 0);

/** Of Node's processes below the command the one that computes, once its unit takes seconds. The command itself computes too: it builds. */
async function computingBelow(command: ManyhandsProcess): Promise<number> {
  return until(
    () => `a unit that computes below ${command.story()}`,
    () => {
      const pids = processTree(command.pid).map(({ pid }) => pid);
      const below = pids.filter((pid) => pid !== command.pid && isNode(pid));
      const [first, second] = below.sort((a, b) => computedTicks(b) - computedTicks(a));
      if (first === undefined || computedTicks(first) <= 300) return undefined;
      // A unit that never ends leaves behind what the others take to start.
      return second === undefined || computedTicks(first) > 3 * computedTicks(second) ? first : undefined;
    },
  );
}

function expectWalls(pid: number): void {
  const status = read(pid, 'status');
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(status).toMatch(/^CapEff:\t0+$/m);
}

const at = (name: string): string[] => ['--coordinator', cluster.url, '--data', cluster.path(name)];
const LOOP = ['--arg', 'loop', '--timeout', '30m'];

test('the executor of a worker, and a unit that is reproduced', async () => {
  const { app } = await cluster.probe();
  const batch = await app.map([{ name: 'loop', args: ['loop'] }], { name: 'loop', quorum: 1, timeoutMs: 1_800_000 });
  const worker = await cluster.startWorker('walled', ['--no-p2p']);
  expectWalls(await computingBelow(worker));
  const reproduced = new ManyhandsProcess(['unit', 'reproduce', batch.id, '0', ...at('anybody'), '--json']);
  expectWalls(await computingBelow(reproduced));
  await reproduced.kill();
  await batch.cancel();
});

test('a dry run', async () => {
  const words = ['map', await probeFile(), '--dry-run', ...LOOP, '--json'];
  writeFileSync(cluster.path('input'), 'once around');
  const files = ['--each', cluster.path('input'), '--out', cluster.path('out'), '--project', 'probes'];
  const dry = new ManyhandsProcess([...words, ...files, ...at('scientist')]);
  expectWalls(await computingBelow(dry));
  await dry.kill();
});
