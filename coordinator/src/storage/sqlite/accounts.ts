// Accounts and their one-time codes in SQLite.
import type { HostId } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import {
  type AccountRow,
  AccountsRepository,
  type NewAccount,
  type NewCode,
} from '../../accounts/accounts.repository.js';
import { type BetterSqlite3Database, SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

const SELECT = `SELECT account.id AS rowId, account_id AS accountId, label, account_key AS accountKey, deleted_at_ms AS deletedAtMs
  FROM account`;
/** Codes of one account that are good at one time: each is a row for an hour. */
const CODES_MAXIMUM = 1000;
const INSERT = `INSERT INTO account (account_id, label, account_key, genesis, created_at_ms) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (account_id) DO NOTHING`;
const USE_CODE = `UPDATE account_code SET host_id = ? WHERE code_hash = ? AND expires_at_ms > ?
  AND (host_id IS NULL OR host_id = ?) RETURNING account_row_id AS rowId`;

@Injectable()
export class SqliteAccounts extends AccountsRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  find(accountId: string): AccountRow | undefined {
    return this.database.read((db) => findAccount(db, accountId));
  }

  findRow(rowId: number): AccountRow | undefined {
    return this.database.read((db) => findRow(db, rowId));
  }

  findRows(rowIds: readonly number[]): AccountRow[] {
    const sql = `${SELECT} JOIN json_each(?) ON account.id = value`;
    return this.database.read((db) => prepare<AccountRow>(db, sql).all(JSON.stringify(rowIds)));
  }

  ensure({ accountId, label, accountKey, genesis, nowMs, mayBeFounded }: NewAccount): Promise<AccountRow | undefined> {
    return this.database.write((db) => {
      const found = findAccount(db, accountId);
      if (found) return found;
      if (!mayBeFounded()) return undefined;
      prepare(db, INSERT).run(accountId, label, accountKey, genesis, nowMs);
      return findAccount(db, accountId);
    });
  }

  addCode({ codeHash, accountRowId, expiresAtMs }: NewCode): Promise<boolean> {
    const sql = 'INSERT INTO account_code (code_hash, account_row_id, expires_at_ms) VALUES (?, ?, ?)';
    const count = 'SELECT count(*) AS count FROM account_code WHERE account_row_id = ?';
    return this.database.write((db) => {
      prepare(db, 'DELETE FROM account_code WHERE expires_at_ms < ?').run(Date.now());
      if ((prepare<{ count: number }>(db, count).get(accountRowId)?.count ?? 0) >= CODES_MAXIMUM) return false;
      prepare(db, sql).run(codeHash, accountRowId, expiresAtMs);
      return true;
    });
  }

  useCode(code: { codeHash: Uint8Array; hostId: HostId; nowMs: number }): Promise<AccountRow | undefined> {
    return this.database.write((db) => {
      const used = prepare<{ rowId: number }>(db, USE_CODE).get(code.hostId, code.codeHash, code.nowMs, code.hostId);
      return used && findRow(db, used.rowId);
    });
  }

  async remove(rowId: number, nowMs: number): Promise<void> {
    const clear = 'UPDATE account SET label = NULL, account_key = NULL, genesis = NULL, deleted_at_ms = ? WHERE id = ?';
    await this.database.write((db) => {
      prepare(db, 'DELETE FROM account_code WHERE account_row_id = ?').run(rowId);
      prepare(db, clear).run(nowMs, rowId);
    });
  }

  count(): number {
    const sql = "SELECT value FROM tally WHERE name = 'accounts'";
    return this.database.read((db) => prepare<{ value: number }>(db, sql).get())?.value ?? 0;
  }
}

function findAccount(db: BetterSqlite3Database, accountId: string): AccountRow | undefined {
  return prepare<AccountRow>(db, `${SELECT} WHERE account_id = ?`).get(accountId);
}

function findRow(db: BetterSqlite3Database, rowId: number): AccountRow | undefined {
  return prepare<AccountRow>(db, `${SELECT} WHERE id = ?`).get(rowId);
}
