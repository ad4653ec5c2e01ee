// Port: where accounts and their one-time codes are kept. An account without a key is a host by itself.
import type { AccountId, HostId } from '@manyhands/contract';

export type AccountRow = {
  rowId: number;
  accountId: AccountId;
  label: string | null;
  accountKey: Uint8Array | null;
  deletedAtMs: number | null;
};
export type NewAccount = {
  accountId: AccountId;
  label: string | null;
  accountKey: Uint8Array | null;
  genesis: Uint8Array | null;
  nowMs: number;
  /** Asked when there is no such account yet; counts it. */
  mayBeFounded(): boolean;
};

export type NewCode = { codeHash: Uint8Array; accountRowId: number; expiresAtMs: number };

export abstract class AccountsRepository {
  abstract find(accountId: string): AccountRow | undefined;
  abstract findRow(rowId: number): AccountRow | undefined;
  /** Those that there are, in no order. */
  abstract findRows(rowIds: readonly number[]): AccountRow[];
  /** Creates an account unless it is there; returns it as it is, deleted or not. Undefined when it may not be founded. */
  abstract ensure(account: NewAccount): Promise<AccountRow | undefined>;
  /** False when the account has as many codes as it may. */
  abstract addCode(code: NewCode): Promise<boolean>;
  /** Uses up a code for a host; the same host may use it again while it lasts. Undefined when it is not good. */
  abstract useCode(code: { codeHash: Uint8Array; hostId: HostId; nowMs: number }): Promise<AccountRow | undefined>;
  /** Removes label, key and codes; the bare identifier stays for the ledger. */
  abstract remove(rowId: number, nowMs: number): Promise<void>;
  abstract count(): number;
}
