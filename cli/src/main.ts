// The command line: puts the commands together. Each command imports the part it needs only when it runs.
import { readFileSync } from 'node:fs';
import { ManyhandsError } from '@manyhands/contract';
import { Command, CommanderError } from 'commander';
import { registerAccount } from './account.js';
import { registerApp } from './app.js';
import { registerBatch } from './batch.js';
import { registerCoordinator } from './coordinator.js';
import { registerDemo } from './demo.js';
import { registerHost } from './host.js';
import { registerMap } from './map.js';
import { EXIT } from './output.js';
import { registerProject } from './project.js';
import { registerUnit } from './unit.js';
import { registerWorker } from './worker.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('manyhands')
  .description('Many hands make light work: very large computations on the spare time of many computers.')
  .version(version)
  .showHelpAfterError('(see --help)')
  .exitOverride(); // before the commands are registered, so that they inherit it

for (const register of [
  registerDemo,
  registerCoordinator,
  registerWorker,
  registerHost,
  registerProject,
  registerApp,
  registerMap,
  registerBatch,
  registerUnit,
  registerAccount,
])
  register(program);

// Whoever reads our output may stop early, as `head` does: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.done : refuseUsage(error);
}

/** Commander has told people what is wrong; scripts get it as JSON. */
function refuseUsage({ message }: CommanderError): number {
  const error = new ManyhandsError('MH-GEN-009', { message: message.replace(/^error: /, '') });
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ version: 1, error: error.toObject() })}\n`);
  return EXIT.usage;
}
