// What escapes from V8 meets the walls of the operating system: hostile JavaScript in the place of each process that meets a program of a stranger, as an
// ordinary user, with bubblewrap, without it, and where namespaces are refused.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { atEnd, TestProcess, temporaryFolderSync } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { makeInstallation, PLACES, type Place } from '../support/walls/installation.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const top = temporaryFolderSync('walls');
/** Where the worker of this user keeps its key, and where it is commanded. */
const data = join(top, 'data');
const secret = join(data, 'host.key');
const controlSocket = join(data, 'control');
const abstractSocket = `manyhands-walls-${process.pid}`;
let installation: { folder: string; node: string };
let targets: string;

type Seen = { found: string[]; seen: string[] };
type Answer = {
  report: { kind: string; standing: string[]; missing: { layer: string; reason: string }[] };
  first: Seen;
  lifted: Seen;
  strays: string[];
  command: string;
  result: unknown;
};

beforeAll(async () => {
  chmodSync(top, 0o755);
  mkdirSync(join(top, 'installation'));
  installation = makeInstallation(join(top, 'installation'));
  copyFileSync(join(import.meta.dirname, '../support/walls/drive.ts'), join(installation.folder, 'drive.ts'));
  mkdirSync(data, { mode: 0o700 });
  const tcp = await listen(
    createServer((socket) => socket.destroy()),
    0,
  );
  await listen(createServer(), controlSocket);
  await listen(createServer(), `\0${abstractSocket}`);
  chmodSync(controlSocket, 0o777);
  writeSecret();
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  const victim = asUser('sleep', ['infinity']);
  const address = tcp.address();
  const tcpPort = typeof address === 'object' ? address?.port : undefined;
  targets = JSON.stringify({
    ...{ secrets: [secret, join(installation.folder, 'package.json')], folders: [data, installation.folder] },
    ...{ tcpPort, controlSocket, abstractSocket, victim: victim.pid },
  });
});

async function listen(server: Server, where: number | string): Promise<Server> {
  server.listen(where);
  await once(server, 'listening');
  atEnd(() => void server.close());
  return server;
}

function writeSecret(): void {
  writeFileSync(secret, 'a key', { mode: 0o600 });
  if (isRoot) chownSync(secret, NOBODY, NOBODY);
}

/** As an ordinary user, whoever runs the tests. */
function userWords(words: readonly string[]): string[] {
  return isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...words] : [...words];
}

function asUser(file: string, args: readonly string[]): { pid: number } {
  const [first = file, ...rest] = userWords([file, ...args]);
  const child = spawn(first, rest, { stdio: 'ignore' });
  atEnd(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0 };
}

/** How the walls are found: by what is on the path, and by what the system allows. */
const WAYS = {
  bubblewrap: {
    kind: 'bubblewrap',
    words: [],
    isAvailable: () => existsSync('/usr/bin/bwrap'),
    path: pathTo(['bwrap']),
  },
  'no bubblewrap': {
    kind: 'namespaces',
    words: [],
    isAvailable: () => true,
    path: pathTo(['env', 'unshare', 'setpriv']),
  },
  'namespaces refused': {
    kind: 'landlock',
    // In a user namespace of its own, in which nobody may make another, and without the rights that go with it; nothing outside of it changes.
    words: [
      'unshare',
      '--user',
      '--map-root-user',
      'sh',
      '-c',
      'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "$@"',
      'sh',
    ],
    isAvailable: () => true,
    path: pathTo(['bwrap', 'env', 'unshare', 'setpriv', 'sh']),
  },
} as const;
type Way = keyof typeof WAYS;

function pathTo(names: readonly string[]): string {
  const folder = temporaryFolderSync('walls-path');
  chmodSync(folder, 0o755);
  for (const name of names) {
    const found = ['/usr/bin', '/bin'].map((place) => join(place, name)).find((file) => existsSync(file));
    if (found) symlinkSync(found, join(folder, name));
  }
  return folder;
}

async function drive(way: Way, place: Place | 'executor', how: string): Promise<Answer> {
  const { words, path } = WAYS[way];
  const [executable = '', ...args] = userWords([
    ...[...words, 'env', `PATH=${path}`, installation.node, '--no-warnings', join(installation.folder, 'drive.ts')],
    ...[installation.folder, place, how, targets],
  ]);
  const driver = new TestProcess<Answer>('driver', args, { executable, cwd: '/' });
  expect(await driver.exit(), driver.story()).toBe(0);
  const [answer] = driver.lines;
  if (!answer) throw new Error(driver.story());
  return answer;
}

/** Folders are only there on the way to what is shown. */
function withoutTheWay(found: readonly string[]): string[] {
  const way = [`list: ${installation.folder} (`];
  for (let folder = top; dirname(folder) !== folder; folder = dirname(folder))
    way.push(`list: ${dirname(folder)} (${basename(folder)})`);
  return found.filter((line) => !way.some((start) => line.startsWith(start)));
}

const ways = (Object.keys(WAYS) as Way[]).filter((way) => {
  const isThere = WAYS[way].isAvailable() || process.env.MANYHANDS_REQUIRE_ALL === '1';
  if (!isThere) console.warn(`skipped: walls with ${way} (not installed)`);
  return isThere;
});
const places = Object.keys(PLACES) as Place[];

test.for(ways.flatMap((way) => places.map((place) => ({ way, place }))))(
  '$way, $place: nothing to read, write, start, connect or signal',
  async ({ way, place }) => {
    writeSecret();
    const { report, first, lifted, strays, command } = await drive(way, place, 'required');
    console.log(
      `${way}, ${place}: read ${lifted.seen.length} files that it imports; beside them ${JSON.stringify(strays)}`,
    );
    expect(report.kind).toBe(WAYS[way].kind);
    expect(report.standing).toEqual(
      expect.arrayContaining([way === 'namespaces refused' ? 'landlock' : 'namespaces', 'seccomp', 'privileges']),
    );
    expect({ first: withoutTheWay(first.found), lifted: withoutTheWay(lifted.found), strays }).toEqual({
      ...{ first: [], lifted: [], strays: [] },
    });
    expect(command).toBe(installation.node);
  },
);

test('without walls the same JavaScript reads the key, starts programs, connects and signals: Node’s own limits are none', async () => {
  writeSecret();
  const { report, lifted } = await drive('no bubblewrap', 'executor', 'off');
  expect(report).toMatchObject({ kind: 'none', standing: [] });
  const kinds = new Set(lifted.found.map((line) => line.split(':')[0]));
  for (const kind of ['read', 'write', 'sqlite file', 'start', 'connect', 'udp', 'listen', 'signal'])
    expect(kinds).toContain(kind);
});

test.for(ways)('%s: an executor that takes all memory is ended', async (way) => {
  const { report, result } = await drive(way, 'executor', 'fill');
  expect(report.kind).toBe(WAYS[way].kind);
  expect(result).toEqual({ kind: 'crashed' });
});

test('a wall that is required and cannot stand ends with its code', () => {
  const empty = temporaryFolderSync('walls-nothing');
  const program = `import(${JSON.stringify(join(installation.folder, 'node_modules/@manyhands/sandbox/dist/index.js'))})
    .then(({ findWall }) => findWall({ policy: 'required', searchPath: ${JSON.stringify(empty)} }))
    .catch(({ code }) => console.log(code))`;
  const said = execFileSync(installation.node, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(said.trim()).toBe('MH-SBX-001');
});
