// Odd names and odd lines through `manyhands map`, one coordinator and two workers: each comes back as it went in, or is refused with the reason.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, manyhands } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { FITTING_NAMES, ODD_LINES, REFUSED_FOLDERS, writeFiles } from '../support/odd-inputs.js';

const PROBE = fileURLToPath(new URL('../../../sdk/test/fixtures/probe.wasm', import.meta.url));
/** So many commands at one time. */
const LANES = 3;
let cluster: Cluster;
const at = (...parts: string[]): string => join(cluster.folder, ...parts);
const map = (...words: string[]): Promise<Finished> =>
  manyhands(['map', PROBE, '--project', 'odd', '--expect', '100ms', ...words, ...connection(), '--json']);
const connection = (): string[] => ['--coordinator', cluster.url, '--data', at('scientist')];
const errorOf = ({ lines }: Finished) => (lines.at(-1)?.error ?? {}) as { code?: string; message?: string };

beforeAll(async () => {
  cluster = await Cluster.start({ workers: 2 });
  const created = await manyhands(['project', 'create', 'odd', ...connection(), '--json']);
  expect(created.exitCode, created.stderr).toBe(0);
});
afterAll(() => cluster.stop());

async function inLanes<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

test('the tables are as large as they claim', () => {
  expect(new Set(FITTING_NAMES.map(({ name }) => name)).size).toBe(FITTING_NAMES.length);
  expect(FITTING_NAMES.length + REFUSED_FOLDERS.length).toBeGreaterThanOrEqual(200);
  expect(ODD_LINES.length).toBeGreaterThanOrEqual(50);
});

test('odd names come back as they went in', async () => {
  const names = FITTING_NAMES.map(({ name }) => name);
  writeFiles(at('names'), names, (name) => `this is ${name}`);
  const run = await map('--each', at('names', '{**/*,.*}'), '--arg', 'echo', '--out', at('names-out'));
  expect(run.exitCode, run.stdout.slice(-2000) + run.stderr).toBe(0);
  for (const { title, name } of FITTING_NAMES)
    expect(readFileSync(at('names-out', name), 'utf8'), `${title}: ${JSON.stringify(name)}`).toBe(`this is ${name}`);
  expect(run.lines.at(-1)).toMatchObject({ event: 'done', written: names.length, failed: 0, unwritten: 0 });
  const again = await map('--each', at('names', '{**/*,.*}'), '--arg', 'echo', '--out', at('names-out'));
  expect(again.lines.at(-1)).toMatchObject({ event: 'done', written: 0, alreadyThere: names.length, superseded: 0 });
});

test('names that cannot be are refused before anything is submitted, with the reason', async () => {
  const before = await batchCount();
  await inLanes(REFUSED_FOLDERS, async ({ title, files, args = [], code, says }, index) => {
    writeFiles(at(`refused-${index}`), files, () => 'x');
    const run = await map(
      '--each',
      at(`refused-${index}`, '{**/*,.*,.*/*}'),
      ...args,
      '--out',
      at(`refused-out-${index}`),
    );
    expect([run.exitCode, errorOf(run).code], `${title}: ${run.stdout}${run.stderr}`).toEqual([2, code]);
    expect(errorOf(run).message, title).toMatch(says);
  });
  expect(await batchCount()).toBe(before);
});

async function batchCount(): Promise<number> {
  const list = await manyhands(['batch', 'list', '--project', 'odd', ...connection(), '--json']);
  const [{ batches } = {}] = list.lines as { batches?: unknown[] }[];
  return batches?.length ?? 0;
}

test('odd lines come back as words, or are refused by line and column', async () => {
  mkdirSync(at('lines'));
  await inLanes(ODD_LINES, async (row, index) => {
    const path = at('lines', `${index}.txt`);
    writeFileSync(path, row.content);
    const out = at('lines', `out-${index}`);
    const run = await map('--each-line', path, '--arg', 'words', '--out', out);
    if ('code' in row) {
      expect([run.exitCode, errorOf(run).code], `${row.title}: ${run.stdout}${run.stderr}`).toEqual([2, row.code]);
      expect(errorOf(run).message, row.title).toMatch(row.says);
      expect(errorOf(run).message, row.title).toContain(path);
      return;
    }
    expect(run.exitCode, `${row.title}: ${run.stdout}${run.stderr}`).toBe(0);
    expect(run.lines.at(-1), row.title).toMatchObject({ written: Object.keys(row.units).length });
    for (const [name, words] of Object.entries(row.units))
      expect(readFileSync(join(out, name), 'utf8'), row.title).toBe(
        `${['probe.wasm', 'words', ...words, ''].join('\n')}\n`,
      );
  });
});
