// The demo from start to end: processes up, batch through, answer out, nothing left behind.
import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import { type Leaderboard, leaderboardSchema, ManyhandsError } from '@manyhands/contract';
import { endedCounts } from '@manyhands/contract/words';
import { dotPlotSvg, mergeHits, parseHits, type Region, type Stretch } from '@manyhands/coordinator/example';
import { type Batch, connect } from '@manyhands/sdk';
import type { Output } from '../output.js';
import { createDisplay } from './display.js';
import { openFolder } from './folder.js';
import { lossOf } from './loss.js';
import { type DemoSettings, readSettings } from './options.js';
import { type Child, startChild } from './processes.js';
import { type DemoReport, printReport, toHit } from './report.js';
import { DEMO_PROJECT, submitHunt } from './submission.js';
import { Times } from './times.js';

const START_TIMEOUT_MS = 5 * 60_000;
const REFRESH_MS = 1000;
/** Each unit is done by two volunteers. */
const VOLUNTEERS_NEEDED = 2;
/** Names of the demo's volunteers, by their number. */
const NAMES = [
  'ada',
  'barbara',
  'carl',
  'dorothy',
  'emmy',
  'fred',
  'grace',
  'henri',
  'ida',
  'john',
  'kurt',
  'lise',
  'mary',
  'niels',
  'otto',
  'rosalind',
];

type RunOptions = { full?: boolean; workers: string; port: string; data?: string; exit?: boolean; out?: string };

/** Runs the demo. Throws whatever the parts throw, after ending every process it started. */
export async function runDemo(
  options: RunOptions,
  { out, signal }: { out: Output; signal: AbortSignal },
): Promise<DemoReport> {
  const settings = readSettings(options);
  // A place that cannot be written is known before the work, not after it.
  if (options.out !== undefined) await appendFile(options.out, '');
  const times = new Times();
  const folder = await openFolder(options.data);
  const children: Child[] = [];
  try {
    introduce(settings, out);
    const { url, coordinatorLost } = await startCoordinator(children, { settings, folder: folder.coordinator });
    out.note(`  ok  coordinator  ${url}`);
    times.end('starting the coordinator');
    const coordinator = await connect(url, { dataDirectory: folder.scientist, signal });
    const hunt = await submitHunt(coordinator, { isFull: options.full === true, signal });
    out.note(
      `  ok  batch        ${hunt.batch.initialStatus.counts.total} units, each on two hosts of different accounts`,
    );
    times.end('publishing and submitting');
    const workers = await startWorkers(children, { settings, url, folder: folder.worker });
    out.note(`  ok  volunteers   ${settings.workerCount} joined`);
    out.note();
    times.end('starting the volunteers');
    const lost = AbortSignal.any([coordinatorLost, lossOf(workers, VOLUNTEERS_NEEDED)]);
    const answer = await follow(hunt.batch, { url, out, signal: AbortSignal.any([signal, lost]) }).catch((error) => {
      throw lost.aborted ? lost.reason : error;
    });
    times.end('computing');
    await writeFile(folder.picture, dotPlotSvg(answer.stretches, hunt.region));
    const facts = await gather(answer, { url, region: hunt.region, batch: hunt.batch, picture: folder.picture });
    times.end('gathering the figures');
    const report = { ...facts, times: times.all() };
    if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
    printReport(report, out);
    out.json(report);
    if (options.exit !== true) {
      await keepPage(url, out, AbortSignal.any([signal, coordinatorLost]));
      if (!signal.aborted) throw coordinatorLost.reason;
    }
    return report;
  } finally {
    await Promise.all(children.reverse().map((child) => child.stop()));
    await folder.remove();
  }
}

function introduce({ workerCount }: DemoSettings, out: Output): void {
  out.note(out.color.bold(DEMO_PROJECT.question));
  out.note(`One coordinator and ${workerCount} volunteers, all on this computer. Nothing leaves it.`);
  out.note();
}

async function startCoordinator(
  children: Child[],
  { settings, folder }: { settings: DemoSettings; folder: string },
): Promise<{ url: string; coordinatorLost: AbortSignal }> {
  const child = startChild(['coordinator', 'start', '--open', '--data', folder, '--port', String(settings.port)]);
  children.push(child);
  const { url } = await child.waitFor('listening', START_TIMEOUT_MS);
  return { url: String(url), coordinatorLost: lossOf([child], 1) };
}

