// The folder of results with real hosts: version 1, then version 2; a full disk and a closed standard output; files of somebody else; other policies.
import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Finished, LAUNCHER, manyhands } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { canMount, SmallDisk } from '../support/small-disk.js';

const PROBE = fileURLToPath(new URL('../../../sdk/test/fixtures/probe.wasm', import.meta.url));
let cluster: Cluster;
const at = (...parts: string[]): string => join(cluster.folder, ...parts);
const connection = (): string[] => ['--project', 'words', '--coordinator', cluster.url, '--data', at('scientist')];
const map = (program: string, ...words: string[]): Promise<Finished> =>
  manyhands(['map', program, '--expect', '100ms', ...words, ...connection(), '--json']);
const errorOf = ({ lines }: Finished) => (lines.at(-1)?.error ?? {}) as { code?: string; message?: string };
const last = ({ lines }: Finished, event: string) => lines.findLast((line) => line.event === event);

beforeAll(async () => {
  cluster = await Cluster.start({ workers: 2 });
  await manyhands(['project', 'create', 'words', '--coordinator', cluster.url, '--data', at('scientist'), '--json']);
  mkdirSync(at('in'));
  for (const name of ['1', '2', '3']) writeFileSync(at('in', `${name}.txt`), name);
  // The same program with another section is another version of it.
  const version = Buffer.from([0, 4, 2, 0x76, 0x32, 0]);
  writeFileSync(at('v1.wasm'), readFileSync(PROBE));
  writeFileSync(at('v2.wasm'), Buffer.concat([readFileSync(PROBE), version]));
});
afterAll(() => cluster.stop());

const shown = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.manyhands'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const)
      .sort(),
  );

