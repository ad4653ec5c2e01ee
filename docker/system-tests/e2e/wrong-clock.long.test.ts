// A scientist and a volunteer whose clocks are wrong, and a coordinator whose clock is right: the work is done as if they were right.
import { readFile, writeFile } from 'node:fs/promises';
import { clockWrongBy, ManyhandsProcess, manyhands } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { probeFile } from '../support/programs.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0 });
});
afterAll(() => cluster.stop());

test.for([
  [1, -1000],
  [1000, -1],
] as const)('the scientist’s by %i hours, the volunteer’s by %i', async ([scientistHours, volunteerHours]) => {
  const wrongBy = (hours: number) => ({ environment: { NODE_OPTIONS: `--import ${clockWrongBy(hours)}` } });
  const name = `late-${scientistHours}`;
  const at = ['--coordinator', cluster.url, '--data', cluster.path(`${name}-scientist`), '--json'];
  const created = await manyhands(['project', 'create', name, ...at], wrongBy(scientistHours));
  expect(created.exitCode, created.stderr).toBe(0);
  const volunteer = new ManyhandsProcess(
    ['worker', 'join', cluster.url, '--data', cluster.path(name), '--cpus', '1', '--no-p2p', '--json'],
    wrongBy(volunteerHours),
  );
  await volunteer.event('joined');
  const lines = cluster.path(`${name}.txt`);
  await writeFile(lines, 'bytes 100000\n');
  const results = cluster.path(`${name}-results`);
  const words = ['map', await probeFile(), '--project', name, '--each-line', lines, '--out', results, '--quorum', '1'];
  const mapped = await manyhands([...words, ...at], wrongBy(scientistHours));
  expect(mapped.exitCode, mapped.stderr).toBe(0);
  expect((await readFile(`${results}/000001`)).length).toBeGreaterThan(90_000);
  await volunteer.stop();
});
