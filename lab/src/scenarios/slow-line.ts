// Whether a large result and a large checkpoint arrive over a slow line, each cut off once: by the death of the worker, and by that of the coordinator.
// Usage: npm run lab:slow-line -- [--json] [--mebibytes N] [--kilobits N]. Needs Linux, root, ip and tc; the line is a veth pair into a namespace of its own.
// Exits with 1 when one does not arrive, a unit is computed twice, or more than a tenth of the bytes goes up twice.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Batch, connect, type Project } from '@manyhands/sdk';
import Database from 'better-sqlite3';
import { noisyProgram } from './noisy-program.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    mebibytes: { type: 'string', default: '16' },
    kilobits: { type: 'string', default: '512' },
  },
});
const mebibytes = Number(values.mebibytes);
const wholeBytes = mebibytes * 2 ** 20;
const kilobits = Number(values.kilobits);

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/manyhands.js', import.meta.url));
const SPACE = `manyhands-${process.pid}`;
const [HERE, THERE] = [`mh${process.pid}a`.slice(0, 15), `mh${process.pid}b`.slice(0, 15)];
const ADDRESS = '10.213.77.1';
const WASTE_MAXIMUM = 1.1;
const POLL_MS = 500;
/** The checkpoint is taken long before it has counted so far. */
const ENDLESS_ROUNDS = 2 ** 52;

/** `computedAgain`: leases of the unit after what goes up was there to be sent. */
type Report = { seconds: number; sentBytes: number; computedAgain: number; isThere: boolean };
type Beginning = { beganMs: number; before: number; leases: number };

const run = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: 'utf8' });

function makeLine(): void {
  run('ip', 'netns', 'add', SPACE);
  run('ip', 'link', 'add', HERE, 'type', 'veth', 'peer', 'name', THERE, 'netns', SPACE);
  run('ip', 'address', 'add', `${ADDRESS}/30`, 'dev', HERE);
  run('ip', 'link', 'set', HERE, 'up');
  run('ip', '-n', SPACE, 'address', 'add', '10.213.77.2/30', 'dev', THERE);
  run('ip', '-n', SPACE, 'link', 'set', THERE, 'up');
  run('ip', '-n', SPACE, 'link', 'set', 'lo', 'up');
  const rate = ['rate', `${kilobits}kbit`, 'burst', '32kbit', 'latency', '400ms'];
  run('tc', '-n', SPACE, 'qdisc', 'add', 'dev', THERE, 'root', 'tbf', ...rate);
}

function removeLine(): void {
  try {
    run('ip', 'netns', 'delete', SPACE);
  } catch {
    // there was none yet
  }
}

/** What left the namespace so far. */
function sentBytes(): number {
  return Number(/Sent (\d+) bytes/.exec(run('tc', '-n', SPACE, '-s', 'qdisc', 'show', 'dev', THERE))?.[1] ?? 0);
}

class Part {
  readonly child: ChildProcess;
  readonly lines: Record<string, unknown>[] = [];

  constructor(command: readonly string[], environment: Record<string, string> = {}) {
    const [program = '', ...args] = command;
    this.child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      // On a busy machine a process that gives way would have no turn: what is measured is the line.
      env: { ...process.env, MANYHANDS_NICE: '0', ...environment },
    });
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
  }

  async line(event: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines.find((line) => line.event === event);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`a part ended before ${event}`);
      await sleep(POLL_MS);
    }
  }

  /** Resolves once the worker says that it computes. */
  async working(): Promise<void> {
    const isWorking = ({ status }: Record<string, unknown>): boolean =>
      (status as { state?: unknown } | undefined)?.state === 'working';
    while (!this.lines.some(isWorking)) await sleep(POLL_MS);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}

class Scenario {
  private coordinator: Part | undefined;
  private readonly workers: Part[] = [];
  private port = 0;

  constructor(private readonly folder: string) {}

  async start(): Promise<void> {
    const place = ['--data', join(this.folder, 'coordinator'), '--host', ADDRESS, '--port', String(this.port)];
    const command = [process.execPath, LAUNCHER, 'coordinator', 'start', ...place, '--open', '--json'];
    this.coordinator = new Part(command, { MANYHANDS_LEASE_MINIMUM_MS: '30000' });
    this.port = Number(new URL(String((await this.coordinator.line('listening')).url)).port);
  }

  async project(): Promise<Project> {
    const coordinator = await connect(`http://${ADDRESS}:${this.port}`, {
      dataDirectory: join(this.folder, 'scientist'),
    });
    return coordinator.project('noise', { title: 'Noise' });
  }

