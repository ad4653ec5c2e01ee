// Every npm script goes through here: --help, setting up, and the program, under the Node that suits. Runs on any Node from 18 on.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { COMMANDS } from './commands.mjs';
import { LIFELINE, passSignals } from './setup/children.mjs';
import { environment, root } from './setup/places.mjs';
import { setUp, timeLines } from './setup.mjs';

const [name = '', ...words] = process.argv.slice(2);
const command = COMMANDS[name];
const HELP_OPTION = ['--help', 'this text'];
const WIDTH = 22;

function help() {
  const { about, options = [], note, needs, example } = command;
  const call = name === 'test' ? 'npm test' : `npm run ${name}`;
  const all = [...options, HELP_OPTION];
  return [
    `${call} [-- <options>]`,
    '',
    about,
    '',
    'Options:',
    ...all.map(([flag, words]) => `  ${flag.padEnd(WIDTH)}${words}`),
    ...(needs ? ['', `Needs beside Node: ${needs}.`] : []),
    ...(note ? ['', note] : []),
    '',
    'Exit codes: 0 done; 1 something failed; 2 wrong usage; 3 something is missing or in the way.',
    ...(example ? ['', 'Example:', `  ${call} -- ${example}`] : []),
  ].join('\n');
}

/** What is wrong with the words of the command line, or null. */
function complaint() {
  const { options = [], isOpen } = command;
  if (isOpen) return null;
  const known = {};
  for (const [flag] of options) {
    const [, option, value] = /^--([\w-]+)(?: (<.+>))?$/.exec(flag) ?? [];
    if (option) known[option] = { type: value ? 'string' : 'boolean', multiple: Boolean(value) };
  }
  const allowPositionals = options.some(([flag]) => flag.startsWith('<'));
  try {
    const { values } = parseArgs({ args: words, options: known, allowPositionals });
    const wrong = options.find(([flag]) => flag.endsWith(' <n>') && isNoNumber(values[flag.slice(2, -4)]));
    return wrong ? `${wrong[0].slice(0, -4)} takes a number` : null;
  } catch (error) {
    return error.message.split('. ')[0];
  }
}

function isNoNumber(given = []) {
  return given.some((text) => !/^\d+(\.\d+)?$/.test(text));
}

/** Resolves with the exit code. */
function start([node, ...parameters], variables) {
  const { isObeying = false } = command;
  const child = spawn(node, [...(isObeying ? [] : LIFELINE.flags), ...parameters, ...words], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', ...LIFELINE.stdio],
    env: { ...environment(), ...variables, ...LIFELINE.variables },
    shell: process.platform === 'win32',
  });
  passSignals(child, { isObeying: isObeying && LIFELINE.stdio.length > 0 });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function run() {
  if (!command) {
    console.error(`There is no script ${name}; npm run lists them.`);
    return 2;
  }
  if (words.includes('--help') || words.includes('-h')) {
    console.log(help());
    return 0;
  }
  const wrong = complaint();
  if (wrong !== null) {
    console.error(`${wrong}; see npm run ${name} -- --help`);
    return 2;
  }
  const done = command.builds ? await setUp(command.builds) : [];
  // The demo says it all at its end.
  const isToldLater = command.builds === 'demo';
  if (!isToldLater) for (const line of timeLines(done)) console.error(line);
  if (!command.runs) return 0;
  return start(command.runs, isToldLater ? { MANYHANDS_SETUP_TIMES: JSON.stringify(done) } : {});
}

process.exitCode = await run();
