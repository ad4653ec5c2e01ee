// How many copies of a shared input leave the coordinator when eight workers need it at once, and whether serving blocks slows its WebSockets.
// Usage: npm run lab:spread -- [--json] [--runs N] [--workers N] [--mebibytes N] [--no-latency]
// Exits with 1 when a run sends more than three copies, a unit fails, or the round trips take more than twice as long.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BLOCK_MAXIMUM_BYTES, peersSchema, splitFile, statsSchema } from '@manyhands/contract';
import { connect } from '@manyhands/sdk';
import { busyProgram } from './busy-program.js';
import { type LatencyReport, measureLatency, median } from './latency.js';
import { Child } from './processes.js';
import type { FromPart, ToPart } from './spread-messages.js';

type RunReport = {
  /** Bytes of blocks that the seed and the gateway sent, in sizes of the file. */
  originCopies: number;
  originBytes: number;
  /** Bytes that workers got from one another. */
  peerBytes: number;
  /** Workers that got at least a whole file. */
  workersServed: number;
  acceptedUnits: number;
  /** From submission to the last accepted unit. */
  seconds: number;
};

const COPIES_MAXIMUM = 3;
const LATENCY_RATIO_MAXIMUM = 2;
const TIMEOUT_MS = 300_000;
/** Workers report what they moved every five seconds. */
const REPORTS_SETTLE_MS = 7_000;
const UNITS_PER_WORKER = 8;
/** About a tenth of a second of one core. */
const ROUNDS = 50_000_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    workers: { type: 'string', default: '8' },
    mebibytes: { type: 'string', default: '32' },
    'no-latency': { type: 'boolean', default: false },
  },
});
const workerCount = Number(values.workers);
const fileBytes = Number(values.mebibytes) * 1024 * 1024;

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'manyhands-spread-'));
  const runs: RunReport[] = [];
  let latency: LatencyReport | null = null;
  try {
    for (let run = 0; run < Number(values.runs); run++) {
      const isLast = run === Number(values.runs) - 1;
      const scenario = new Scenario(join(directory, String(run)));
      try {
        runs.push(await scenario.spread());
        if (isLast && !values['no-latency']) latency = await scenario.latency();
      } finally {
        await scenario.stop();
      }
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  report(runs, latency);
}

/** A coordinator and its workers, each a process with a folder of its own. */
class Scenario {
  private readonly home: string;
  private readonly coordinator = new Child<ToPart, FromPart>('spread-part');
  private readonly workers = Array.from({ length: workerCount }, () => new Child<ToPart, FromPart>('spread-part'));
  private readonly file = new Uint8Array(randomBytes(fileBytes));
  private url = '';
  private gatewayUrl = '';

  constructor(home: string) {
    this.home = home;
  }

  async spread(): Promise<RunReport> {
    this.coordinator.send({ type: 'coordinator', dataDirectory: join(this.home, 'coordinator') });
    const { url, gatewayUrl } = await this.coordinator.next('listening', TIMEOUT_MS);
    Object.assign(this, { url, gatewayUrl });
    await this.startWorkers();
    const coordinator = await connect(url, { dataDirectory: join(this.home, 'scientist') });
    const texts = { title: 'Spread', question: 'How many copies leave the coordinator?', description: '' };
    const project = await coordinator.project('spread', texts);
    const app = await project.app({ name: 'busy', wasm: busyProgram(ROUNDS) });
    const units = Array.from({ length: workerCount * UNITS_PER_WORKER }, (_, index) => ({ name: `unit-${index}` }));
    const before = await this.stats();
    const startedMs = performance.now();
    const batch = await app.map(units, {
      name: 'spread',
      files: { 'shared.bin': this.file },
      expectedDurationMs: 1000,
    });
    await batch.wait({ signal: AbortSignal.timeout(TIMEOUT_MS) });
    const seconds = (performance.now() - startedMs) / 1000;
    await new Promise((resolve) => setTimeout(resolve, REPORTS_SETTLE_MS));
    const after = await this.stats();
    const originBytes = after.coordinatorEgressBytes - before.coordinatorEgressBytes;
    return {
      originCopies: originBytes / fileBytes,
      originBytes,
      peerBytes: after.fromPeersBytes - before.fromPeersBytes,
      workersServed: await this.workersServed(),
      acceptedUnits: (await batch.status()).counts.accepted,
      seconds,
    };
  }

  /** Measured on the coordinator itself, with the workers gone so that they take no processor time. */
  async latency(): Promise<LatencyReport> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    const { blocks } = splitFile(this.file);
    const full = blocks.filter(({ bytes }) => bytes.length === BLOCK_MAXIMUM_BYTES);
    const urls = full.map(({ cid }) => `${this.gatewayUrl}/blocks/${cid}`);
    return measureLatency(`${this.url.replace(/^http/, 'ws')}/api/v1/worker`, urls);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.workers, this.coordinator].map((part) => part.stop()));
  }

  private async startWorkers(): Promise<void> {
    await Promise.all(
      this.workers.map((worker, index) => {
        const dataDirectory = join(this.home, `worker-${index}`);
        worker.send({ type: 'worker', coordinatorUrl: this.url, dataDirectory, account: `hand-${index}` });
        return worker.next('ready', TIMEOUT_MS);
      }),
    );
    const deadlineMs = performance.now() + TIMEOUT_MS;
    while ((await this.read('stats', statsSchema)).hosts.online < workerCount) {
      if (performance.now() > deadlineMs) throw new Error('not all workers came online');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  private async stats() {
    return (await this.read('stats', statsSchema)).transfer;
  }

  private async workersServed(): Promise<number> {
    const { peers } = await this.read('peers', peersSchema);
    return peers.filter((peer) => peer.fromPeersBytes + peer.fromOriginBytes >= fileBytes).length;
  }

  private async read<T>(path: string, schema: { parse(value: unknown): T }): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    return schema.parse(await response.json());
  }
}

function report(runs: readonly RunReport[], latency: LatencyReport | null): void {
  const originCopies = median(runs.map((run) => run.originCopies));
  const peerBytes = median(runs.map((run) => run.peerBytes));
  const seconds = median(runs.map((run) => run.seconds));
  const document = { version: 1, workers: workerCount, fileBytes, originCopies, peerBytes, seconds, runs, latency };
  if (values.json) console.log(JSON.stringify(document, null, 2));
  else {
    console.log(`${workerCount} workers, ${values.mebibytes} MiB, medians of ${runs.length} runs`);
    console.log(`copies sent by the coordinator   ${originCopies.toFixed(2)}`);
    console.log(`megabytes from peers             ${(peerBytes / 1e6).toFixed(1)}`);
    console.log(`seconds until the batch was done ${seconds.toFixed(1)}`);
    if (latency !== null)
      console.log(
        `WebSocket round trip, p99        ${latency.servingP99Ms.toFixed(2)} ms serving, ${latency.ratio.toFixed(2)} times idle`,
      );
  }
  const isWasteful = runs.some((run) => run.originCopies > COPIES_MAXIMUM);
  const isUnfinished = runs.some((run) => run.acceptedUnits < workerCount * UNITS_PER_WORKER);
  const isSlow = latency !== null && latency.ratio > LATENCY_RATIO_MAXIMUM;
  process.exitCode = isWasteful || isUnfinished || isSlow ? 1 : 0;
}

await main();
