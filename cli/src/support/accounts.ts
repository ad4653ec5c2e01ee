// The account that a worker's data folder holds.
import { createInterface } from 'node:readline/promises';
import { ManyhandsError } from '@manyhands/contract';
import { shellLine } from '@manyhands/contract/words';
import type { Account, Coordinator } from '@manyhands/sdk';
import type { WorkerIdentity } from '@manyhands/worker';
import type { Output } from '../output.js';
import { openCoordinator } from './connection.js';

export type AccountOptions = { coordinator: string; data?: string; json?: boolean };

/** What a worker's data folder says of the account that its computer belongs to. */
export type FoundAccount = {
  coordinator: Coordinator;
  directory: string;
  /** With its key, which can do everything. */
  own: Account | undefined;
  /** Who the computer was when it was last connected; its account's key may be on another computer. */
  identity: WorkerIdentity | null;
};

export async function findAccount({ coordinator: address, data }: AccountOptions, out: Output): Promise<FoundAccount> {
  const { openAccount } = await import('@manyhands/sdk');
  const { identityIn } = await import('@manyhands/worker');
  const { workerFolder } = await import('./worker-options.js');
  const directory = await workerFolder(data);
  const coordinator = await openCoordinator({ coordinator: address }, { out, isPinned: false, memory: data });
  return { coordinator, directory, own: await openAccount(directory, coordinator), identity: identityIn(directory) };
}

/** Opens the account whose key is in a worker's data folder. Throws MH-ACC-002 when the folder holds none, with what it does hold. */
export async function openOwnAccount(options: AccountOptions, out: Output): Promise<Account> {
  const { own, identity, directory, coordinator } = await findAccount(options, out);
  if (own) return own;
  throw noKey(identity?.accountLabel ?? null, { directory, url: coordinator.url });
}

/** A computer that joined by a code has no key of its account; one without an account has none at all. */
export function noKey(label: string | null, { directory, url }: { directory: string; url: string }): ManyhandsError {
  const { USER, USERNAME } = process.env;
  const joining = ['manyhands', 'worker', 'join', url, '--data', directory, '--account', USER ?? USERNAME ?? 'me'];
  const message =
    label === null
      ? `${directory} holds no account of yours. Make one, with a name of your choice: ${shellLine(joining)}`
      : `This computer joined the account "${label}" by a code; the account's key is on the computer that made it. Please do this there.`;
  return new ManyhandsError('MH-ACC-002', { message, meta: { directory } });
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
