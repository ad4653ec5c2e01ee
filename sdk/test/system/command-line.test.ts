// The scientist's commands against a real coordinator and two real workers: what they print, write and exit with.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, ManyhandsProcess, manyhands as run, temporaryFolder, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PROBE = fileURLToPath(new URL('../fixtures/probe.wasm', import.meta.url));
const processes: ManyhandsProcess[] = [];
let directory: string;
let url: string;
const at = (...parts: string[]): string => join(directory, ...parts);
const manyhands = (args: readonly string[]): Promise<Finished> => run([...args, '--json']);
const scientist = (...args: string[]): Promise<Finished> =>
  manyhands([...args, '--coordinator', url, '--data', at('scientist')]);
const map = (...args: string[]): Promise<Finished> =>
  scientist('map', PROBE, '--project', 'words', '--expect', '1s', ...args);
const events = ({ lines }: Finished, event: string): Record<string, unknown>[] =>
  lines.filter((line) => line.event === event);
const errorOf = ({ lines }: Finished): unknown => (lines.at(-1)?.error as { code?: string } | undefined)?.code;

beforeAll(async () => {
  directory = await temporaryFolder('commands');
  const coordinator = new ManyhandsProcess([
    'coordinator',
    'start',
    '--port',
    '0',
    '--data',
    at('coordinator'),
    '--json',
  ]);
  processes.push(coordinator);
  url = String((await coordinator.event('listening')).url);
  for (const name of ['ada', 'bea']) {
    const args = ['worker', 'join', url, '--data', at(name), '--account', name, '--cpus', '1', '--json'];
    const worker = new ManyhandsProcess(args);
    processes.push(worker);
    await worker.event('joined');
  }
  await mkdir(at('in/sub'), { recursive: true });
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt']) await writeFile(at('in', name), `${name}\n`);
});

afterAll(async () => {
  for (const started of processes.reverse()) await started.stop();
});

const FACTS = ['--licence', 'public domain', '--result-licence', 'CC0-1.0', '--contact', 'ada@example.org'];

test('a project needs its facts, and the operator’s approval or an invitation', async () => {
  const operator = ['--coordinator', url, '--data', at('coordinator')];
  const created = await scientist('project', 'create', 'words', '--question', 'Which words?');
  expect(created).toMatchObject({ exitCode: 0, lines: [{ project: { name: 'words', state: 'pending' } }] });
  const early = await map('--each', at('in/*.txt'), '--out', at('early'));
  expect([early.exitCode, errorOf(early)]).toEqual([3, 'MH-PRJ-003']);
  const approve = ['project', 'approve', 'words', ...operator];
  const silent = await manyhands(approve);
  expect([silent.exitCode, errorOf(silent)]).toEqual([2, 'MH-PRJ-005']);
  const stated = await scientist('project', 'edit', 'words', ...FACTS, '--run-by', 'Ada');
  expect(stated).toMatchObject({
    exitCode: 0,
    lines: [{ project: { state: 'pending', runBy: 'Ada', textsSequence: 1 } }],
  });
  const approved = await manyhands(approve);
  expect(approved).toMatchObject({ exitCode: 0, lines: [{ project: { state: 'active' } }] });
  const [invited] = (await manyhands(['project', 'invite', ...operator])).lines;
  const second = await scientist(
    'project',
    'create',
    'second',
    '--invitation',
    String(invited?.invitation),
    ...FACTS,
    '--run-by',
    'Ada',
  );
  expect(second).toMatchObject({ exitCode: 0, lines: [{ project: { state: 'active' } }] });
  const unknown = await manyhands(['project', 'approve', 'words', '--coordinator', url, '--data', at('ada')]);
  expect([unknown.exitCode, errorOf(unknown)]).toEqual([2, 'MH-SIG-008']);
});

