// The launcher under a Node that is too old, the demo and the npm scripts: every signal reaches who computes, once; and whoever is killed leaves nobody behind.
import { join } from 'node:path';
import {
  isAlive,
  LAUNCHER,
  type ProcessOptions,
  TestProcess,
  temporaryFolderSync,
  UNDER_TEST,
  until,
} from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { processTree } from '../support/hostile/process-tree.js';
import { environmentOf, type NodeFolder, nodeOf } from '../support/packages/nodes.js';

/** One that needs the launcher's child, and the bundled one, which does not. */
const NODES = [nodeOf('20.20.2'), nodeOf('24.21.0')];
let url = '';

beforeAll(async () => {
  const data = temporaryFolderSync('launcher');
  const words = ['coordinator', 'start', '--open', '--data', join(data, 'c'), '--port', '0', '--json'];
  const coordinator = launched(NODES[1] as NodeFolder, words, { lifetime: 'file' });
  url = String((await said(coordinator, 'listening')).url);
});

function launched(node: NodeFolder, words: readonly string[], options: ProcessOptions = {}): TestProcess {
  const home = temporaryFolderSync('launcher-home');
  const name = `${node.name}: manyhands ${words.join(' ')}`;
  return new TestProcess(name, [LAUNCHER, ...words], {
    executable: join(node.bin, 'node'),
    environment: environmentOf(node, home),
    ...options,
  });
}

/** In a group of its own, as a shell starts the programs that it runs in a terminal. */
function inGroup(node: NodeFolder, words: readonly string[]): TestProcess {
  const command = [join(node.bin, 'node'), LAUNCHER, ...words];
  const environment = environmentOf(node, temporaryFolderSync('launcher-home'));
  return new TestProcess(`a group of ${words.join(' ')}`, command, { executable: 'setsid', environment });
}

const said = (process: TestProcess, event: string) => process.waitFor((line) => line.event === event);

function worker(): string[] {
  return ['worker', 'join', url, '--data', temporaryFolderSync('launcher-worker'), '--cpus', '1', '--no-p2p', '--json'];
}

async function expectNobodyLeft(pids: readonly number[]): Promise<void> {
  await until(
    () => `the end of ${pids.filter(isAlive)}`,
    () => !pids.some(isAlive),
  );
}

const pidsBelow = (process: TestProcess): number[] => processTree(process.pid).map(({ pid }) => pid);

test.for(NODES.flatMap((node) => (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => ({ node, signal }))))(
  '$node.name: $signal at the launcher is an orderly end',
  async ({ node, signal }) => {
    const process = launched(node, worker());
    await said(process, 'joined');
    const pids = pidsBelow(process);
    process.signal(signal);
    expect(await process.exit(), process.story()).toBe(0);
    expect(process.lines.at(-1), process.story()).toMatchObject({ event: 'ended', code: null, exitCode: 0 });
    await expectNobodyLeft(pids);
  },
);

test.for(NODES)('$name: Ctrl-C in a terminal, which tells launcher and child, is one orderly end', async (node) => {
  const process = inGroup(node, worker());
  await said(process, 'joined');
  const pids = pidsBelow(process);
  globalThis.process.kill(-process.pid, 'SIGINT');
  expect(await process.exit(), process.story()).toBe(0);
  expect(process.lines.at(-1), process.story()).toMatchObject({ event: 'ended', code: null, exitCode: 0 });
  await expectNobodyLeft(pids);
});

test('a launcher that is killed does not leave a worker that runs on alone: it leaves in order', async () => {
  const process = launched(NODES[0] as NodeFolder, worker());
  await said(process, 'joined');
  const pids = pidsBelow(process);
  expect(pids.length, process.story()).toBeGreaterThan(1);
  process.signal('SIGKILL');
  await expectNobodyLeft(pids);
  expect(await said(process, 'ended')).toMatchObject({ code: null, exitCode: 0 });
});

test('a command that does not care for signals ends by them, through the launcher too', async () => {
  // A coordinator that accepts and never answers.
  const silent = new TestProcess('silence', ['-e', SILENCE]);
  const { port } = await silent.waitFor((line) => 'port' in line);
  const words = ['project', 'list', '--coordinator', `http://127.0.0.1:${port}`];
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const before = silent.lines.length;
    const process = launched(NODES[0] as NodeFolder, words);
    await until(
      () => `a call of ${process.story()}`,
      () => silent.lines.length > before,
    );
    const pids = pidsBelow(process);
    process.signal(signal);
    expect(await process.exit(), process.story()).toBe(code);
    await expectNobodyLeft(pids);
  }
});

const SILENCE = `
const server = require('node:http').createServer(() => console.log('{"asked":true}'));
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));`;

test.for([
  ['the launcher of a demo', [LAUNCHER, 'demo', '--workers', '2', '--port', '0']],
  ['the npm script of the demo', [join(UNDER_TEST, 'scripts/run.mjs'), 'demo', '--workers', '2', '--port', '0']],
] as const)('%s is killed: coordinator, workers and all that they started end', async ([name, words]) => {
  const node = NODES[0] as NodeFolder;
  const environment = environmentOf(node, temporaryFolderSync('launcher-home'));
  const data = ['--data', temporaryFolderSync('launcher-demo')];
  const process = new TestProcess(name, [...words.slice(0, 2), ...data, ...words.slice(2)], {
    executable: join(node.bin, 'node'),
    environment,
  });
  await until(
    () => `two joined workers of ${process.story()}`,
    () => /volunteers +2 joined/.test(process.stderr),
  );
  const pids = pidsBelow(process);
  expect(pids.length).toBeGreaterThan(4);
  process.signal('SIGKILL');
  await expectNobodyLeft(pids);
});
