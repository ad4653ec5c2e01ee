// The calls of an account's owner: what it is worth, one-time codes for other machines, deletion.
import { join } from 'node:path';
import {
  type AccountGenesis,
  type AccountId,
  accountCodeSchema,
  accountIdOf,
  accountSchema,
  base64UrlSchema,
  encodeDagCbor,
  fromBase64Url,
  type KeyPair,
} from '@manyhands/contract';
import { z } from 'zod';
import { readKey, readRecord } from '../kept/data-directory.js';
import type { Call } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';

export class Account {
  readonly id: AccountId;
  readonly coordinator: Connected;
  readonly #keyPair: KeyPair;

  constructor(id: AccountId, dependencies: { coordinator: Connected; keyPair: KeyPair }) {
    this.id = id;
    this.coordinator = dependencies.coordinator;
    this.#keyPair = dependencies.keyPair;
  }

  /** Label, credit and number of machines. Throws MH-ACC-002. */
  async show(signal?: AbortSignal): Promise<z.infer<typeof accountSchema>> {
    const path = `/api/v1/accounts/${this.id}`;
    return this.coordinator.rest.json({ method: 'GET', path, signal }, accountSchema);
  }

  /** A code with which one other machine joins the account. */
  async createCode(signal?: AbortSignal): Promise<z.infer<typeof accountCodeSchema>> {
    return this.coordinator.rest.json(this.#signed('POST', '/codes', signal), accountCodeSchema);
  }

  /** Removes the label and unbinds all machines. The ledger keeps amounts under the bare identifier. */
  async delete(signal?: AbortSignal): Promise<void> {
    await this.coordinator.rest.bytes(this.#signed('DELETE', '', signal), 64 * 1024);
  }

  #signed(method: 'POST' | 'DELETE', suffix: string, signal: AbortSignal | undefined): Call {
    const { coordinatorId } = this.coordinator.info;
    const path = `/api/v1/accounts/${this.id}${suffix}`;
    return { method, path, signal, signer: { keyPair: this.#keyPair, coordinatorId } };
  }
}

const fileSchema = z.object({ version: z.literal(1), label: z.string(), nonce: base64UrlSchema });

/** Reads the account in a worker's data folder (`account.key`, `account.json`). Undefined when there is none. Throws MH-GEN-007, MH-GEN-013. */
export async function openAccount(workerDirectory: string, coordinator: Connected): Promise<Account | undefined> {
  const keyPair = await readKey(join(workerDirectory, 'account.key'));
  const file = await readRecord(join(workerDirectory, 'account.json'), fileSchema);
  if (!keyPair || !file) return undefined;
  const accountKey = new Uint8Array(keyPair.publicKey);
  const genesis: AccountGenesis = {
    version: 1,
    label: file.label,
    accountKey,
    nonce: fromBase64Url(file.nonce) as Uint8Array<ArrayBuffer>,
  };
  return new Account(accountIdOf(encodeDagCbor(genesis)), { coordinator, keyPair });
}
