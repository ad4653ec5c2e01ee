// A coordinator as its operator starts it, with two real workers and two projects: that of the workers, and that of the crew.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CoordinatorId } from '@manyhands/contract';
import { type App, type Batch, type Coordinator, connect, Operator, type Project } from '@manyhands/sdk';
import { PROGRAM } from '../bench/empty-program.js';
import { Manyhands } from '../compatibility/manyhands.js';
import { busyProgram } from '../scenarios/busy-program.js';
import type { Target } from './messages.js';
import { joinPatiently } from './patient-host.js';
import { PROBE_ADDRESS, WORKER_ADDRESSES } from './sources.js';
import { type Disk, diskOf, type Memory, memoryOf } from './usage.js';

const ROOT = join(import.meta.dirname, '../../..');
/** About a tenth of a second of one core. */
const ROUNDS = 50_000_000;
const UNIT_MS = 100;
const WARM_UP_UNITS = 8;
const SHARED_BYTES = 4 * 2 ** 20;
/** No host of the crew is ever without work. */
const CREW_UNITS_PER_HOST = 60;
const CREW_UNIT_MS = 4000;
const READY_TIMEOUT_MS = 300_000;
/** Nobody has this address: it makes the coordinator tell the networks of this machine apart, as if others could reach it. */
const SOME_PROXY = '192.0.2.1';
const FACTS = { inputLicence: 'CC0-1.0', resultLicence: 'CC0-1.0', contact: 'siege@example.org', runBy: 'The lab' };

export type WorldOptions = { folder: string; hosts: number; isOpen: boolean; nice: number | null };

export class World {
  target!: Target;
  private readonly running: Manyhands[] = [];
  private readonly dataDirectory: string;
  private readonly logFile: string;
  private coordinator!: Manyhands;
  private owner!: Coordinator;
  private operator!: Operator;
  private honest!: App;

  private constructor(private readonly options: WorldOptions) {
    mkdirSync(options.folder, { recursive: true });
    this.dataDirectory = join(options.folder, 'coordinator');
    this.logFile = join(options.folder, 'log');
  }

  /** Closed again when it cannot be opened. */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    try {
      await world.start();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  memory(): Memory {
    return memoryOf(this.coordinator.pid);
  }

  disk(): Disk {
    return diskOf(this.dataDirectory, this.logFile);
  }

  /** A batch of the real workers. */
  async submit(name: string, count: number): Promise<Batch> {
    const units = Array.from({ length: count }, (_, index) => ({ name: `unit-${index}` }));
    const files = { 'shared.bin': new Uint8Array(randomBytes(SHARED_BYTES)) };
    return this.honest.map(units, { name, files, quorum: 2, expectedDurationMs: UNIT_MS });
  }

  /** Publishes another program and waits for its check; resolves with the seconds that the check took. */
  async check(): Promise<number> {
    const project = await this.project('checked');
    let beganMs = performance.now();
    const onProgress = (step: string): void => {
      if (step === 'checking') beganMs = performance.now();
    };
    const wasm = busyProgram(ROUNDS + 1);
    await project.app({ name: 'another', wasm, onProgress, signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    return (performance.now() - beganMs) / 1000;
  }

  async close(): Promise<void> {
    for (const part of this.running.reverse()) await part.stop();
  }

  private async start(): Promise<void> {
    const token = randomBytes(16).toString('hex');
    const { url, gatewayUrl, coordinatorId } = await this.startCoordinator(token);
    this.owner = await connect(url, { dataDirectory: join(this.options.folder, 'owner') });
    this.operator = new Operator(this.owner, { token });
    const project = await this.project('honest');
    this.honest = await project.app({ name: 'busy', wasm: busyProgram(ROUNDS) });
    const crew = await (await this.project('crew')).app({ name: 'nothing', wasm: PROGRAM });
    const units = Array.from({ length: this.options.hosts * CREW_UNITS_PER_HOST }, (_, at) => ({ name: `unit-${at}` }));
    const { id: crewBatchId } = await crew.map(units, { name: 'crew', quorum: 1, expectedDurationMs: CREW_UNIT_MS });
    const names = { crewProjectId: crew.project.id, crewBatchId, honestProjectId: project.id };
    this.target = { url, gatewayUrl, coordinatorId, seedUrl: '', ...names };
    this.target.seedUrl = await this.seedUrl();
    await this.startWorkers(url);
  }

  private async startCoordinator(token: string): Promise<Pick<Target, 'url' | 'gatewayUrl' | 'coordinatorId'>> {
    const place = ['--data', this.dataDirectory, '--port', '0', '--trusted-proxies', SOME_PROXY];
    const words = ['coordinator', 'start', ...place, ...(this.options.isOpen ? ['--open'] : [])];
    this.coordinator = this.run(words, { MANYHANDS_OPERATOR_TOKEN: token }, this.logFile);
    const { url, gatewayUrl, coordinatorId } = await this.coordinator.event('listening');
    return { url: String(url), gatewayUrl: String(gatewayUrl), coordinatorId: String(coordinatorId) as CoordinatorId };
  }

  private async startWorkers(url: string): Promise<void> {
    for (const [index, address] of WORKER_ADDRESSES.entries()) {
      const data = ['--data', join(this.options.folder, `worker-${index}`), '--account', `hand-${index}`];
      const limits = ['--cpus', '1', '--local-address', address, '--project', 'honest'];
      await this.run(['worker', 'join', url, ...data, ...limits]).event('joined');
    }
    const batch = await this.submit('warm-up', WARM_UP_UNITS);
    await batch.wait({ signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
  }

  private async project(name: string): Promise<Project> {
    const { invitation } = await this.operator.invite();
    const words = { title: name, question: 'What does a stranger cost?', description: '', ...FACTS };
    return this.owner.project(name, { invitation, ...words });
  }

  private async seedUrl(): Promise<string> {
    const host = await joinPatiently(this.target, { localAddress: PROBE_ADDRESS }, () => false);
    const [, port] = /\/tcp\/(\d+)/.exec(host?.welcome?.overlay?.addresses[0] ?? '') ?? [];
    host?.close();
    if (port === undefined) throw new Error('the coordinator names no seed');
    return `http://127.0.0.1:${port}`;
  }

  private run(words: readonly string[], environment: Record<string, string> = {}, logFile?: string): Manyhands {
    const { nice } = this.options;
    const all = { ...(nice !== null && { MANYHANDS_NICE: String(nice) }), ...environment };
    const part = new Manyhands(ROOT, words, { environment: all, ...(logFile && { logFile }) });
    this.running.push(part);
    return part;
  }
}
