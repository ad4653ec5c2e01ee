// docs/command-line.md: the help of every command, as the built command line prints it.
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './pages.mjs';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('cli/bin/manyhands.js', root));
const PROCESSES_MAXIMUM = 4;
const TIMEOUT_MS = 60_000;
const inTurn = limited(PROCESSES_MAXIMUM);

/** A command and all below it, parents first, in the order of the help: `{ words, help }`. */
export async function commandTree(words = []) {
  const help = await inTurn(() => helpOf(words));
  const below = await Promise.all(childrenOf(help).map((child) => commandTree([...words, child])));
  return [{ words, help }, ...below.flat()];
}

/** Without a terminal the help is 80 characters wide. */
async function helpOf(words) {
  const { FORCE_COLOR: _, ...environment } = process.env;
  const env = { ...environment, NO_COLOR: '1' };
  const { stdout } = await run(process.execPath, [PROGRAM, ...words, '--help'], { env, timeout: TIMEOUT_MS });
  if (stdout.includes(homedir())) throw new Error(`the help of ${words.join(' ')} names a folder of this machine`);
  return stdout.trimEnd();
}

function childrenOf(help) {
  const [, list = ''] = help.split('\nCommands:\n');
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

export function commandsBlock(commands) {
  const sections = commands.map(({ words, help }) => {
    const title = ['manyhands', ...words].join(' ');
    return `### ${title}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
  });
  return sections.join('\n');
}

/** Lets so many run at one time. */
function limited(maximum) {
  let running = 0;
  const waiting = [];
  return async (work) => {
    if (running >= maximum) await new Promise((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
