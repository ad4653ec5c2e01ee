// Ten times as many workers come at once: whether they are let in or told when to come again, and whether all others are served meanwhile.
// Usage: npm run lab:arrivals -- [--json] [--base N] [--arrivals N] [--honest N] [--seconds N] [--networks N]. Linux only.
// Exits with 1 when a requirement is missed, 2 for wrong options, 3 when the run is void or the system lets too few files be open.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorsMaximum } from './coordinator.js';
import { optionsFrom } from './options.js';
import { descriptorsFor, type Wishes } from './plan.js';
import { exitCode, linesOf, reportOf } from './report.js';
import { Scenario } from './scenario.js';

const log = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) return 2;
  const { wishes, isJson } = options;
  const [needed, allowed] = [descriptorsFor(wishes), descriptorsMaximum()];
  if (allowed < needed) {
    log(
      `Each process may have ${allowed} files open, and ${needed} are needed: raise it with \`ulimit -n\`, or come with fewer.`,
    );
    return 3;
  }
  const report = await reported(wishes);
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : `${linesOf(report).join('\n')}\n`);
  if (isJson) for (const line of linesOf(report)) log(line);
  return exitCode(report);
}

function readOptions(): ReturnType<typeof optionsFrom> | undefined {
  try {
    return optionsFrom(process.argv.slice(2));
  } catch (error) {
    log(`${(error as Error).message}; see npm run lab:arrivals -- --help`);
    return undefined;
  }
}

async function reported(wishes: Wishes) {
  const folder = await mkdtemp(join(tmpdir(), 'manyhands-arrivals-'));
  const scenario = new Scenario(folder, wishes, log);
  try {
    return reportOf(await scenario.run(), wishes);
  } finally {
    await scenario.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();
