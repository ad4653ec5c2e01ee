// The one connection to coordinator.sqlite, with group commit: all writes queued within some turns of the event loop share one durable transaction.
import { fileError, isManyhandsError, ManyhandsError } from '@manyhands/contract';
import BetterSqlite3, { type Database, type Statement } from 'better-sqlite3';
import { applyMigrations } from '../migrations/apply.js';
import { MIGRATIONS } from '../migrations/index.js';
import type { Migration } from '../migrations/migration.js';

export type BetterSqlite3Database = Database;

/** Bounds how long one transaction holds the event loop; the rest of the queue gets the next turn. */
const WRITES_PER_COMMIT_MAXIMUM = 256;
/**
 * A commit waits for so many turns of the event loop, which take no time when nothing happens. In each turn one connection is accepted, as libuv does it:
 * with a commit in every turn, newcomers would wait for one flush of the disk each, visitors among them.
 */
const TURNS_PER_COMMIT = 16;
/** Where much happens in those turns the commit waits no longer than this. */
const COMMIT_WAIT_MAXIMUM_MS = 10;
/** Pages of 4 KiB in the write-ahead log before SQLite copies them back: larger than its default, so that fewer copies happen under load. */
const CHECKPOINT_PAGES = 4000;
const CACHE_KIBIBYTES = 64 * 1024;

type QueuedWrite = {
  work: (db: Database) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};
type Finished = { queued: QueuedWrite; value: unknown };

export class SqliteDatabase {
  private queue: QueuedWrite[] = [];
  private isFlushScheduled = false;
  private readonly rollbackListeners = new Set<() => void>();
  private readonly begin: Statement;
  private readonly savepoint: Statement;
  private readonly release: Statement;
  private readonly rollbackToSavepoint: Statement;
  private readonly commit: Statement;

  private constructor(private readonly db: Database) {
    this.begin = db.prepare('BEGIN IMMEDIATE');
    this.savepoint = db.prepare('SAVEPOINT write_work');
    this.release = db.prepare('RELEASE write_work');
    this.rollbackToSavepoint = db.prepare('ROLLBACK TO write_work');
    this.commit = db.prepare('COMMIT');
  }

  /**
   * Opens or creates the file and migrates it, after a backup beside it. Another process must not have it open (the data folder's lock sees to that).
   * Throws MH-GEN-007 when a newer Manyhands wrote it.
   */
  static open({ file, migrations = MIGRATIONS }: { file: string; migrations?: readonly Migration[] }): SqliteDatabase {
    const db = new BetterSqlite3(file);
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      db.pragma('temp_store = MEMORY');
      db.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
      db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      applyMigrations(db, file, migrations);
      return new SqliteDatabase(db);
    } catch (error) {
      db.close();
      throw isManyhandsError(error) ? error : fileError('open the database', file, error);
    }
  }

  /** Reads committed state. `work` must not write and must be synchronous. */
  read<T>(work: (db: Database) => T): T {
    return work(this.db);
  }

  /**
   * Runs `work` in the next transaction; the promise resolves only after COMMIT. When `work` throws, its own changes are undone and the
   * promise rejects with its error, the other writes of the transaction stand. A failed COMMIT rejects all of them (MH-GEN-010 when the disk is full).
   */
  write<T>(work: (db: Database) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.db.open) {
        reject(new ManyhandsError('MH-GEN-001', { message: 'the database is closed' }));
        return;
      }
      this.queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.schedule();
    });
  }

  /** Calls `listener` whenever changes were undone, so that what memory derived from them is rebuilt. Returns the way to stop. */
  onRollback(listener: () => void): () => void {
    this.rollbackListeners.add(listener);
    return () => this.rollbackListeners.delete(listener);
  }

  /** Copies a consistent snapshot to `file` while the database is in use. */
  async backup(file: string): Promise<void> {
    await this.db.backup(file);
  }

  /** Commits what is queued and closes. Later writes reject. */
  close(): void {
    if (!this.db.open) return;
    while (this.queue.length > 0) this.flush();
    this.db.close();
  }

  private schedule(): void {
    if (this.isFlushScheduled || this.queue.length === 0) return;
    this.isFlushScheduled = true;
    this.flushAfter(TURNS_PER_COMMIT, performance.now() + COMMIT_WAIT_MAXIMUM_MS);
  }

  private flushAfter(turns: number, latestMs: number): void {
    setImmediate(() => {
      const isDue = turns <= 1 || this.queue.length >= WRITES_PER_COMMIT_MAXIMUM || performance.now() >= latestMs;
      if (this.db.open && !isDue) return this.flushAfter(turns - 1, latestMs);
      this.isFlushScheduled = false;
      if (!this.db.open) return;
      this.flush();
      this.schedule();
    });
  }

  private flush(): void {
    const batch = this.queue.splice(0, WRITES_PER_COMMIT_MAXIMUM);
    if (batch.length === 0) return;
    const finished: Finished[] = [];
    try {
      this.begin.run();
      for (const queued of batch) this.runInSavepoint(queued, finished);
      this.commit.run();
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.reportRollback();
      const reason = withCode(error);
      for (const { reject } of batch) reject(reason); // those already rejected stay as they are
      return;
    }
    for (const { queued, value } of finished) queued.resolve(value);
  }

  private runInSavepoint(queued: QueuedWrite, finished: Finished[]): void {
    this.savepoint.run();
    try {
      const value = queued.work(this.db);
      this.release.run();
      finished.push({ queued, value });
    } catch (error) {
      if (!this.db.inTransaction) throw error; // SQLite has undone the whole transaction by itself
      this.rollbackToSavepoint.run();
      this.release.run();
      this.reportRollback();
      queued.reject(withCode(error));
    }
  }

  private reportRollback(): void {
    for (const listener of this.rollbackListeners) listener();
  }
}

function withCode(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE')
    return new ManyhandsError('MH-GEN-010', { cause: error });
  return error;
}