test('version 1, then version 2 that fails on 3.txt, into one folder', async () => {
  const inputs = ['--each', at('in/*.txt'), '--out', at('res')];
  expect((await map(at('v1.wasm'), ...inputs, '--name', 'v1')).exitCode).toBe(0);
  expect(shown(at('res'))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': '3' });
  const second = await map(at('v2.wasm'), ...inputs, '--name', 'v2', '--arg', 'fail-on', '--arg', '3');
  expect(second.exitCode, second.stderr).toBe(1);
  expect(shown(at('res'))).toEqual({
    ...{ '1.txt': 'did 1\n', '2.txt': 'did 2\n' },
    ...{ '.superseded/v1/1.txt': '1', '.superseded/v1/2.txt': '2', '.superseded/v1/3.txt': '3' },
  });
  const summary = readFileSync(String(last(second, 'done')?.summary), 'utf8');
  expect(summary.split('\n').map((line) => line.split('\t').filter((_, index) => [1, 2, 5].includes(index)))).toEqual([
    ['unit', 'state', 'file'],
    ['1.txt', 'accepted', '1.txt'],
    ['2.txt', 'accepted', '2.txt'],
    ['3.txt', 'failed', ''],
    [],
  ]);
  writeFileSync(at('in/4.txt'), '4');
  const before = statSync(at('res/1.txt'));
  const more = await map(at('v2.wasm'), ...inputs, '--name', 'v2-more', '--arg', 'fail-on', '--arg', '3');
  expect(more.exitCode).toBe(1);
  expect(last(more, 'done')).toMatchObject({ written: 1, alreadyThere: 2, superseded: 0 });
  expect(statSync(at('res/1.txt'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  rmSync(at('in/4.txt'));
});

test('a folder of an older version has no record: what was accepted is known by its bytes, the rest is in the way', async () => {
  const words = [at('v1.wasm'), '--each', at('in/*.txt'), '--out', at('old'), '--name', 'old'] as const;
  expect((await map(...words)).exitCode).toBe(0);
  rmSync(at('old/.manyhands'), { recursive: true });
  rmSync(at('old/2.txt'));
  const again = await map(...words);
  expect(last(again, 'done')).toMatchObject({ written: 1, alreadyThere: 2 });
  rmSync(at('old/.manyhands'), { recursive: true });
  writeFileSync(at('old/3.txt'), 'mine');
  const refused = await map(...words);
  expect([refused.exitCode, errorOf(refused).code]).toEqual([2, 'MH-BAT-011']);
  const results = await manyhands(['batch', 'results', 'old', '--out', at('old'), ...connection(), '--json']);
  expect([results.exitCode, errorOf(results).code]).toEqual([2, 'MH-BAT-011']);
  expect(shown(at('old'))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': 'mine' });
});

test('a file of somebody else is in the way before anything is submitted', async () => {
  mkdirSync(at('mine'));
  writeFileSync(at('mine/2.txt'), 'mine');
  const refused = await map(at('v1.wasm'), '--each', at('in/*.txt'), '--out', at('mine'), '--name', 'never');
  expect([refused.exitCode, errorOf(refused).code]).toEqual([2, 'MH-BAT-011']);
  expect(errorOf(refused).message).toContain(at('mine/2.txt'));
  const show = await manyhands(['batch', 'show', 'never', ...connection(), '--json']);
  expect([show.exitCode, errorOf(show).code]).toEqual([2, 'MH-GEN-003']);
});

/** Runs it in a shell, which gives its own exit code and that of the command, as `pipefail` would see it. */
async function inShell(
  script: string,
  words: readonly string[],
): Promise<{ code: string; stderr: string; stdout: string }> {
  const args = ['-c', `{ "$@"; echo $? >&3; } 3>"$CODE" ${script}`, 'sh', process.execPath, LAUNCHER, ...words];
  const code = at('exit-code');
  const { stdout, stderr } = await promisify(execFile)('/bin/sh', args, { env: { ...process.env, CODE: code } });
  return { code: readFileSync(code, 'utf8').trim(), stdout, stderr };
}

test.each([[[]], [['--json']]])(
  'a standard output on a full disk, or closed by its reader, stops no work %j',
  async (json) => {
    const kind = json.length === 0 ? 'plain' : 'json';
    const words = (out: string): string[] => [
      ...['map', at('v1.wasm'), '--each', at('in/*.txt'), '--name', `pipe-${kind}`],
      ...['--out', at(out), ...connection(), ...json],
    ];
    const full = await inShell('> /dev/full', words(`full-${kind}`));
    expect(full.code, full.stderr).toBe('3');
    expect(full.stderr).toMatch(/manyhands: .*MH-GEN-010/);
    expect(shown(at(`full-${kind}`))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': '3' });
    const piped = await inShell('| head -1', words(`head-${kind}`));
    expect(shown(at(`head-${kind}`))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': '3' });
    expect(piped.stdout.split('\n')).toHaveLength(2);
    // Nobody reads at all: the first line already has no reader.
    const closed = await inShell('| true', words(`closed-${kind}`));
    expect(shown(at(`closed-${kind}`))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': '3' });
    expect([piped.code, closed.code].filter((code) => code !== '0' && code !== '141')).toEqual([]);
  },
);

test('an output that was closed for certain ends with 141, after everything was collected', async () => {
  const words = [
    'map',
    at('v1.wasm'),
    '--each',
    at('in/*.txt'),
    '--name',
    'gone',
    '--out',
    at('gone'),
    ...connection(),
    '--json',
  ];
  const child = spawn(process.execPath, [LAUNCHER, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [code] = await new Promise<[number | null]>((resolve) => child.on('exit', (exitCode) => resolve([exitCode])));
  expect(code).toBe(141);
  expect(shown(at('gone'))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': '3' });
});

test.runIf(canMount())('a full disk under the folder of results costs no computation', async () => {
  const disk = new SmallDisk(at('small'), 1);
  try {
    const words = [at('v1.wasm'), '--each', at('in/*.txt'), '--out', at('small/res'), '--name', 'small'] as const;
    expect((await map(...words)).exitCode).toBe(0);
    rmSync(at('small/res/1.txt'));
    rmSync(at('small/res/2.txt'));
    disk.fill();
    const full = await map(...words);
    expect([full.exitCode, errorOf(full).code], full.stdout).toEqual([3, 'MH-GEN-010']);
    disk.makeRoom();
    const again = await map(...words);
    expect(again.exitCode, again.stdout).toBe(0);
    expect(shown(at('small/res'))).toEqual({ '1.txt': '1', '2.txt': '2', '3.txt': '3' });
  } finally {
    disk.unmount();
  }
});

test('one folder that cannot be written costs the others nothing', async () => {
  const batch = await manyhands(['batch', 'results', 'v1', '--out', at('part'), ...connection(), '--json']);
  expect(batch.exitCode).toBe(0);
  rmSync(at('part/2.txt'));
  rmSync(at('part/3.txt'));
  mkdirSync(at('part/2.txt'));
  const again = await manyhands(['batch', 'results', 'v1', '--out', at('part'), ...connection(), '--json']);
  expect([again.exitCode, errorOf(again).code]).toEqual([2, 'MH-BAT-011']);
  expect(last(again, 'unwritten')).toMatchObject({ name: '2.txt' });
  expect(last(again, 'done')).toMatchObject({ written: 1, alreadyThere: 1, unwritten: 1 });
  expect(shown(at('part'))).toMatchObject({ '1.txt': '1', '3.txt': '3' });
});

test('quorum, priority and expiry of the same command again', async () => {
  const words = [at('v1.wasm'), '--each', at('in/*.txt'), '--out', at('policy'), '--name', 'policy'] as const;
  expect((await map(...words, '--quorum', '1')).exitCode).toBe(0);
  const higher = await map(...words, '--quorum', '2');
  expect([higher.exitCode, errorOf(higher).code]).toEqual([2, 'MH-BAT-010']);
  const command = /For example:\n {2}manyhands (.*)$/.exec(errorOf(higher).message ?? '')?.[1] ?? '';
  expect(command).toContain('--name policy-quorum-2');
  const copied = await promisify(execFile)('/bin/sh', ['-c', `"$0" "$1" ${command}`, process.execPath, LAUNCHER]);
  expect(copied.stdout).toContain('"quorum":2');
  const lower = await map(...words, '--quorum', '1', '--priority', '7', '--expires', '3d');
  expect(lower.exitCode).toBe(0);
  expect(last(lower, 'submitted')).toMatchObject({ unused: ['--priority', '--expires'] });
  const other = await map(...words, '--arg', 'words');
  expect([other.exitCode, errorOf(other).code]).toEqual([2, 'MH-BAT-001']);
  expect(errorOf(other).message).toContain('--name policy-2');
});

test.runIf(process.getuid?.() === 0)(
  'as an ordinary user: files and folders without permission are named, and nothing is submitted',
  async () => {
    for (const folder of ['secret/open', 'secret/closed']) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('secret/open/a.txt'), 'a');
    writeFileSync(at('secret/open/b.txt'), 'b');
    writeFileSync(at('secret/closed/c.txt'), 'c');
    for (const path of [at(), at('secret'), at('secret/open')]) chmodSync(path, 0o755);
    mkdirSync(at('nobody'));
    chmodSync(at('nobody'), 0o777);
    const asNobody = async (pattern: string): Promise<Finished> => {
      const words = ['map', at('v1.wasm'), '--each', pattern, '--out', at('nobody/out'), '--name', 'secret', '--json'];
      const args = [
        LAUNCHER,
        ...words,
        '--project',
        'words',
        '--coordinator',
        cluster.url,
        '--data',
        at('nobody/data'),
      ];
      const run = promisify(execFile)(process.execPath, args, {
        uid: 65_534,
        gid: 65_534,
        env: { ...process.env, HOME: at('nobody') },
      });
      const ended = await run.then(
        ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
        (error: { stdout: string; stderr: string; code: number }) => error,
      );
      return {
        exitCode: ended.code,
        stdout: ended.stdout,
        stderr: ended.stderr,
        lines: ended.stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      };
    };
    chmodSync(at('secret/open/b.txt'), 0o600);
    chmodSync(at('secret/closed'), 0o700);
    for (const [pattern, named] of [
      ['secret/open/*.txt', 'secret/open/b.txt'],
      ['secret/*/*.txt', 'secret/closed'],
      ['secret/**/*.txt', 'secret/closed'],
      ['secret/closed/c.txt', 'secret/closed/c.txt'],
    ] as const) {
      const run = await asNobody(at(pattern));
      expect([run.exitCode, errorOf(run).code], `${pattern}: ${run.stdout}${run.stderr}`).toEqual([2, 'MH-GEN-013']);
      expect(errorOf(run).message).toContain(at(named));
    }
    const shut = await asNobody(at('secret/open/a.txt'));
    expect(errorOf(shut).code, 'what may be read goes on to the coordinator').not.toBe('MH-GEN-013');
    expect(existsSync(at('nobody/out/a.txt'))).toBe(false);
  },
);

test('a link that leads nowhere ends the run before anything is submitted', async () => {
  mkdirSync(at('links'));
  writeFileSync(at('links/a.txt'), 'a');
  symlinkSync('/nowhere/at/all', at('links/b.txt'));
  const run = await map(at('v1.wasm'), '--each', at('links/*.txt'), '--out', at('links-out'), '--name', 'links');
  expect([run.exitCode, errorOf(run).code]).toEqual([2, 'MH-GEN-013']);
  expect(errorOf(run).message).toContain(at('links/b.txt'));
  const show = await manyhands(['batch', 'show', 'links', ...connection(), '--json']);
  expect(errorOf(show).code).toBe('MH-GEN-003');
});
