// To which account a host belongs: as before, by a delegation that the account's key signed, or by a one-time code.
import { createHash } from 'node:crypto';
import {
  type AccountBinding,
  accountDelegationSchema,
  accountGenesisSchema,
  accountIdOf,
  anonymousAccountIdOf,
  equalBytes,
  type HostId,
  ManyhandsError,
  toBase64Url,
  visibleLabelSchema,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { Foundings } from '../admission/foundings.js';
import { openRecord } from '../auth/envelopes.js';
import { Settings } from '../config/settings.js';
import type { AccountRef, AccountsPort, Joining } from '../core/ports/accounts.js';
import { type AccountRow, AccountsRepository, type NewAccount } from './accounts.repository.js';

@Injectable()
export class AccountBindings implements AccountsPort {
  constructor(
    private readonly settings: Settings,
    private readonly store: AccountsRepository,
    private readonly foundings: Foundings,
  ) {}

  async resolveBinding(
    hostId: HostId,
    binding: AccountBinding,
    { currentRowId, address }: Joining,
  ): Promise<AccountRef> {
    if (binding.kind === 'key') return toRef(await this.byKey(hostId, binding, address));
    if (binding.kind === 'code') return toRef(await this.byCode(hostId, binding.code));
    const current = currentRowId === null ? undefined : this.store.findRow(currentRowId);
    if (current && current.deletedAtMs === null) return toRef(current);
    // The host that it is by itself was counted.
    const anonymous = { accountId: anonymousAccountIdOf(hostId), label: null, accountKey: null, genesis: null };
    return toRef(await this.ensure(anonymous, () => true));
  }

  accounts(accountRowIds: readonly number[]): ReadonlyMap<number, AccountRef> {
    const rows = this.store.findRows(accountRowIds);
    return new Map(rows.filter((row) => row.deletedAtMs === null).map((row) => [row.rowId, toRef(row)]));
  }

  /** Founds the account of a genesis for whoever comes from an address, or finds it. Throws MH-SIG-…, MH-ACC-002 when it was deleted, MH-GEN-002 for a name that nobody can see, MH-GEN-012 when a new one may not be. */
  async found(genesisText: string, address: string): Promise<AccountRow> {
    const opened = openRecord(genesisText, this.settings, { type: 'account-genesis', schema: accountGenesisSchema });
    const { value, payload, publicKey, envelope } = opened;
    if (!equalBytes(value.accountKey, publicKey)) throw new ManyhandsError('MH-SIG-004');
    const account = { accountId: accountIdOf(payload), label: value.label, accountKey: value.accountKey };
    if (!this.store.find(account.accountId) && !visibleLabelSchema.safeParse(value.label).success)
      throw new ManyhandsError('MH-GEN-002', { message: 'The name of an account must have a visible character.' });
    const row = await this.ensure({ ...account, genesis: envelope }, () => this.foundings.admit('account', address));
    if (row.deletedAtMs !== null) throw new ManyhandsError('MH-ACC-002');
    return row;
  }

  private async byKey(
    hostId: HostId,
    binding: Extract<AccountBinding, { kind: 'key' }>,
    address: string,
  ): Promise<AccountRow> {
    const row = await this.found(toBase64Url(binding.genesis), address);
    const { value } = openRecord(toBase64Url(binding.delegation), this.settings, {
      type: 'account-delegation',
      schema: accountDelegationSchema,
      ...(row.accountKey && { publicKey: row.accountKey }),
    });
    if (value.accountId === row.accountId && value.hostId === hostId) return row;
    throw new ManyhandsError('MH-SIG-004', { message: 'The delegation is for another account or host.' });
  }

  private async byCode(hostId: HostId, code: string): Promise<AccountRow> {
    const row = await this.store.useCode({ codeHash: hashOfCode(code), hostId, nowMs: Date.now() });
    if (!row || row.deletedAtMs !== null) throw new ManyhandsError('MH-ACC-001');
    return row;
  }

  private async ensure(
    account: Pick<NewAccount, 'accountId' | 'label' | 'accountKey' | 'genesis'>,
    mayBeFounded: () => boolean,
  ): Promise<AccountRow> {
    const row = await this.store.ensure({ ...account, nowMs: Date.now(), mayBeFounded });
    if (!row) throw new ManyhandsError('MH-GEN-012', { message: 'Too many new accounts come from this address.' });
    return row;
  }
}

/** Codes are typed by people: case and hyphens do not matter. */
export function hashOfCode(code: string): Uint8Array {
  return createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest();
}

function toRef({ rowId, accountId, label }: AccountRow): AccountRef {
  return { accountRowId: rowId, accountId, label };
}
