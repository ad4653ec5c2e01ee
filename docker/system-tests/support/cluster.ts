// A coordinator and workers as real processes with folders of their own, for one test.
import { join } from 'node:path';
import { type App, connect, type Project } from '@manyhands/sdk';
import { lifetimeNow, ManyhandsProcess, temporaryFolder } from '@manyhands/testing';
import Database from 'better-sqlite3';
import { probeModule } from './programs.js';

/** Short, so that units come back whose grant was lost with a killed worker or a broken connection. */
const LEASE_MINIMUM_MS = 10_000;
/** For tests that play the hosts themselves: no lease ends while they are at work, however busy the machine is. */
export const LONG_LEASES = { MANYHANDS_LEASE_MINIMUM_MS: String(10 * 60_000) };

export class Cluster {
  readonly workers = new Map<string, ManyhandsProcess>();
  coordinator!: ManyhandsProcess;
  /** Processes that a test starts last as long as the cluster, not only as long as that test. */
  readonly #lifetime = lifetimeNow();
  url = '';
  port = 0;

  private constructor(
    readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** `prepare` sees the empty folder before anything starts; `environment` is the coordinator's. */
  static async start(options: {
    workers: number;
    workerArgs?: readonly string[];
    environment?: Record<string, string>;
    prepare?: (folder: string) => void;
  }): Promise<Cluster> {
    const cluster = new Cluster(await temporaryFolder(), options.environment ?? {});
    options.prepare?.(cluster.folder);
    await cluster.startCoordinator();
    for (let number = 1; number <= options.workers; number++)
      await cluster.startWorker(`worker-${number}`, options.workerArgs);
    return cluster;
  }

  /** Starts the coordinator, the second time on the port of the first. */
  async startCoordinator(): Promise<void> {
    const args = [
      'coordinator',
      'start',
      '--data',
      this.path('coordinator'),
      '--port',
      String(this.port),
      '--open',
      '--json',
    ];
    this.coordinator = new ManyhandsProcess(args, {
      lifetime: this.#lifetime,
      environment: { MANYHANDS_LEASE_MINIMUM_MS: String(LEASE_MINIMUM_MS), ...this.environment },
    });
    const { url } = await this.coordinator.event('listening');
    this.url = String(url);
    this.port = Number(new URL(this.url).port);
  }

  /** Starts a worker with an account of its own; the same name again is the same host. `url`: how it reaches the coordinator. */
  async startWorker(name: string, args: readonly string[] = [], url = this.url): Promise<ManyhandsProcess> {
    const join = ['worker', 'join', url, '--data', this.path(name), '--account', name, '--cpus', '1', '--json'];
    const worker = new ManyhandsProcess([...join, ...args], { lifetime: this.#lifetime });
    this.workers.set(name, worker);
    await worker.event('joined');
    return worker;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The probe program as an app of a new project. */
  async probe(memoryMaximumBytes = 16 * 2 ** 20): Promise<{ project: Project; app: App }> {
    const coordinator = await connect(this.url, { dataDirectory: this.path('scientist') });
    const project = await coordinator.project('probes', { title: 'Probes' });
    const app = await project.app({
      name: 'probe',
      wasm: await probeModule(),
      memoryMaximumBytes,
    });
    return { project, app };
  }

  /** Reads the coordinator's database beside or after it, without changing it. */
  query<Row>(sql: string, ...parameters: unknown[]): Row[] {
    const database = new Database(this.path('coordinator/coordinator.sqlite'), { readonly: true });
    try {
      return database.prepare<unknown[], Row>(sql).all(...parameters);
    } finally {
      database.close();
    }
  }

  async getJson<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
    await this.coordinator.stop();
  }
}
