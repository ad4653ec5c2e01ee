// Accounts as their owners see them: founding, one-time codes for other machines, deletion.
import { randomBytes } from 'node:crypto';
import { type accountCodeSchema, type accountSchema, ManyhandsError, toBase32 } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CreditsService } from '../core/credits/credits.service.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { AccountBindings, hashOfCode } from './account-bindings.js';
import { type AccountRow, AccountsRepository } from './accounts.repository.js';

const CODE_LIFETIME_MS = 60 * 60_000;
/** 100 bits, in groups that a person can type. */
const CODE_GROUPS = /.{5}/g;

@Injectable()
export class AccountsService {
  constructor(
    private readonly bindings: AccountBindings,
    private readonly accounts: AccountsRepository,
    private readonly credits: CreditsService,
    private readonly hosts: HostsService,
  ) {}

  /** Founds an account for whoever calls from an address. Throws MH-SIG-…, MH-ACC-002, MH-GEN-012. */
  async create(genesis: string, address: string): Promise<z.infer<typeof accountSchema>> {
    return this.show(await this.bindings.found(genesis, address));
  }

  get(accountId: string): z.infer<typeof accountSchema> {
    return this.show(this.require(accountId));
  }

  /** Throws MH-ACC-002. */
  require(accountId: string): AccountRow {
    const row = this.accounts.find(accountId);
    if (!row || row.deletedAtMs !== null) throw new ManyhandsError('MH-ACC-002');
    return row;
  }

  /** The key that signs for an account. Throws MH-ACC-002 for anonymous ones, which have none. */
  keyOf(accountId: string): Uint8Array {
    const { accountKey } = this.require(accountId);
    if (!accountKey) throw new ManyhandsError('MH-ACC-002', { message: 'An anonymous account has no key.' });
    return accountKey;
  }

  async addCode(accountId: string): Promise<z.infer<typeof accountCodeSchema>> {
    return this.addCodeOf(this.require(accountId).rowId);
  }

  async addCodeOf(accountRowId: number): Promise<z.infer<typeof accountCodeSchema>> {
    const code = (toBase32(randomBytes(13)).slice(0, 20).match(CODE_GROUPS) ?? []).join('-');
    const expiresAtMs = Date.now() + CODE_LIFETIME_MS;
    if (!(await this.accounts.addCode({ codeHash: hashOfCode(code), accountRowId, expiresAtMs })))
      throw new ManyhandsError('MH-GEN-012', {
        message: 'This account has as many one-time codes as it may have; they expire within the hour.',
      });
    return { code, expiresAtMs };
  }

  async remove(accountId: string): Promise<void> {
    const { rowId } = this.require(accountId);
    await this.accounts.remove(rowId, Date.now());
    await this.hosts.unbindAccount(rowId);
  }

  private show({ rowId, accountId, label }: AccountRow): z.infer<typeof accountSchema> {
    const creditMilli = this.credits.accountCredit(rowId);
    return { accountId, label: label ?? '', creditMilli, hostCount: this.hosts.hostCountOfAccount(rowId) };
  }
}
