// The command line: puts the commands together. Each command imports the part it needs only when it runs.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('manyhands')
  .description('Many hands make light work: very large computations on the spare time of many computers.')
  .version(version)
  .showHelpAfterError('(see --help)')
  .configureHelp({ sortSubcommands: false });

await program.parseAsync();
