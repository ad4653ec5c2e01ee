// The yardstick: rows that bare SQLite inserts per second of CPU on this machine now, 1000 to a transaction.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';

const ROWS_PER_TRANSACTION = 1000;
const TRANSACTIONS = 200;

/** Inserts 200,000 rows of a dense id and a 32-byte hash, write-ahead log, synchronous NORMAL; returns rows per CPU-second. */
export function bareInsertsPerCpuSecond(file: string): number {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, hash BLOB NOT NULL)');
  const insert = db.prepare('INSERT INTO row VALUES (?, ?)');
  const hash = createHash('sha256').update('row').digest();
  const insertMany = db.transaction((first: number) => {
    for (let id = first; id < first + ROWS_PER_TRANSACTION; id++) insert.run(id, hash);
  });
  insertMany(TRANSACTIONS * ROWS_PER_TRANSACTION); // warm-up
  const before = process.cpuUsage();
  for (let count = 0; count < TRANSACTIONS; count++) insertMany(count * ROWS_PER_TRANSACTION);
  const { user, system } = process.cpuUsage(before);
  db.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  return (TRANSACTIONS * ROWS_PER_TRANSACTION * 1e6) / (user + system);
}
