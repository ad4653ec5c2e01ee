// The account that a worker's data folder holds.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { accountIdSchema, ManyhandsError } from '@manyhands/contract';
import type { Account } from '@manyhands/sdk';
import type { Output } from '../output.js';

export type AccountOptions = { coordinator?: string; data?: string; json?: boolean };

/** What the worker notes about its account, in `account.json` beside `account.key`. */
type AccountNote = { accountId: string; coordinatorUrl: string };

/** Opens the account of a worker's data folder. Throws MH-ACC-002 when the folder holds none. */
export async function openAccount(options: AccountOptions, out: Output): Promise<Account> {
  const { Account: OpenAccount, connect, readAccountKey } = await import('@manyhands/sdk');
  const directory = options.data ?? (await defaultWorkerFolder());
  const keyPair = await readAccountKey(join(directory, 'account.key'));
  const note = await readNote(join(directory, 'account.json'));
  const accountId = accountIdSchema.safeParse(note?.accountId);
  if (!keyPair || !note || !accountId.success)
    throw new ManyhandsError('MH-ACC-002', {
      message: `${directory} holds no account of yours. Make one with: manyhands worker join URL --account NAME`,
      meta: { directory },
    });
  const coordinator = await connect(options.coordinator ?? note.coordinatorUrl, {
    dataDirectory: directory,
    onTrouble: ({ error, attempt }) => {
      if (attempt === 3) out.note(`${error.message} I keep trying.`);
    },
  });
  return new OpenAccount(accountId.data, { coordinator, keyPair });
}

async function defaultWorkerFolder(): Promise<string> {
  const { default: envPaths } = await import('env-paths');
  return join(envPaths('manyhands', { suffix: '' }).data, 'worker');
}

async function readNote(file: string): Promise<AccountNote | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { version, accountId, coordinatorUrl } = JSON.parse(text) as Record<string, unknown>;
    if (typeof version === 'number' && version > 1) throw new ManyhandsError('MH-GEN-007', { meta: { file, version } });
    if (typeof accountId === 'string' && typeof coordinatorUrl === 'string') return { accountId, coordinatorUrl };
  } catch (error) {
    if (error instanceof ManyhandsError) throw error;
  }
  throw new ManyhandsError('MH-GEN-013', { message: `${file} is damaged.`, meta: { file } });
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
