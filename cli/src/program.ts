// Puts the commands together and runs one. Each command imports the part it needs only when it runs.
import { readFileSync } from 'node:fs';
import { jsonLine, ManyhandsError } from '@manyhands/contract';
import { Command, CommanderError, type Option } from 'commander';
import { registerAccount } from './account.js';
import { registerApp } from './app.js';
import { registerBatch } from './batch.js';
import { registerCoordinator } from './coordinator.js';
import { registerDemo } from './demo.js';
import { registerHost } from './host.js';
import { registerMap } from './map.js';
import { collectWords, ENDED, EXIT, type Streams } from './output.js';
import { registerProject } from './project.js';
import { registerUnit } from './unit.js';
import { registerWorker } from './worker.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Runs one command given by its words. Returns its exit code. */
export async function runCommand(words: readonly string[], streams: Streams): Promise<number> {
  try {
    await createProgram(streams).parseAsync(words, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === ENDED || error.exitCode === 0) return error.exitCode;
    if (words.includes('--json')) streams.writeOut(`${jsonLine({ version: 1, error: usageError(error) })}\n`);
    return EXIT.usage;
  }
}

/** All commands; nothing is run. */
export function createProgram(streams: Streams): Command {
  const program = new Command('manyhands')
    .description('Many hands make light work: very large computations on the spare time of many computers.')
    .version(version)
    .showHelpAfterError('(see --help)')
    .configureOutput(streams)
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
  refuseRepeated(program);
  return program;
}

/** Of an option that takes one value, the last one would win in silence. */
function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (/<(dir|file)>/.test(option.flags)) refuseEmpty(command, option);
    let count = 0;
    if (!option.required || option.variadic || option.parseArg === collectWords) continue;
    command.on(`option:${option.name()}`, () => {
      count += 1;
      if (count > 1) command.error(`error: ${option.long} was given more than once, and takes one value.`);
    });
  }
  command.commands.forEach(refuseRepeated);
}

/** What a variable that is not set leaves: it would be taken for the folder that one is in. */
function refuseEmpty(command: Command, option: Option): void {
  command.on(`option:${option.name()}`, (path: string) => {
    if (path === '') command.error(`error: ${option.long} is empty. Please name a place.`);
  });
}

/** Commander has told people what is wrong; scripts get it as JSON. */
function usageError({ code, message }: CommanderError): ReturnType<ManyhandsError['toObject']> {
  const what = code === 'commander.help' ? 'Which command? See --help.' : message.replace(/^error: /, '');
  return new ManyhandsError('MH-GEN-009', { message: what }).toObject();
}