async function startWorkers(
  children: Child[],
  { settings, url, folder }: { settings: DemoSettings; url: string; folder: (number: number) => string },
): Promise<Child[]> {
  const workers = Array.from({ length: settings.workerCount }, (_, index) =>
    startChild([
      ...['worker', 'join', url, '--data', folder(index + 1), '--cpus', String(settings.cpusPerWorker)],
      ...['--account', NAMES[index] ?? `hand-${index + 1}`],
    ]),
  );
  children.push(...workers);
  await Promise.all(workers.map((worker) => worker.waitFor('joined', START_TIMEOUT_MS)));
  return workers;
}

type Answer = { stretches: Stretch[]; wallSeconds: number };

/** Streams the results, shows the progress, merges the hits. Units that failed are left out; the report counts them. */
async function follow(
  batch: Batch,
  { url, out, signal }: { url: string; out: Output; signal: AbortSignal },
): Promise<Answer> {
  const startedMs = Date.now();
  const display = createDisplay(out);
  const refresh = async (): Promise<void> => {
    const [status, transfer, board] = await Promise.all([
      batch.status(),
      readTransfer(url),
      readBoard(url, 'accounts'),
    ]);
    display.show({
      counts: status.counts,
      replicas: status.replicas,
      fromPeersBytes: transfer.fromPeersBytes,
      coordinatorEgressBytes: transfer.coordinatorEgressBytes,
      credit: board.rows,
      elapsedMs: Date.now() - startedMs,
    });
  };
  // A picture that could not be refreshed is no reason to stop the work.
  const timer = setInterval(() => refresh().catch(() => undefined), REFRESH_MS);
  try {
    const windows = [];
    for await (const result of batch.results({ failures: 'yield', signal })) {
      if (result.state === 'accepted') windows.push(parseHits(result.stdout));
    }
    await refresh();
    return { stretches: mergeHits(windows), wallSeconds: (Date.now() - startedMs) / 1000 };
  } finally {
    clearInterval(timer);
    display.end();
  }
}

async function gather(
  { stretches, wallSeconds }: Answer,
  { url, region, batch, picture }: { url: string; region: Region; batch: Batch; picture: string },
): Promise<Omit<DemoReport, 'times'>> {
  // In this order: the public figures may be some seconds behind the batch, and are up to date once the bytes stand still.
  const transfer = await settledTransfer(url);
  const [status, board] = await Promise.all([batch.status(), readBoard(url, 'hosts')]);
  return {
    version: 1,
    url,
    region,
    units: status.counts.total,
    replicas: status.replicas.reported,
    accepted: status.counts.accepted,
    failed: endedCounts(status.counts).failed,
    ended: status.counts.ended,
    redundancy: status.replicas.reported / Math.max(status.counts.accepted, 1),
    wallSeconds,
    coordinatorEgressBytes: transfer.coordinatorEgressBytes,
    peerBytes: transfer.fromPeersBytes,
    hosts: board.rows.map(({ name, creditMilli, acceptedReplicas }) => ({ name, creditMilli, acceptedReplicas })),
    creditMilli: status.creditMilli,
    picture,
    hits: stretches.map(toHit),
  };
}

type Transfer = { fromPeersBytes: number; coordinatorEgressBytes: number };

async function readTransfer(url: string): Promise<Transfer> {
  return (await getJson<{ transfer: Transfer }>(`${url}/api/v1/stats`)).transfer;
}

/** Workers report the bytes they moved every few seconds: waits until the figure stands still. */
async function settledTransfer(url: string): Promise<Transfer> {
  let last = await readTransfer(url);
  for (let attempt = 0; attempt < 6; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
    const next = await readTransfer(url);
    if (attempt > 0 && next.fromPeersBytes === last.fromPeersBytes) return next;
    last = next;
  }
  return last;
}

async function readBoard(url: string, kind: Leaderboard['kind']): Promise<Leaderboard> {
  return leaderboardSchema.parse(await getJson(`${url}/api/v1/leaderboard?kind=${kind}&period=total`));
}

async function getJson<T>(address: string): Promise<T> {
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new ManyhandsError('MH-GEN-005', { message: `${address} answered ${response.status}.` });
  return (await response.json()) as T;
}

async function keepPage(url: string, out: Output, signal: AbortSignal): Promise<void> {
  out.line();
  out.line(`Open ${out.color.bold(url)} to see it. Ctrl-C stops all.`);
  if (!signal.aborted) await once(signal, 'abort');
}
