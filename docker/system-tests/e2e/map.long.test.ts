// Programs of three languages through `manyhands map` with a coordinator and two workers started by hand: the same bytes as running them locally.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { manyhands } from '@manyhands/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { compile, isAvailable, LANGUAGES } from '../support/languages.js';
import { probeFile } from '../support/programs.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 2 });
});
afterAll(() => cluster.stop());

describe.each(LANGUAGES)('an unmodified $name program', (language) => {
  test.runIf(isAvailable(language))('gives the bytes of a local run, files in and out', async () => {
    const { wasm, native } = await compile(language);
    const project = `counting-${language.ending.slice(1)}`;
    const folder = cluster.path(project);
    const [inputs, local, results] = ['inputs', 'local', 'results'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const directory of [inputs, local]) await mkdir(directory, { recursive: true });
    for (let number = 0; number < 7; number++)
      await writeFile(
        join(inputs, `${number}.txt`),
        number === 6 ? 'only words here\n' : `a ${number} b ${number * number} z\n`.repeat(number + 1),
      );
    const shared = join(folder, 'shared.txt');
    await writeFile(shared, 'the first line\nthe second\n');
    await copyFile(shared, join(local, 'shared.txt'));
    const at = ['--coordinator', cluster.url, '--data', cluster.path('scientist'), '--json'];
    await manyhands(['project', 'create', project, ...at]);
    const command = [
      ...['map', wasm, '--project', project, '--each', join(inputs, '*.txt'), '--out', results, ...at],
      ...['--arg', 'hello', '--file', `shared.txt=${shared}`, '--collect', 'numbers.txt', '--ok-exit', '0,10'],
    ];
    const first = await manyhands(command);
    expect(first.exitCode, first.stderr).toBe(0);
    for (const name of await readdir(inputs)) {
      const stdout = await runNative(native, { cwd: local, input: join(inputs, name) });
      expect(await readFile(join(results, name), 'utf8'), name).toBe(stdout);
      expect(await readFile(join(results, `${name}.d`, 'numbers.txt'), 'utf8'), name).toBe(
        await readFile(join(local, 'numbers.txt'), 'utf8'),
      );
    }
    await expectNothingNew(command, join(results, '0.txt'));
  });
});

/** The same command again resumes: nothing is computed or written twice. */
async function expectNothingNew(command: readonly string[], result: string): Promise<void> {
  const before = await stat(result);
  const replicas = await countReplicas();
  const second = await manyhands(command);
  expect(second.exitCode, second.stderr).toBe(0);
  expect((await stat(result)).mtimeMs).toBe(before.mtimeMs);
  expect(await countReplicas()).toBe(replicas);
}

test('lines as arguments, failed units listed with their stderr, exit code 1, then reproduced', async () => {
  const lines = cluster.path('lines.txt');
  await writeFile(lines, 'work 1\nfail 7\nbytes 20000\n');
  const results = cluster.path('line-results');
  const scientist = ['--data', cluster.path('scientist')];
  await manyhands(['project', 'create', 'lines', '--coordinator', cluster.url, ...scientist, '--json']);
  const run = await manyhands([
    ...[
      'map',
      await probeFile(),
      '--coordinator',
      cluster.url,
      '--project',
      'lines',
      '--each-line',
      lines,
      '--out',
      results,
      '--name',
      'lines',
    ],
    ...scientist,
    '--json',
  ]);
  expect(run.exitCode, run.stderr).toBe(1);
  expect(JSON.stringify(run.lines)).toContain('no good');
  expect((await readdir(results)).sort()).toEqual(['.manyhands', '000001', '000003']);
  expect(await readFile(join(results, '000003'), 'utf8')).toHaveLength(20_000);
  const listed = await manyhands([
    'batch',
    'list',
    '--coordinator',
    cluster.url,
    '--project',
    'lines',
    ...scientist,
    '--json',
  ]);
  const batchId = /batch_[a-z2-7]{52}/.exec(JSON.stringify(listed.lines))?.[0] ?? '';
  const reproduced = await manyhands([
    'unit',
    'reproduce',
    batchId,
    '000001',
    '--coordinator',
    cluster.url,
    ...scientist,
    '--json',
  ]);
  expect(reproduced.exitCode, reproduced.stderr).toBe(0);
});

test.for([
  ['a wrong address', ['--coordinator', 'http://127.0.0.1:9'], 'MH-GEN-005'],
  ['a pattern that matches nothing', ['--each', '/nonexistent/*.txt'], 'MH-BAT-007'],
] as const)('%s is a clear error', async ([, change, code]) => {
  const base: Record<string, string> = {
    '--coordinator': cluster.url,
    '--project': 'lines',
    '--each': `${cluster.folder}/*.txt`,
    '--out': cluster.path('never'),
  };
  base[change[0]] = change[1];
  const run = await manyhands([
    'map',
    await probeFile(),
    ...Object.entries(base).flat(),
    '--data',
    cluster.path('scientist'),
    '--json',
  ]);
  expect(run.exitCode).not.toBe(0);
  expect(JSON.stringify(run.lines)).toContain(code);
});

async function countReplicas(): Promise<number> {
  const batches = await cluster.getJson<{ projectId: string }[]>('/api/v1/projects');
  const counts = await Promise.all(
    batches.map(({ projectId }) =>
      cluster.getJson<{ replicas: { leased: number } }[]>(`/api/v1/projects/${projectId}/batches`),
    ),
  );
  return counts.flat().reduce((sum, { replicas }) => sum + replicas.leased, 0);
}

function runNative(program: string, { cwd, input }: { cwd: string; input: string }): Promise<string> {
  return promisify(execFile)('/bin/sh', ['-c', '"$0" hello < "$1" || [ $? = 10 ]', program, input], { cwd }).then(
    ({ stdout }) => stdout,
  );
}