test('creating a project again with other texts says what differs; editing it changes them', async () => {
  const same = await scientist('project', 'create', 'words', '--question', 'Which words?', ...FACTS);
  expect(same).toMatchObject({ exitCode: 0, lines: [{ project: { textsSequence: 1 } }] });
  const other = await scientist('project', 'create', 'words', '--question', 'Which letters?', '--title', 'Letters');
  expect([other.exitCode, errorOf(other)]).toEqual([2, 'MH-PRJ-007']);
  const [{ error } = {}] = other.lines as { error?: { message: string; meta: object } }[];
  expect(error?.meta).toMatchObject({ differences: ['title', 'question'] });
  expect(error?.message).toContain(
    `manyhands project edit words --title Letters --question 'Which letters?' --coordinator ${url} --data ${at('scientist')}`,
  );
  const edited = await scientist(
    'project',
    'edit',
    'words',
    '--title',
    'Words',
    '--contact',
    'https://ada.example.org',
  );
  expect(edited).toMatchObject({
    exitCode: 0,
    lines: [{ project: { title: 'Words', question: 'Which words?', runBy: 'Ada', textsSequence: 2, state: 'active' } }],
  });
  const shown = await scientist('project', 'show', 'words');
  expect(shown.lines).toMatchObject([{ project: { contact: 'https://ada.example.org' } }]);
  for (const [code, ...args] of [
    ['MH-GEN-009', 'edit', 'words'],
    ['MH-GEN-009', 'edit', 'words', '--contact', 'x'.repeat(201)],
    ['MH-GEN-009', 'create', 'new', '--run-by', 'two\nlines'],
    ['MH-PRJ-005', 'edit', 'words', '--run-by', ''],
    ['MH-GEN-003', 'edit', 'nothing', '--title', 'x'],
  ] as const) {
    const refused = await scientist('project', ...args);
    expect([refused.exitCode, errorOf(refused)], args.join(' ')).toEqual([2, code]);
  }
});

test('results land under the names of their inputs; the same command again fetches nothing', async () => {
  const command = ['--each', at('in/**/*.txt'), '--arg', 'echo', '--out', at('in/results')];
  const first = await map(...command);
  expect(first.exitCode, first.stderr).toBe(0);
  expect(events(first, 'result').map(({ name, isNew }) => [name, isNew])).toHaveLength(3);
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt'])
    expect(await readFile(at('in/results', name), 'utf8')).toBe(`${name}\n`);
  const before = await stat(at('in/results/a.txt'));
  await rm(at('in/results/b.txt'));
  await writeFile(at('in/results/sub/c.txt'), 'damaged');
  const second = await map(...command);
  expect(events(second, 'done')).toMatchObject([{ written: 2, alreadyThere: 1, failed: 0 }]);
  expect(events(second, 'submitted')).toMatchObject([{ batch: { state: 'complete' } }]);
  expect((await stat(at('in/results/a.txt'))).mtimeMs).toBe(before.mtimeMs);
  expect(await readFile(at('in/results/sub/c.txt'), 'utf8')).toBe('sub/c.txt\n');
});

test('lines, collected files, failures, retry, results and reproduction', async () => {
  await writeFile(at('lines.txt'), `words 'a b'\n\nexit 3\ncopy data.txt out/copy.txt\nfail-on ""\nfail-on ""\n`);
  const shared = ['--file', `data.txt=${at('in/a.txt')}`, '--collect', 'out/copy.txt', '--ok-exit', '0,3'];
  const run = await map('--each-line', at('lines.txt'), ...shared, '--out', at('out'), '--name', 'lines');
  expect(run.exitCode, run.stderr).toBe(1);
  expect(events(run, 'failed')).toMatchObject([
    { name: '000005', index: 3, exitCode: 7, cause: 'MH-UNIT-002', stderrTail: 'can not do \n' },
    { name: '000006', index: 4, exitCode: 7 },
  ]);
  expect((await readdir(at('out'))).sort()).toEqual(['.manyhands', '000001', '000003', '000004']);
  expect(await readFile(at('out/000001'), 'utf8')).toBe('probe.wasm\nwords\na b\n\n');
  expect(events(run, 'result').find(({ name }) => name === '000003')).toMatchObject({ exitCode: 3 });

  const project = ['--project', 'words'];
  expect((await scientist('batch', 'show', 'lines', ...project)).exitCode).toBe(1);
  expect(await scientist('batch', 'retry', 'lines', ...project, '--unit', '000005', '--unit', '4')).toMatchObject({
    exitCode: 0,
    lines: [{ retried: 2 }],
  });
  const results = await scientist('batch', 'results', 'lines', ...project, '--out', at('again'), '--follow');
  expect(results.exitCode, results.stderr).toBe(1);
  expect(await readFile(at('again/000004'), 'utf8')).toBe('copied data.txt\n');

  for (const unit of ['000001', '3']) {
    const reproduced = await scientist('unit', 'reproduce', 'lines', unit, ...project);
    const [line] = reproduced.lines;
    expect(reproduced, reproduced.stderr).toMatchObject({ exitCode: 0, lines: [{ verdict: 'same' }] });
    expect(line?.acceptedFuel ?? line?.localFuel).toBe(line?.localFuel);
  }
  const missing = await scientist('unit', 'reproduce', 'lines', '99', ...project);
  expect([missing.exitCode, errorOf(missing)]).toEqual([2, 'MH-GEN-003']);
});

