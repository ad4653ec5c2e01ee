// What lists show of results: beside small bundles in their rows, of bundles that are files in a table of their own, and how far noting it has come.
import type { Statement } from 'better-sqlite3';
import type { ResultFacts } from '../../core/results/domain/result-facts.js';
import type { BetterSqlite3Database } from './database.js';

export type LargeFacts = {
  readonly exitCode: number /** Null when it is too long for a list. */;
  readonly stdout: Uint8Array | null;
};
export type StoredBundle = { readonly id: number; readonly bytes: Uint8Array };

export class ResultFactsRows {
  private readonly insertLarge: Statement;
  private readonly deleteLarge: Statement;
  private readonly selectBefore: Statement;
  private readonly updateFacts: Statement;

  constructor(db: BetterSqlite3Database) {
    this.insertLarge = db.prepare('INSERT OR IGNORE INTO large_result (digest, exit_code, stdout) VALUES (?, ?, ?)');
    this.deleteLarge = db.prepare('DELETE FROM large_result WHERE digest = ?');
    this.selectBefore = db.prepare('SELECT id, bytes FROM bundle WHERE id < ? ORDER BY id DESC LIMIT ?');
    this.updateFacts = db.prepare('UPDATE bundle SET exit_code = ?, stdout_at = ?, stdout_bytes = ? WHERE id = ?');
  }

  addLarge(digestHex: string, { exitCode, stdout }: LargeFacts): void {
    this.insertLarge.run(Buffer.from(digestHex, 'hex'), exitCode, stdout);
  }

  removeLarge(digestHex: string): void {
    this.deleteLarge.run(Buffer.from(digestHex, 'hex'));
  }

  /** Small bundles with lower ids, the highest first. */
  bundlesBefore(id: number, limit: number): StoredBundle[] {
    return this.selectBefore.all(id, limit) as StoredBundle[];
  }

  set(id: number, { exitCode, stdoutAt, stdoutBytes }: ResultFacts): void {
    this.updateFacts.run(exitCode, stdoutAt, stdoutBytes, id);
  }
}
