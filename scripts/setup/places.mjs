// Where things lie, and how setting up ends when it cannot go on.
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const at = (...parts) => join(root, ...parts);

/** The environment in which programs of the dependencies, the bundled Node among them, come first. */
export function environment() {
  return { ...process.env, PATH: at('node_modules/.bin') + delimiter + process.env.PATH };
}

/** 3: something is missing or in the way; 1: the sources are wrong. */
export function fail(message, exitCode = 3) {
  console.error(message);
  process.exit(exitCode);
}