test('a batch that is cancelled did not fail: it says so, in words and in its exit code, and cannot be tried again', async () => {
  await writeFile(at('endless.txt'), 'loop\nloop\n');
  const project = ['--project', 'words'];
  const args = ['--each-line', at('endless.txt'), '--out', at('endless'), '--name', 'endless', '--timeout', '20m'];
  const mapping = map(...args, '--fuel', '5P');
  await until(
    'the batch is there',
    async () => (await scientist('batch', 'show', 'endless', ...project)).exitCode === 0,
  );
  const cancelled = await scientist('batch', 'cancel', 'endless', ...project);
  expect(cancelled).toMatchObject({ exitCode: 0, lines: [{ batch: { state: 'cancelled', endedCode: 'MH-VAL-004' } }] });
  const ended = await mapping;
  expect(ended.exitCode, ended.stderr).toBe(4);
  expect(events(ended, 'failed')).toEqual([]);
  expect(events(ended, 'ended')).toMatchObject([
    { index: 0, ending: 'cancelled', code: 'MH-VAL-004', reason: 'The batch was cancelled before it was done.' },
    { index: 1 },
  ]);
  expect(events(ended, 'done')).toMatchObject([
    { failed: 0, ended: 2, batch: { counts: { ended: { cancelled: 2 } } } },
  ]);
  const shown = await scientist('batch', 'show', 'endless', ...project);
  expect(shown).toMatchObject({ exitCode: 4, lines: [{ failed: [] }] });
  for (const unit of [[], ['--unit', '0']]) {
    const retried = await scientist('batch', 'retry', 'endless', ...project, ...unit);
    expect([retried.exitCode, errorOf(retried)]).toEqual([2, 'MH-BAT-004']);
  }
});

test('a trial run submits nothing and estimates the whole', async () => {
  const before = (await scientist('batch', 'list', '--project', 'words')).lines;
  const run = await map('--each', at('in/*.txt'), '--arg', 'echo', '--out', at('never'), '--dry-run');
  expect(run).toMatchObject({
    exitCode: 0,
    lines: [
      {
        trial: { kind: 'success', build: 'nonleaf', fuel: expect.any(Number) },
        estimate: { units: 2, replicas: 4, expectedDurationMs: expect.any(Number), creditMilli: expect.any(Number) },
      },
    ],
  });
  expect((await scientist('batch', 'list', '--project', 'words')).lines).toEqual(before);
});

test.each<[string, string, () => string[]]>([
  ['a pattern without matches', 'MH-BAT-007', () => ['--each', at('in/*.none'), '--out', at('x')]],
  ['two kinds of input', 'MH-GEN-009', () => ['--each', at('in/*'), '--each-line', at('lines.txt'), '--out', at('x')]],
  ['a quorum of six', 'MH-GEN-009', () => ['--each', at('in/*.txt'), '--out', at('x'), '--quorum', '6']],
  ['results over inputs', 'MH-GEN-009', () => ['--each', at('in/*.txt'), '--out', at('in')]],
  [
    'a shared file that is not there',
    'MH-GEN-013',
    () => ['--each', at('in/*.txt'), '--out', at('x'), '--file', at('no')],
  ],
])('%s is refused', async (_title, code, args) => {
  const run = await map(...args());
  expect([run.exitCode, errorOf(run)]).toEqual([2, code]);
});

