// From the command line's words to a worker's options.
import { join, resolve } from 'node:path';
import { coordinatorUrlOf, listenAddress, ManyhandsError } from '@manyhands/contract';
import { shellLine } from '@manyhands/contract/words';
import type { Machine, WorkerOptions } from '@manyhands/worker';
import { formatBytes, parseCount, parseSize } from './quantities.js';

/** The options of `worker join`, as commander gives them. */
export type JoinWords = {
  data?: string;
  account?: string;
  code?: string;
  cpus?: string;
  nice?: string;
  memory?: string;
  disk?: string;
  project?: string[];
  p2p: boolean;
  once?: boolean;
  listen?: string;
  localAddress?: string;
  sandbox: NonNullable<WorkerOptions['sandbox']>;
  logLevel: NonNullable<WorkerOptions['logLevel']>;
};

const CORES_MAXIMUM = 1024;
const NICE_MAXIMUM = 19;

/** The folder named, or the platform's place for a worker's data. */
export async function workerFolder(data: string | undefined): Promise<string> {
  if (data !== undefined) return resolve(data);
  const { default: envPaths } = await import('env-paths');
  return join(envPaths('manyhands', { suffix: '' }).data, 'worker');
}

/** Throws MH-GEN-009. `machine`: what this computer, or the container, has. */
export async function workerOptionsOf(url: string, words: JoinWords, machine: Machine): Promise<WorkerOptions> {
  const { account, code, project, listen } = words;
  return {
    coordinatorUrl: coordinatorUrlOf(url),
    dataDirectory: await workerFolder(words.data),
    isP2p: words.p2p,
    isOnce: words.once === true,
    logLevel: words.logLevel,
    sandbox: words.sandbox,
    ...(account !== undefined && { account: account.trim() }),
    ...(code !== undefined && { code }),
    ...(project !== undefined && { projects: project }),
    ...(words.cpus !== undefined && { cpus: coresOf(words.cpus, machine) }),
    ...(words.nice !== undefined && {
      nice: parseCount(words.nice, { what: '--nice', minimum: 0, maximum: NICE_MAXIMUM }),
    }),
    ...(words.memory !== undefined && { memoryBytes: memoryOf(words.memory, machine) }),
    ...(words.disk !== undefined && { diskBytes: parseSize(words.disk) }),
    ...(listen !== undefined && listenOf(listen)),
    ...(words.localAddress !== undefined && { localAddress: words.localAddress }),
  };
}

function coresOf(text: string, machine: Machine): number {
  const cores = parseCount(text, { what: '--cpus', minimum: 1, maximum: CORES_MAXIMUM });
  if (cores <= machine.cores) return cores;
  const has = machine.cores === 1 ? '1 core' : `${machine.cores} cores`;
  throw tooMuch(`--cpus ${text} is more than there is: this computer, or the container, has ${has}`);
}

function memoryOf(text: string, machine: Machine): number {
  const bytes = parseSize(text);
  if (bytes <= machine.memoryBytes) return bytes;
  const has = formatBytes(machine.memoryBytes);
  throw tooMuch(`--memory ${text} is more than there is: this computer, or the container, has ${has}`);
}

function tooMuch(what: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-009', { message: `${what}. Give less, or leave the option out to use half.` });
}

/** The command that joins the same coordinator from a folder of its own. */
export function otherFolderLine({ coordinatorUrl, dataDirectory }: WorkerOptions): string {
  const folder = `${dataDirectory}-${new URL(coordinatorUrl).host.replace(/[^A-Za-z0-9.-]+/g, '-')}`;
  return shellLine(['manyhands', 'worker', 'join', coordinatorUrl, '--data', folder]);
}

function listenOf(text: string): { overlayListenHost: string; overlayListenPort: number } {
  const { host, port } = listenAddress(text, '--listen');
  return { overlayListenHost: host, overlayListenPort: port };
}
