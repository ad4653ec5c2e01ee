// Every misbehaving program at once on real workers, good ones among them: each ends as documented, and nothing else is harmed.
import type { App, Project } from '@manyhands/sdk';
import { connect } from '@manyhands/sdk';
import { until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { assemble } from '../support/hostile/assemble.js';
import { brIf, i32, loop, Op } from '../support/hostile/code.js';
import { type ProcessMemory, processTree, totalBytes } from '../support/hostile/process-tree.js';
import { DEEP, zooModule } from '../support/hostile/zoo.js';
import { MODES, ZOO_PAGES } from '../support/hostile/zoo-modes.js';

const MEBIBYTE = 2 ** 20;
/** What two workers may keep more than before: caches and heaps that grew, but not the memories of units. */
const KEPT_MAXIMUM_BYTES = 200 * MEBIBYTE;
/** What costs more than the fuel that units have here, before it meets its own limit. */
const DEARER = new Map([['folders without end', 'MH-UNIT-008']]);
const GLUTTON_BYTES = 256 * MEBIBYTE;

let cluster: Cluster;
let project: Project;
let zoo: App;
let before: ProcessMemory[] = [];

const good = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ name: `good-${number}`, args: [String(DEEP + 10 + number)] }));
const workerTrees = (): ProcessMemory[] => [...cluster.workers.values()].flatMap(({ pid }) => processTree(pid));

beforeAll(async () => {
  cluster = await Cluster.start({ workers: 2 });
  const coordinator = await connect(cluster.url, { dataDirectory: cluster.path('scientist') });
  project = await coordinator.project('zoo', { title: 'Zoo' });
  zoo = await project.app({ name: 'zoo', wasm: zooModule(), memoryMaximumBytes: ZOO_PAGES * 65_536 });
  // Until everything has been loaded once.
  const outcomes = await outcomesOf(zoo, 'warm-up', good(4), { fuelMaximum: 400_000_000 });
  expect([...outcomes.values()].map(({ state }) => state)).toEqual(Array(4).fill('accepted'));
  before = workerTrees();
});
afterAll(() => cluster.stop());

type Outcome = { state: string; code: string | null; cause: string | null };

async function outcomesOf(
  app: App,
  name: string,
  units: readonly { name: string; args: string[] }[],
  options: { fuelMaximum?: number; timeoutMs?: number },
): Promise<Map<string, Outcome>> {
  const batch = await app.map(units, { name, ...options });
  const outcomes = new Map<string, Outcome>();
  for await (const result of batch.results({ failures: 'yield' })) {
    const failure = result.state === 'failed' ? result : null;
    outcomes.set(result.name, { state: result.state, code: failure?.code ?? null, cause: failure?.cause ?? null });
  }
  return outcomes;
}

test('each mode ends with its documented code, and the good units among them are accepted', async () => {
  const modes = MODES.map(({ name }, number) => ({ name, args: [String(number)] }));
  const units = [...modes.slice(0, 20), ...good(10), ...modes.slice(20), ...good(20).slice(10)];
  const outcomes = await outcomesOf(zoo, 'all-modes', units, { fuelMaximum: 400_000_000, timeoutMs: 60_000 });
  for (const { name } of good(20)) expect(outcomes.get(name), name).toMatchObject({ state: 'accepted' });
  for (const { name, expected } of MODES)
    expect(outcomes.get(name), name).toEqual(
      expected.code === null
        ? { state: 'accepted', code: null, cause: null }
        : { state: 'failed', code: 'MH-VAL-001', cause: DEARER.get(name) ?? expected.code },
    );
});

test('an innermost loop beyond its slack goes on in the other build, to its limit of fuel', async () => {
  const number = MODES.findIndex(({ name }) => name === 'endless innermost loop');
  const units = [{ name: 'slack', args: [String(number)] }, ...good(2)];
  const outcomes = await outcomesOf(zoo, 'slack', units, { fuelMaximum: 2 ** 34 });
  expect(outcomes.get('slack')).toEqual({ state: 'failed', code: 'MH-VAL-001', cause: 'MH-UNIT-008' });
  expect(outcomes.get('good-0')?.state).toBe('accepted');
});

test('a program that no limit of fuel ends in time is ended by the wall clock', async () => {
  const number = MODES.findIndex(({ name }) => name === 'endless loop of calls');
  const units = [{ name: 'runaway', args: [String(number)] }, ...good(2)];
  const outcomes = await outcomesOf(zoo, 'runaway', units, { fuelMaximum: 2 ** 50, timeoutMs: 1_000 });
  expect(outcomes.get('runaway')).toEqual({ state: 'failed', code: 'MH-VAL-003', cause: 'MH-HOST-003' });
  for (const { name } of good(2)) expect(outcomes.get(name)?.state, name).toBe('accepted');
});

test('units that fill all memory they may have', async () => {
  const grow = loop(i32(16), Op.memoryGrow, i32(-1), Op.equal, Op.eqz, brIf(0));
  const fill = [i32(0), i32(7), i32(GLUTTON_BYTES), Op.memoryFill];
  const glutton = await project.app({
    name: 'glutton',
    wasm: assemble({ memory: [16], functions: [{ code: [grow, fill] }] }),
    memoryMaximumBytes: GLUTTON_BYTES,
  });
  const units = Array.from({ length: 4 }, (_, unit) => ({ name: `glutton-${unit}`, args: [] }));
  const outcomes = await outcomesOf(glutton, 'gluttons', units, {});
  expect([...outcomes.values()].map(({ state }) => state)).toEqual(Array(4).fill('accepted'));
});

test('no worker has ended, and their memory is what it was', async () => {
  const after = new Set(workerTrees().map(({ pid }) => pid));
  for (const { pid } of cluster.workers.values()) expect(after.has(pid), `worker ${pid}`).toBe(true);
  expect(cluster.coordinator.hasEnded).toBe(false);
  const mostBytes = totalBytes(before) + KEPT_MAXIMUM_BYTES;
  await until(
    () => `less memory than ${mostBytes} bytes; now ${totalBytes(workerTrees())}`,
    () => totalBytes(workerTrees()) < mostBytes,
  );
  const outcomes = await outcomesOf(zoo, 'afterwards', good(4), { fuelMaximum: 400_000_000 });
  expect([...outcomes.values()].map(({ state }) => state)).toEqual(Array(4).fill('accepted'));
});
