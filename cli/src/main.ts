// The command line: puts the commands together. Each command imports the part it needs only when it runs.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerAccount } from './account.js';
import { registerApp } from './app.js';
import { registerBatch } from './batch.js';
import { registerCoordinator } from './coordinator.js';
import { registerDemo } from './demo.js';
import { registerHost } from './host.js';
import { registerMap } from './map.js';
import { registerProject } from './project.js';
import { registerUnit } from './unit.js';
import { registerWorker } from './worker.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('manyhands')
  .description('Many hands make light work: very large computations on the spare time of many computers.')
  .version(version)
  .showHelpAfterError('(see --help)');

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

await program.parseAsync();
