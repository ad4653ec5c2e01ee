// The run itself: a base that works, ten times as many who come at once, a time in which all work, and a coordinator that is killed and comes back.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@manyhands/sdk';
import { BenchChild } from '../bench/child.js';
import { PROGRAM } from '../bench/empty-program.js';
import { CoordinatorProcess } from './coordinator.js';
import { leasesBetween, percentile, together } from './figures.js';
import { lostOf } from './kept.js';
import type { Collected, CrowdAsk, CrowdSay, HostPlan } from './messages.js';
import { arrivalsPlan, basePlan, baseRampMs, honestPlan, unitsFor, type Wishes } from './plan.js';
import { Visitor } from './visitor.js';

type Crowd = BenchChild<CrowdAsk, CrowdSay>;
type Sample = { atMs: number; cpuMs: number; waitedMs: number; residentBytes: number; connections: number };
export type Log = (text: string) => void;

const PROGRESS_MS = 5000;
/** Who came last has a unit until the end: its receipt may be as late as this, in the time of a unit. */
const LAST_RECEIPTS_PART = 0.25;
/** What is on its way when the coordinator is killed has arrived by then. */
const SETTLE_MS = 1000;

export type Outcome = {
  readonly all: Collected;
  readonly parts: readonly Collected[];
  /** At the end of the base's time, when the last arrival was to come, and at the end. */
  readonly samples: Record<'base' | 'arrived' | 'end', Sample>;
  readonly leaseMs: Record<'base' | 'arriving' | 'afterwards', number[]>;
  readonly pages: Visitor;
  readonly health: Visitor;
  readonly lost: number;
};

export class Scenario {
  private coordinator: CoordinatorProcess | undefined;
  private readonly crowd: Crowd = new BenchChild('../arrivals/crowd-process');
  private readonly honest: Crowd = new BenchChild('../arrivals/crowd-process');

  constructor(
    private readonly folder: string,
    private readonly wishes: Wishes,
    private readonly log: Log,
  ) {}

  async run(): Promise<Outcome> {
    const spanMs = 1000 * this.wishes.seconds;
    const running = await this.prepare();
    const [pages, health] = [new Visitor(`${running.url}/`), new Visitor(`${running.url}/healthz`)];
    const begunMs = Date.now();
    const baseFromMs = begunMs + baseRampMs(this.wishes) + spanMs; // by then their first units are over
    this.begin(this.crowd, basePlan(this.wishes, begunMs));
    const base = await this.until(baseFromMs + spanMs, 'the base works');
    for (const visitor of [pages, health]) visitor.start();
    this.begin(this.crowd, arrivalsPlan(this.wishes, base.atMs));
    this.begin(this.honest, honestPlan(this.wishes, base.atMs));
    const arrived = await this.until(base.atMs + spanMs, 'they come');
    const end = await this.until(arrived.atMs + spanMs, 'all work');
    await this.until(end.atMs + LAST_RECEIPTS_PART * spanMs, 'the last receipts come in');
    for (const visitor of [pages, health]) await visitor.stop();
    const { parts, lost } = await this.killAndCompare();
    const all = together(parts);
    const leaseMs = {
      base: leasesBetween(all, baseFromMs, base.atMs),
      arriving: leasesBetween(all, base.atMs, arrived.atMs),
      afterwards: leasesBetween(all, arrived.atMs, end.atMs),
    };
    return { all, parts, samples: { base, arrived, end }, leaseMs, pages, health, lost };
  }

  async stop(): Promise<void> {
    await Promise.all([this.crowd.stop(), this.honest.stop(), this.coordinator?.kill()]);
  }

  private async prepare(): Promise<CoordinatorProcess> {
    const coordinator = await CoordinatorProcess.start(this.dataDirectory);
    this.coordinator = coordinator;
    this.log('the coordinator listens; its batch is being submitted');
    const scientist = await connect(coordinator.url, { dataDirectory: join(this.folder, 'scientist') });
    const project = await scientist.project('arrivals', {
      title: 'Arrivals',
      question: 'Do ten times as many come in?',
    });
    const app = await project.app({ name: 'nothing', wasm: PROGRAM });
    const units = Array.from({ length: unitsFor(this.wishes) }, (_, index) => ({ name: `unit-${index}` }));
    await app.map(units, { name: 'arrivals', quorum: 2, expectedDurationMs: 1000 * this.wishes.seconds });
    return coordinator;
  }

  private begin(crowd: Crowd, hosts: HostPlan[]): void {
    const { url, coordinatorId } = this.running;
    crowd.tell({ type: 'begin', url, coordinatorId, unitMs: 1000 * this.wishes.seconds, hosts });
  }

  /** Tells how it goes until then. */
  private async until(timeMs: number, what: string): Promise<Sample> {
    for (;;) {
      const leftMs = timeMs - Date.now();
      const sample = await this.sample(what);
      if (leftMs <= 0) return sample;
      await sleep(Math.min(PROGRESS_MS, leftMs));
    }
  }

  private async sample(what: string): Promise<Sample> {
    const tallies = await Promise.all([this.crowd, this.honest].map((crowd) => crowd.ask({ type: 'tally' }, 'tally')));
    const connections = tallies.reduce((sum, { connected }) => sum + connected, 0);
    const receipts = tallies.reduce((sum, tally) => sum + tally.receipts, 0);
    const { running } = this;
    const [cpuMs, waitedMs, residentBytes] = [running.cpuMs(), running.waitedMs(), running.residentBytes()];
    const memory = `${(residentBytes / 2 ** 20).toFixed(0)} MiB, ${(cpuMs / 1000).toFixed(1)} s of CPU`;
    this.log(`${what}: ${connections} connected, ${receipts} receipts; coordinator ${memory}`);
    return { atMs: Date.now(), cpuMs, waitedMs, residentBytes, connections };
  }

  /** Without warning and in full work. What comes back must know all that was acknowledged until then. */
  private async killAndCompare(): Promise<{ parts: Collected[]; lost: number }> {
    const { port } = this.running;
    const crowds = [this.crowd, this.honest];
    await Promise.all(crowds.map((crowd) => crowd.ask({ type: 'freeze' }, 'frozen')));
    await this.running.kill();
    await sleep(SETTLE_MS);
    const parts = await Promise.all(crowds.map((crowd) => crowd.ask({ type: 'collect' }, 'collected')));
    await Promise.all(crowds.map((crowd) => crowd.stop()));
    this.coordinator = await CoordinatorProcess.start(this.dataDirectory, port);
    const lost = lostOf(this.dataDirectory, together(parts).acknowledged).length;
    this.log(`killed and started again: ${lost} acknowledged receipts lost`);
    return { parts, lost };
  }

  private get running(): CoordinatorProcess {
    if (!this.coordinator) throw new Error('the coordinator is not started yet');
    return this.coordinator;
  }

  private get dataDirectory(): string {
    return join(this.folder, 'coordinator');
  }
}

/** The process that was later counts: hosts of either meet with the coordinator. */
export function lateP95Ms(parts: readonly Collected[]): number {
  return Math.max(...parts.map(({ lateMs }) => percentile(lateMs, 0.95)));
}
