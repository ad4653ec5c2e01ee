// How a process is started behind a wall: a command line that ends in Node.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { NodeFiles } from '../shown/node-files.js';
import type { Shown } from '../shown/shown.js';

/** The channel of `child_process` is this file descriptor of the child. */
export const CHANNEL_FD = 3;

/** What is to run: Node with these arguments, which sees these files. */
export type Inside = {
  nodeArgs: readonly string[];
  node: NodeFiles;
  shown: Shown;
};

export type Command = {
  file: string;
  args: string[];
  /** So many processes stand between the one that is started and the one that runs. */
  depth: number;
  /** Bytes for the file descriptor behind the channel. */
  feed: Buffer | null;
};

/** The path of a program, or null when it is not installed. */
export function findProgram(name: string, searchPath: string): string | null {
  for (const folder of searchPath.split(delimiter).filter((part) => part.startsWith('/'))) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here
    }
  }
  return null;
}

/** OpenSSL does without a configuration that is not there, and ends the process over one that it may not read. */
const NO_CONFIGURATION = '/nowhere/openssl.cnf';

/** The environment of the process: the way to its libraries. */
export function libraryEnvironment({ libraryFolders }: NodeFiles): Record<string, string> {
  return { LD_LIBRARY_PATH: libraryFolders.join(':'), OPENSSL_CONF: NO_CONFIGURATION };
}
