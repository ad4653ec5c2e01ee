// How the pages write commands for a terminal. The one place that changes when the program can be got in another way.

/** The program as one types it in a clone, after `npm run build`. Installed from packed files it is `manyhands`. */
const PROGRAM = 'node cli/bin/manyhands.js';

/** What to do before, in the order in which to do it. */
export const CLONE_COMMANDS = 'npm ci && npm run build';
export const INSTALL_COMMAND = 'npm install --global packed/*.tgz';
export const INSTALLED_NAME = 'manyhands';

/** A complete command line. Arguments that a shell would read as more than a word are quoted. */
export function commandLine(...words: readonly string[]): string {
  return [PROGRAM, ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
