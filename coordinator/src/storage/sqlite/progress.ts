// How far each work in the background has come: kept in the transactions of its slices, so that a restart goes on from there.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

export type ProgressName = 'bundles' | 'result-files' | 'ledger';

export class ProgressRows {
  private readonly selectPosition: Statement;
  private readonly updatePosition: Statement;

  constructor(db: BetterSqlite3Database) {
    this.selectPosition = db.prepare('SELECT position FROM progress WHERE name = ?').pluck();
    this.updatePosition = db.prepare('UPDATE progress SET position = ? WHERE name = ?');
  }

  position(name: ProgressName): number {
    return this.selectPosition.get(name) as number;
  }

  set(name: ProgressName, position: number): void {
    this.updatePosition.run(position, name);
  }
}
