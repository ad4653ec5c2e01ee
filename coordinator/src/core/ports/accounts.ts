// Port: what the core asks of accounts. An implementation must not inject a service of the core.
import type { AccountBinding, AccountId, HostId } from '@manyhands/contract';

export const ACCOUNTS_PORT = Symbol('ACCOUNTS_PORT');

/** An account as the core needs it. `label` is null for the account that an anonymous host is by itself. */
export type AccountRef = {
  readonly accountRowId: number;
  readonly accountId: AccountId;
  readonly label: string | null;
};

export type Joining = {
  /** The account that the host belongs to so far, which `keep` means; null: none. */
  readonly currentRowId: number | null;
  /** Where it comes from. */
  readonly address: string;
};

export interface AccountsPort {
  /**
   * The account that the host belongs to from now on. Without a current one, `keep` makes an anonymous account. Throws MH-ACC-001, MH-ACC-002, MH-SIG-…,
   * MH-GEN-012 for a new account of a network that has founded its share.
   */
  resolveBinding(hostId: HostId, binding: AccountBinding, joining: Joining): Promise<AccountRef>;
  /** The accounts of these rows that still exist. */
  accounts(accountRowIds: readonly number[]): ReadonlyMap<number, AccountRef>;
}
