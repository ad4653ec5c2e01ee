// The account that a worker's data folder holds.
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ManyhandsError } from '@manyhands/contract';
import type { Account } from '@manyhands/sdk';
import type { Output } from '../output.js';
import { openCoordinator } from './connection.js';

export type AccountOptions = { coordinator: string; data?: string; json?: boolean };

/** Opens the account of a worker's data folder. Throws MH-ACC-002 when the folder holds none. */
export async function openOwnAccount(options: AccountOptions, out: Output): Promise<Account> {
  const { openAccount } = await import('@manyhands/sdk');
  const directory = options.data ?? (await defaultWorkerFolder());
  const coordinator = await openCoordinator({ coordinator: options.coordinator }, { out, isPinned: false });
  const account = await openAccount(directory, coordinator);
  if (account) return account;
  throw new ManyhandsError('MH-ACC-002', {
    message: `${directory} holds no account of yours. Make one with: manyhands worker join URL --account NAME`,
    meta: { directory },
  });
}

async function defaultWorkerFolder(): Promise<string> {
  const { default: envPaths } = await import('env-paths');
  return join(envPaths('manyhands', { suffix: '' }).data, 'worker');
}

/** Asks on the terminal; no where there is none. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
