// Makes the folders of a coordinator, a worker and a scientist of some version as a power cut in mid-batch leaves them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Manyhands } from './manyhands.js';
import { submit } from './work.js';

type Options = { readonly root: string; readonly folder: string };
type Shown = { counts: { accepted: number }; replicas: { reported: number; leased: number } };

const POLL_MS = 100;
const BATCH = 'mid-batch';
/** What the first worker has reported before it leaves, and how many units are accepted before the cut. */
const REPORTED_BEFORE_LEAVING = 4;
const ACCEPTED_BEFORE_CUT = 3;

/** One worker came, computed and left; a second one is at it, with a snapshot of the unit it is at, when everything is killed. */
export async function recordMidBatch({ root, folder }: Options): Promise<void> {
  const [coordinatorData, workerData, scientistData] = ['coordinator', 'worker', 'scientist'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const firstData = join(folder, 'first-worker');
  mkdirSync(scientistData, { recursive: true });
  const coordinator = new Manyhands(root, [
    ...['coordinator', 'start', '--open', '--port', '0', '--data', coordinatorData],
  ]);
  const url = String((await coordinator.event('listening')).url);
  const create = ['project', 'create', 'mersenne', '--coordinator', url, '--data', scientistData];
  await new Manyhands(root, create).finished();
  const map = submit({ root, data: scientistData, url, project: 'mersenne' }, join(folder, 'out'), BATCH);
  const submitted = await map.event('submitted');
  const { id: batchId } = submitted.batch as { id: string };
  const show = async (): Promise<Shown> =>
    (await new Manyhands(root, ['batch', 'show', batchId, '--coordinator', url, '--data', scientistData]).finished())
      .batch as Shown;

  const first = new Manyhands(root, [
    ...['worker', 'join', url, '--data', firstData, '--account', 'barbara', '--cpus', '1', '--no-p2p'],
  ]);
  await first.event('joined');
  while ((await show()).replicas.reported < REPORTED_BEFORE_LEAVING) await sleep(POLL_MS);
  await first.stop();
  const second = startSnapshotting(root, { url, dataDirectory: workerData });
  const hasSnapshot = (): boolean =>
    existsSync(join(workerData, 'snapshots')) && readdirSync(join(workerData, 'snapshots')).length > 0;
  while ((await show()).counts.accepted < ACCEPTED_BEFORE_CUT || !hasSnapshot()) await sleep(POLL_MS);
  const { counts, replicas } = await show();
  second();
  coordinator.kill();
  map.kill();
  writeFileSync(join(folder, 'facts.json'), `${JSON.stringify({ batchId, name: BATCH, counts, replicas }, null, 2)}\n`);
  rmSync(firstData, { recursive: true, force: true });
  rmSync(join(folder, 'out'), { recursive: true, force: true });
}

/** A worker of that version that writes a snapshot every 0.3 s, which the command line does not offer. Returns how to kill it. */
function startSnapshotting(root: string, { url, dataDirectory }: { url: string; dataDirectory: string }): () => void {
  const options = {
    ...{ coordinatorUrl: url, dataDirectory, account: 'ada', cpus: 1, isP2p: false },
    ...{ logLevel: 'error', snapshotIntervalMs: 300 },
  };
  const script = `const { startWorker } = await import(${JSON.stringify(join(root, 'worker/dist/index.js'))});
    await startWorker(${JSON.stringify(options)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: 'inherit' });
  return () => process.kill(-(child.pid as number), 'SIGKILL');
}
