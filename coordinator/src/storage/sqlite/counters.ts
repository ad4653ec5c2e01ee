// Counters in SQLite.
import { Injectable } from '@nestjs/common';
import { CountersRepository } from '../../counters/counters.repository.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

@Injectable()
export class SqliteCounters extends CountersRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  get(name: string): number {
    const sql = 'SELECT value FROM counter WHERE name = ?';
    return this.database.read((db) => prepare<{ value: number }>(db, sql).get(name))?.value ?? 0;
  }

  async add(name: string, amount: number): Promise<void> {
    const sql = `INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value`;
    await this.database.write((db) => prepare(db, sql).run(name, amount));
  }
}
