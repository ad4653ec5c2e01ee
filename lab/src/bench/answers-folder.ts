// The folder that answers are measured on: made once by a coordinator of this version, from what real hosts did for real batches.
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, type Batch, connect } from '@manyhands/sdk';
import { BenchChild } from './child.js';
import { PROGRAM } from './empty-program.js';
import type { CoordinatorAsk, CoordinatorSay, LoadAsk, LoadSay } from './messages.js';

const BATCHES = 10;
/** Hosts between two words of how far it has come. */
const HOSTS_PER_STEP = 200;
const NAMES = 'names.json';

export type Size = { readonly accounts: number; readonly units: number };
/** What is in the folder, by the identifiers that addresses name. */
export type Names = { readonly projectId: string; readonly batchId: string; readonly appVersionId: string };
export type Made = { readonly dataDirectory: string; readonly names: Names };

/** The folder of a size below `parent`, made if it is not there yet. */
export async function folderOf(size: Size, parent: string, log: (text: string) => void): Promise<Made> {
  const folder = join(parent, `${size.accounts}-${size.units}`);
  const dataDirectory = join(folder, 'data');
  if (!existsSync(join(folder, NAMES))) {
    await rm(folder, { recursive: true, force: true });
    const names = await make(size, folder, log);
    await writeFile(join(folder, `${NAMES}.tmp`), JSON.stringify(names));
    await rename(join(folder, `${NAMES}.tmp`), join(folder, NAMES));
  }
  return { dataDirectory, names: JSON.parse(await readFile(join(folder, NAMES), 'utf8')) as Names };
}

async function make({ accounts, units }: Size, folder: string, log: (text: string) => void): Promise<Names> {
  const coordinator = new BenchChild<CoordinatorAsk, CoordinatorSay>('coordinator-process');
  const load = new BenchChild<LoadAsk, LoadSay>('load-process');
  try {
    const dataDirectory = join(folder, 'data');
    const { url, coordinatorId } = await coordinator.ask({ type: 'start', dataDirectory }, 'started');
    const owner = await connect(url, { dataDirectory: join(folder, 'owner') });
    const words = { title: 'Answers', question: 'What does an answer cost?', description: 'A long one. '.repeat(200) };
    const project = await owner.project('answers', words);
    const app = await project.app({ name: 'nothing', wasm: PROGRAM });
    let newest: Batch | undefined;
    for (let at = 0; at < BATCHES; at++) {
      newest = await submit(app, at, Math.ceil(units / BATCHES));
      log(`batch ${at + 1} of ${BATCHES} submitted`);
    }
    const unitsPerHost = Math.ceil(units / accounts);
    for (let firstHost = 0; firstHost < accounts; firstHost += HOSTS_PER_STEP) {
      const hosts = Math.min(HOSTS_PER_STEP, accounts - firstHost);
      await load.ask({ type: 'fill', url, coordinatorId, firstHost, hosts, unitsPerHost }, 'filled');
      log(`${firstHost + hosts} of ${accounts} accounts`);
    }
    return { projectId: project.id, batchId: newest?.id ?? '', appVersionId: app.id };
  } finally {
    await load.stop();
    await coordinator.stop();
  }
}

/** Units with inputs of their own are not needed: the names tell them apart. */
function submit(app: App, at: number, count: number): Promise<Batch> {
  const inputs = Array.from({ length: count }, (_, index) => ({ name: `part-${at}-of-the-work/unit-${index}` }));
  return app.map(inputs, { name: `batch-${at}`, quorum: 1, expectedDurationMs: 100 });
}
