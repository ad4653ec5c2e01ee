// Packs, installs and runs: every public package does its work in a folder that has nothing else of the repository, under old and new
// versions of Node, installed for the whole computer and in one folder. Packing and installing happen once.
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestProcess, temporaryFolderSync, until } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { expectedHits } from '../support/demo.js';
import { findBelow } from '../support/hostile/process-tree.js';
import { folderWithSecret, install, type Packed, pack, packagesIn } from '../support/packages/installation.js';
import { debianNode, environmentOf, type NodeFolder, nodeOf, npmOf, REPOSITORY } from '../support/packages/nodes.js';

const [DEBIAN, NODE_20, NODE_24] = [debianNode(), nodeOf('20.20.2'), nodeOf('24.21.0')] as const;
/** The oldest that `engines` of the packages name. */
const OLDEST = nodeOf('22.12.0');
const NPM_9 = npmOf('9.9.4');

const top = realpathSync(temporaryFolderSync('packages'));
const home = folderWithSecret(top, 'home');
const prefix = folderWithSecret(home.folder, 'everywhere');
const project = folderWithSecret(home.folder, 'project');
const science = folderWithSecret(home.folder, 'science');
const EVERYWHERE = join(prefix.folder, 'bin/manyhands');
const HERE = join(project.folder, 'node_modules/.bin/manyhands');
const said: string[] = [];
let volunteerHas: string[] = [];
let withoutCoordinator: SpawnSyncReturns<string>;
let packed: Packed;

// A hook for each, because each has the runner's limit for what hangs.
beforeAll(() => {
  packed = pack(join(top, 'packed'));
});
// What a volunteer installs, and then all of it by the line that the command says.
beforeAll(() => {
  said.push(install({ files: packed.all, node: DEBIAN, npm: NPM_9, home: home.folder, prefix: prefix.folder }));
  volunteerHas = packagesIn(join(prefix.folder, 'lib/node_modules'));
  withoutCoordinator = ended(EVERYWHERE, ['demo'], DEBIAN);
});
beforeAll(() => {
  const files = [...packed.all, ...packed.coordinator];
  said.push(install({ files, node: DEBIAN, npm: NPM_9, home: home.folder, prefix: prefix.folder }));
});
beforeAll(() => {
  const files = [...packed.all, ...packed.coordinator];
  said.push(install({ files, node: NODE_20, home: home.folder, folder: project.folder }));
});
beforeAll(() => {
  said.push(install({ files: packed.sdk, node: NODE_24, home: home.folder, folder: science.folder }));
});

test('npm has nothing to warn of', () => {
  expect(said.join('').match(/.*(warn|EBADENGINE|deprecated).*/gi)).toBeNull();
});

test('what a volunteer installs has no server, pages or example in it', () => {
  expect(volunteerHas.filter((name) => name.startsWith('@manyhands/')).sort()).toEqual([
    '@manyhands/contract',
    '@manyhands/foundation',
    '@manyhands/instrument',
    '@manyhands/overlay-core',
    '@manyhands/overlay-node',
    '@manyhands/runtime',
    '@manyhands/sandbox',
    '@manyhands/sdk',
    '@manyhands/worker',
    '@manyhands/worker-core',
  ]);
  expect(volunteerHas).toContain('manyhands');
  expect(volunteerHas.filter((name) => /nest|fastify|react|^vite|rollup|tailwind|typescript/.test(name))).toEqual([]);
});

test('without the coordinator the command ends with the one line that installs it', () => {
  expect(withoutCoordinator.status).toBe(2);
  expect(withoutCoordinator.stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining('npm install --global packed/*.tgz packed/coordinator/*.tgz'),
  ]);
});

test.for([DEBIAN, NODE_20, NODE_24])('$name: pages are shown, workers join, a program is mapped', async (node) => {
  const cluster = await start(node);
  const page = await fetch(cluster.url, { headers: { accept: 'text/html' } });
  const script = /<script[^>]+src="([^"]+\.js)"/.exec(await page.text())?.[1];
  expect(script).toBeDefined();
  expect((await fetch(new URL(script as string, cluster.url))).status).toBe(200);
  const folder = join(home.folder, `map-${node.name}`);
  mkdirSync(folder);
  copyFileSync(join(REPOSITORY, 'sdk/examples/primes.wasm'), join(folder, 'primes.wasm'));
  writeFileSync(join(folder, 'ranges.txt'), '0 1000\n1000 2000\n2000 3000\n');
  const at = ['--coordinator', cluster.url, '--json'];
  const created = ended(HERE, ['project', 'create', 'primes', ...at], node, folder);
  expect(created.status, created.stderr).toBe(0);
  const map = ['map', 'primes.wasm', '--project', 'primes', '--each-line', 'ranges.txt', '--out', 'out', ...at];
  const mapped = run(EVERYWHERE, map, { node, cwd: folder });
  expect(await mapped.exit(), mapped.story()).toBe(0);
  const counts = ['000001', '000002', '000003'].map((name) => Number(readFileSync(join(folder, 'out', name), 'utf8')));
  expect(counts).toEqual([168, 135, 127]);
  for (const worker of cluster.workers) await expectBlind(worker, cluster.dataSecret);
  await cluster.stop();
});