test('colliding names are refused before anything is submitted', async () => {
  await mkdir(at('clash/sub'), { recursive: true });
  for (const name of ['x', 'x.d', 'X2', 'x2']) await writeFile(at('clash', name), name);
  for (const [pattern, extra] of [
    ['clash/x*', ['--collect', 'f']],
    ['clash/[xX]2', []],
  ] as const) {
    const run = await map('--each', at(pattern), '--arg', 'echo', '--out', at('clash-out'), ...extra);
    expect([run.exitCode, errorOf(run)], pattern).toEqual([2, 'MH-BAT-006']);
  }
});

test('a program is inspected', async () => {
  const fine = await manyhands(['app', 'inspect', PROBE]);
  const facts = { abi: 'command', memoryMaximumBytes: 512 * 2 ** 20, imports: expect.arrayContaining(['fd_write']) };
  expect(fine).toMatchObject({ exitCode: 0, lines: [facts] });
  expect(fine.lines[0]?.leafLoops).toBeLessThan(Number(fine.lines[0]?.loops));
  const none = await manyhands(['app', 'inspect', at('in/a.txt')]);
  expect([none.exitCode, errorOf(none)]).toEqual([2, 'MH-MOD-001']);
  const tight = await manyhands(['app', 'inspect', PROBE, '--memory', '64k']);
  expect([tight.exitCode, errorOf(tight)]).toEqual([2, 'MH-MOD-007']);
});

test('builds are written with a report, the second time from the cache, and published as they are', async () => {
  const build = (out: string): Promise<Finished> =>
    manyhands(['app', 'build', PROBE, '--out', at(out), '--data', at('scientist')]);
  const [first, again] = [await build('build-1'), await build('build-2')];
  expect([first.exitCode, again.exitCode], first.stderr + again.stderr).toEqual([0, 0]);
  expect(again.lines).toMatchObject([{ isCached: true }]);
  const names = ['probe.all.wasm', 'probe.nonleaf.wasm', 'probe.report.json'];
  for (const folder of ['build-1', 'build-2']) expect((await readdir(at(folder))).sort()).toEqual(names);
  for (const name of names) expect(await readFile(at('build-2', name))).toEqual(await readFile(at('build-1', name)));
  const report = JSON.parse(await readFile(at('build-1/probe.report.json'), 'utf8'));
  expect(report.builds.all.sizeBytes).toBe((await stat(at('build-1/probe.all.wasm'))).size);

  const published = await scientist('app', 'publish', PROBE, '--project', 'words');
  expect(published, published.stderr).toMatchObject({
    exitCode: 0,
    lines: [{ name: 'probe', state: 'ready', builds: report.builds, original: report.original }],
  });
  const [line] = published.lines;
  expect((await scientist('app', 'publish', PROBE, '--project', 'words')).lines).toEqual([line]);
});

test('a unit that uses more fuel than allowed fails, and fails alike here', async () => {
  await writeFile(at('fuel.txt'), 'words\nloop\n');
  const limit = ['--fuel', '50M', '--memory', '16M'];
  const run = await map('--each-line', at('fuel.txt'), ...limit, '--out', at('fuel'), '--name', 'fuel');
  expect(events(run, 'failed'), run.stderr).toMatchObject([
    { name: '000002', cause: 'MH-UNIT-008', code: 'MH-VAL-001' },
  ]);
  const reproduced = await scientist('unit', 'reproduce', 'fuel', '000002', '--project', 'words');
  expect(reproduced).toMatchObject({ exitCode: 0, lines: [{ verdict: 'same', code: 'MH-UNIT-008', localFuel: 50e6 }] });
});

test('an account is shown, gives a code, and is deleted', async () => {
  const account = (command: string, ...more: string[]): Promise<Finished> =>
    manyhands(['account', command, '--coordinator', url, '--data', at('ada'), ...more]);
  expect((await account('show')).lines).toMatchObject([{ account: { label: 'ada', hostCount: 1 } }]);
  expect((await account('code')).lines).toMatchObject([{ code: expect.stringMatching(/^[a-z2-7-]{20,}$/) }]);
  expect([(await account('delete')).exitCode, (await account('delete', '--yes')).exitCode]).toEqual([2, 0]);
  expect(errorOf(await account('show'))).toBe('MH-ACC-002');
});
