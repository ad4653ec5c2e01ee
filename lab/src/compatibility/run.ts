// Another version's worker and scientist with this version's coordinator: does everybody understand everybody?
// Usage: npm run lab:compatibility -- --from <commit> [--built <folder>] [--record <folder>] [--json]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Manyhands } from './manyhands.js';
import { openVersion } from './old-version.js';
import { recordMidBatch } from './record.js';
import { checkResults, type Scientist, submit } from './work.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    from: { type: 'string' },
    built: { type: 'string' },
    record: { type: 'string' },
  },
});
const repository = join(import.meta.dirname, '../../..');
const log = (text: string): void => void process.stderr.write(`${text}\n`);

type Check = { readonly name: string; readonly problem: string | null };

async function main(commit: string): Promise<number> {
  const old = values.built === undefined ? openVersion(repository, commit) : resolve(values.built);
  if (values.record !== undefined) {
    await recordMidBatch({ root: old, folder: resolve(values.record) });
    return 0;
  }
  const checks = await together(old);
  if (values.json) console.log(JSON.stringify({ version: 1, from: commit, checks }, null, 2));
  else
    for (const { name, problem } of checks)
      console.log(problem === null ? `passed  ${name}` : `FAILED  ${name}: ${problem}`);
  return checks.every(({ problem }) => problem === null) ? 0 : 1;
}

/** A coordinator of this version with a worker of each, so that each unit is computed by both and their answers are compared. */
async function together(old: string): Promise<Check[]> {
  const folder = await mkdtemp(join(tmpdir(), 'manyhands-compatibility-'));
  const started: Manyhands[] = [];
  const start = (root: string, words: string[]): Manyhands => {
    const child = new Manyhands(root, words);
    started.push(child);
    return child;
  };
  try {
    const data = join(folder, 'coordinator');
    const coordinator = start(repository, ['coordinator', 'start', '--open', '--port', '0', '--data', data]);
    const url = String((await coordinator.event('listening')).url);
    for (const [root, account] of [
      [old, 'ada'],
      [repository, 'barbara'],
    ] as const)
      start(root, [
        ...['worker', 'join', url, '--data', join(folder, account)],
        ...['--account', account, '--cpus', '1'],
      ]);
    return [
      await checked('its scientist, a worker of each', () =>
        collected({ root: old, data: join(folder, 'theirs'), project: 'theirs', url }),
      ),
      await checked('the scientist of this version, a worker of each', () =>
        collected({ root: repository, data: join(folder, 'ours'), project: 'ours', url }),
      ),
    ];
  } finally {
    await Promise.all(started.reverse().map((child) => child.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function checked(name: string, work: () => Promise<void>): Promise<Check> {
  log(`${name} ...`);
  const problem = await work().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { name, problem };
}

/** A project, a batch, and its results, which must be right. */
async function collected(scientist: Scientist): Promise<void> {
  const { root, data, url, project } = scientist;
  await mkdir(data);
  await new Manyhands(root, ['project', 'create', project, '--coordinator', url, '--data', data]).finished();
  const out = join(data, 'out');
  await submit(scientist, out, 'primes').finished();
  checkResults(out);
}

if (values.from === undefined && values.built === undefined) {
  log('--from names the commit of the other version; see npm run lab:compatibility -- --help');
  process.exitCode = 2;
} else
  try {
    process.exitCode = await main(values.from ?? '');
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    process.exitCode = 3;
  }