  /** Runs in the namespace, behind the slow line. */
  worker(): Part {
    const options = ['--data', join(this.folder, 'worker'), '--account', 'slow', '--cpus', '1', '--no-p2p', '--json'];
    const join_ = [process.execPath, LAUNCHER, 'worker', 'join', `http://${ADDRESS}:${this.port}`, ...options];
    const worker = new Part(['ip', 'netns', 'exec', SPACE, ...join_]);
    this.workers.push(worker);
    return worker;
  }

  async restartCoordinator(): Promise<void> {
    await this.coordinator?.end('SIGKILL');
    await this.start();
  }

  /** Waits until half of the whole is durable at the coordinator. */
  async half(): Promise<void> {
    while (this.durableBytes() < wholeBytes / 2) await sleep(POLL_MS);
  }

  private durableBytes(): number {
    const database = new Database(join(this.folder, 'coordinator/coordinator.sqlite'), { readonly: true });
    try {
      return Number(database.prepare('SELECT coalesce(sum(received_bytes), 0) FROM upload').pluck().get());
    } finally {
      database.close();
    }
  }

  async stop(): Promise<void> {
    for (const worker of this.workers) await worker.end('SIGKILL');
    await this.coordinator?.end('SIGTERM');
  }
}

async function submit(project: Project, name: string, rounds: number, printedBytes: number): Promise<Batch> {
  const wasm = noisyProgram({ mebibytes, rounds, printedBytes });
  const memoryMaximumBytes = wholeBytes + 2 ** 20;
  const app = await project.app({ name, wasm, memoryMaximumBytes });
  return app.map([{ name: 'noise' }], { name, quorum: 1, outputMaximumBytes: Math.max(1, printedBytes) });
}

async function result(scenario: Scenario): Promise<Report> {
  const batch = await submit(await scenario.project(), 'result', 1, wholeBytes);
  const beganMs = performance.now();
  const before = sentBytes();
  const worker = scenario.worker();
  await scenario.half();
  await worker.end('SIGKILL');
  const again = scenario.worker();
  const { counts } = await batch.wait();
  const report = await reportOf(batch, { beganMs, before, leases: 1 }, counts.accepted === 1);
  await again.end('SIGTERM');
  return report;
}

async function checkpoint(scenario: Scenario): Promise<Report> {
  const batch = await submit(await scenario.project(), 'checkpoint', ENDLESS_ROUNDS, 0);
  const worker = scenario.worker();
  await worker.working();
  await sleep(10_000); // well begun: worth handing over
  const beganMs = performance.now();
  const before = sentBytes();
  const leases = await leasesOf(batch); // another one may have come before, for a build that can stop anywhere
  const ended = once(worker.child, 'exit');
  worker.child.kill('SIGINT');
  await scenario.half();
  await scenario.restartCoordinator();
  await ended;
  const [replica] = (await batch.unit(0)).replicas;
  const report = await reportOf(batch, { beganMs, before, leases }, replica?.state === 'handed-over');
  await batch.cancel();
  return report;
}

const leasesOf = async (batch: Batch): Promise<number> => (await batch.status()).replicas.leased;

async function reportOf(batch: Batch, { beganMs, before, leases }: Beginning, isThere: boolean): Promise<Report> {
  const seconds = Math.round((performance.now() - beganMs) / 1000);
  return { seconds, sentBytes: sentBytes() - before, computedAgain: (await leasesOf(batch)) - leases, isThere };
}

function isGood({ sentBytes: sent, computedAgain, isThere }: Report): boolean {
  return isThere && computedAgain === 0 && sent <= wholeBytes * WASTE_MAXIMUM;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'manyhands-slow-line-'));
  const scenario = new Scenario(folder);
  try {
    makeLine();
    await scenario.start();
    const reports = { result: await result(scenario), checkpoint: await checkpoint(scenario) };
    const isFine = Object.values(reports).every(isGood);
    if (values.json) process.stdout.write(`${JSON.stringify({ mebibytes, kilobits, ...reports, isFine })}\n`);
    else
      for (const [name, { seconds, sentBytes: sent, computedAgain, isThere }] of Object.entries(reports))
        process.stdout.write(
          `${name}: ${isThere ? 'arrived' : 'did not arrive'} in ${seconds} s, ${(sent / 2 ** 20).toFixed(1)} MiB sent for ${mebibytes} MiB, computed ${computedAgain} times more\n`,
        );
    process.exitCode = isFine ? 0 : 1;
  } finally {
    await scenario.stop();
    removeLine();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