test.for([
  { node: DEBIAN, command: EVERYWHERE },
  { node: NODE_20, command: HERE },
  { node: NODE_24, command: EVERYWHERE },
])('$node.name: the demo finds its virus', async ({ node, command }) => {
  // Its picture stays where its data is.
  const data = temporaryFolderSync('packages-demo');
  const demo = run(command, ['demo', '--exit', '--workers', '2', '--port', '0', '--json', '--data', data], { node });
  expect(await demo.exit(), demo.story()).toBe(0);
  expect(demo.lines.at(-1)?.hits).toEqual(await expectedHits());
});

test('the example of the README runs with the library alone, or says which Node it needs', async () => {
  const cluster = await start(NODE_24);
  copyFileSync(join(REPOSITORY, 'sdk/examples/primes.wasm'), join(science.folder, 'primes.wasm'));
  const source = readFileSync(join(REPOSITORY, 'sdk/examples/primes.ts'), 'utf8');
  for (const node of [OLDEST, NODE_24, NODE_20, DEBIAN]) {
    const file = join(science.folder, `primes-${node.name}.mjs`);
    writeFileSync(file, source.replaceAll("'primes'", `'primes-${node.name.replace(/\D+/g, '-')}'`));
    const job = run(join(node.bin, 'node'), [file, cluster.url], { node, cwd: science.folder });
    const code = await job.exit();
    if (node === OLDEST || node === NODE_24) expect(job.stdout, job.story()).toBe('78498 primes\n');
    else {
      expect(job.stderr.trimEnd().split('\n'), job.story()).toEqual([
        expect.stringContaining('needs Node 22.12 or newer'),
      ]);
      expect(code).toBe(1);
    }
  }
  expect(packagesIn(join(science.folder, 'node_modules'))).not.toContain('@manyhands/coordinator');
  await cluster.stop();
});

test.for(['node16', 'bundler'])('types resolve as %s', (resolution) => {
  copyFileSync(join(REPOSITORY, 'sdk/examples/primes.ts'), join(science.folder, 'primes.mts'));
  const types = join(REPOSITORY, 'node_modules/@types');
  const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const settings = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--typeRoots', types];
  const module = resolution === 'bundler' ? 'esnext' : resolution;
  execFileSync(
    process.execPath,
    [compiler, ...settings, '--module', module, '--moduleResolution', resolution, 'primes.mts'],
    {
      cwd: science.folder,
      encoding: 'utf8',
    },
  );
});

type Manyhands = TestProcess;

function run(
  command: string,
  args: readonly string[],
  { node, cwd = project.folder }: { node: NodeFolder; cwd?: string },
): Manyhands {
  return new TestProcess(`${node.name}: ${command} ${args.join(' ')}`, args, {
    executable: command,
    environment: environmentOf(node, home.folder),
    cwd,
  });
}

function ended(command: string, args: readonly string[], node: NodeFolder, cwd = home.folder) {
  const env = { ...process.env, ...environmentOf(node, home.folder) };
  return spawnSync(command, args, { cwd, env, encoding: 'utf8' });
}

type Cluster = { url: string; workers: Manyhands[]; dataSecret: string; stop(): Promise<void> };

/** A coordinator and two workers of two people, one of each installation. */
async function start(node: NodeFolder): Promise<Cluster> {
  const data = folderWithSecret(temporaryFolderSync('packages-data'));
  const folder = (name: string): string[] => ['--data', join(data.folder, name)];
  const coordinator = run(EVERYWHERE, ['coordinator', 'start', '--open', '--port', '0', '--json', ...folder('c')], {
    node,
  });
  const url = String((await coordinator.waitFor(({ event }) => event === 'listening')).url);
  const workers = [EVERYWHERE, HERE].map((command, index) => {
    const name = `hand-${index}`;
    return run(command, ['worker', 'join', url, '--account', name, '--cpus', '1', '--json', ...folder(name)], { node });
  });
  for (const worker of workers) await worker.waitFor(({ event }) => event === 'joined');
  const stop = async (): Promise<void> => {
    for (const process of [...workers, coordinator]) expect(await process.stop(), process.story()).toBe(0);
  };
  return { url, workers, dataSecret: data.secret, stop };
}

/** A program that runs under the flags of the worker's executor reads the packages, and no secret beside them. */
async function expectBlind(worker: Manyhands, dataSecret: string): Promise<void> {
  const executor = await until('the executor', () => findBelow(worker.pid, 'executor-process.js'));
  const script = executor.words.find((word) => word.endsWith('executor-process.js')) as string;
  const modules = script.slice(0, script.lastIndexOf('node_modules') + 'node_modules'.length);
  const beside = [folderWithSecret(modules).secret, folderWithSecret(modules, '@manyhands').secret];
  const secrets = [...beside, home.secret, prefix.secret, project.secret, dataSecret, join(modules, 'ws/package.json')];
  const flags = executor.words.filter((word) => /^--(permission|allow-)/.test(word));
  const program =
    'for (const file of process.argv.slice(1)) try { require("node:fs").readFileSync(file); console.log("read"); } catch ({ code }) { console.log(code); }';
  const { stdout } = spawnSync(
    readlinkSync(`/proc/${executor.pid}/exe`),
    [...flags, '--eval', program, script, ...secrets],
    { encoding: 'utf8' },
  );
  expect(flags).toContain('--permission');
  expect(stdout.trimEnd().split('\n')).toEqual(['read', ...secrets.map(() => 'ERR_ACCESS_DENIED')]);
}
