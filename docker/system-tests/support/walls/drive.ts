// Runs as an ordinary user: starts one of the hostile processes with the launch line of the product, and prints what it says of itself.
// Usage: node drive.ts <installation> <place> <how> <targets as JSON>; `how`: a sandbox policy, or `fill` to have the executor's memory filled.
import { readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Confined, SandboxPolicy, Wall } from '@manyhands/sandbox';
import type { Place } from './installation.js';

const [, , folder = '', place = '', how = '', targets = '{}'] = process.argv;
const load = async (path: string) => import(pathToFileURL(join(folder, path)).href);
const MEBIBYTE = 2 ** 20;

async function main(): Promise<void> {
  const { findWall } = await load('node_modules/@manyhands/sandbox/dist/index.js');
  const wall = (await findWall({ policy: how === 'fill' ? 'required' : (how as SandboxPolicy) })) as Wall;
  if (how === 'fill') {
    console.log(JSON.stringify({ report: wall.report, result: await fillExecutor(wall) }));
    return;
  }
  const confined = await launchAt(place as Place, wall);
  confined.child.stderr?.pipe(process.stderr);
  confined.child.send({ attack: { ...JSON.parse(targets), parent: process.pid } });
  const said = await new Promise<Said>((resolve, reject) => {
    confined.child.once('message', (message) => resolve((message as { found: Said }).found));
    confined.child.once('error', reject);
    confined.child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? code}`)));
  });
  // Of the process itself: its first word is Node.
  const command = readFileSync(`/proc/${confined.pid}/cmdline`, 'utf8').split('\0')[0];
  await confined.kill();
  const shown = await shownTo(place as Place);
  const strays = [...said.first.seen, ...said.lifted.seen].filter((path) => !isShown(path, shown));
  console.log(JSON.stringify({ report: wall.report, ...said, shown, strays: [...new Set(strays)], command }));
}

type Seen = { found: string[]; seen: string[] };
type Said = { first: Seen; lifted: Seen };

const ZONES: Readonly<Record<Place, string>> = { executor: 'worker', check: 'coordinator', unit: 'sdk' };

/** What the process is meant to read: what its modules import, Node and its libraries. */
async function shownTo(at: Place): Promise<string[]> {
  const { readablePaths } = await load('node_modules/@manyhands/sandbox/dist/index.js');
  const packageFolder = pathToFileURL(join(folder, ZONES[at]) + sep);
  const report = process.report.getReport() as unknown as { sharedObjects: string[] };
  const libraries = report.sharedObjects.filter((path) => path.startsWith(sep)).map((path) => realpathSync(path));
  return [...readablePaths({ packageFolder, name: at }), process.execPath, ...libraries];
}

function isShown(path: string, shown: readonly string[]): boolean {
  return shown.some((entry) => (entry.endsWith(sep) ? path.startsWith(entry) : path === entry));
}

async function launchAt(at: Place, wall: Wall): Promise<Confined> {
  const memoryBytes = 512 * MEBIBYTE;
  if (at === 'executor') {
    const { launchExecutor } = await load('worker/dist/executor/daemon/launch-executor.js');
    return launchExecutor({ threadCount: 1, memoryBytes, processBytes: 4 * memoryBytes, nice: 0 }, wall);
  }
  if (at === 'check') {
    const { launchCheck } = await load('coordinator/dist/apps/launch-check.js');
    return launchCheck({ nice: 0, memoryBytes: 4 * memoryBytes, blockFiles: {} }, wall);
  }
  const { launchUnit } = await load('sdk/dist/local/launch-unit.js');
  return launchUnit({ memoryBytes: 4 * memoryBytes }, wall);
}

/** Through the daemon's own side: what it says of a unit whose process takes all memory. */
async function fillExecutor(wall: Wall): Promise<unknown> {
  const { createExecutor } = await load('worker/dist/executor/daemon/executor.js');
  const executor = createExecutor({ threadCount: 1, memoryBytes: 64 * MEBIBYTE, nice: 0, wall });
  const bytes = new Uint8Array(8);
  const limits = { memoryMaximumBytes: MEBIBYTE, outputMaximumBytes: MEBIBYTE, fileTreeMaximumBytes: MEBIBYTE };
  const result = await executor.run({
    ...{ build: 'nonleaf', markSpacing: 1, args: [], env: {}, collect: [], okExitCodes: [0], seed: new Uint8Array(32) },
    ...{ clockMs: null, fuelMaximum: 1, limits, timeoutMs: 3_600_000, stdin: null, files: [] },
    module: { name: 'module', sizeBytes: bytes.length, read: async () => bytes },
  });
  await executor.stop();
  return result;
}

await main();
