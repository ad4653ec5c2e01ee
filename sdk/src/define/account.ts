// The calls of an account's owner: what it is worth, one-time codes for other machines, deletion.
import { type AccountId, accountCodeSchema, accountSchema, type KeyPair } from '@manyhands/contract';
import type { z } from 'zod';
import type { Call } from '../rest/client.js';
import type { Coordinator } from './coordinator.js';
import { readKey } from './data-directory.js';

export class Account {
  readonly id: AccountId;
  readonly #coordinator: Coordinator;
  readonly #keyPair: KeyPair;

  constructor(id: AccountId, dependencies: { coordinator: Coordinator; keyPair: KeyPair }) {
    this.id = id;
    this.#coordinator = dependencies.coordinator;
    this.#keyPair = dependencies.keyPair;
  }

  /** Label, credit and number of machines. Throws MH-ACC-002. */
  async show(signal?: AbortSignal): Promise<z.infer<typeof accountSchema>> {
    const path = `/api/v1/accounts/${this.id}`;
    return this.#coordinator.rest.json({ method: 'GET', path, signal }, accountSchema);
  }

  /** A code with which one other machine joins the account. */
  async createCode(signal?: AbortSignal): Promise<z.infer<typeof accountCodeSchema>> {
    return this.#coordinator.rest.json(this.#signed('POST', '/codes', signal), accountCodeSchema);
  }

  /** Removes the label and unbinds all machines. The ledger keeps amounts under the bare identifier. */
  async delete(signal?: AbortSignal): Promise<void> {
    await this.#coordinator.rest.bytes(this.#signed('DELETE', '', signal), 64 * 1024);
  }

  #signed(method: 'POST' | 'DELETE', suffix: string, signal: AbortSignal | undefined): Call {
    const { coordinatorId } = this.#coordinator.info;
    const path = `/api/v1/accounts/${this.id}${suffix}`;
    return { method, path, signal, signer: { keyPair: this.#keyPair, coordinatorId } };
  }
}

/** Reads the key of an account from its file. Undefined when there is none. */
export const readAccountKey = readKey;
