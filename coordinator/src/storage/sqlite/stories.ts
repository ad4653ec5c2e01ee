// Sums that pages show of projects, batches and who helps, written in the transactions that change them.
import type { Statement } from 'better-sqlite3';
import type { Histogram } from '../../units/domain/histogram.js';
import type { BetterSqlite3Database } from './database.js';
import type { UnitDelta } from './units.js';

/** Changes of what an account does for a batch. */
export type HandDelta = { running: number; answered: number; accepted: number; creditMilli: number };
export type Owner = { readonly batchRowId: number; readonly projectRowId: number; readonly accountRowId: number };
type Scope = 'batch' | 'project';

/** The time of work is kept to the second, so that it is not written at every commit. */
const ACTIVITY_STEP_MS = 1000;

export class StoryRows {
  private readonly hands: Readonly<Record<Scope, ReturnType<typeof handStatements>>>;
  private readonly addPerson: Statement;
  private readonly addWork: Statement;
  private readonly addTotal: Statement;
  private readonly setActivity: Statement;
  private readonly selectHistogram: Statement;
  private readonly upsertHistogram: Statement;

  constructor(db: BetterSqlite3Database) {
    this.hands = { batch: handStatements(db, 'batch'), project: handStatements(db, 'project') };
    this.addPerson = db.prepare('UPDATE project_work SET people = people + 1 WHERE project_row_id = ?');
    this.addWork = db.prepare(
      `UPDATE project_work SET held = held + ?, running = running + ?, checking = checking + ?, accepted = accepted + ?, failed = failed + ?,
         cancelled = cancelled + ?, expired = expired + ?, stopped = stopped + ? WHERE project_row_id = ?`,
    );
    this.addTotal = db.prepare(
      'INSERT INTO project_work (project_row_id, total) VALUES (?, ?) ON CONFLICT DO UPDATE SET total = total + excluded.total',
    );
    this.setActivity = db.prepare(
      'UPDATE project_work SET last_activity_ms = :atMs WHERE project_row_id = :projectRowId AND last_activity_ms < :atMs',
    );
    this.selectHistogram = db.prepare(
      'SELECT first_ms AS firstMs, interval_ms AS intervalMs, counts FROM batch_story WHERE batch_row_id = ?',
    );
    this.upsertHistogram = db.prepare(
      `INSERT INTO batch_story VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET first_ms = excluded.first_ms, interval_ms = excluded.interval_ms,
         counts = excluded.counts`,
    );
  }

  /** A batch of so many units is new. */
  addBatch(projectRowId: number, unitCount: number): void {
    this.addTotal.run(projectRowId, unitCount);
  }

  changeWork(projectRowId: number, { held, running, checking, accepted, failed, ended }: UnitDelta): void {
    const { cancelled, expired, stopped } = ended;
    this.addWork.run(held, running, checking, accepted, failed, cancelled, expired, stopped, projectRowId);
  }

  /** Something rare happened in the project: which one is active last shows at once. */
  touch(projectRowId: number, atMs: number): void {
    this.setActivity.run({ projectRowId, atMs });
  }

  /** Its units are worked on. */
  touchByWork(projectRowId: number, nowMs: number): void {
    this.touch(projectRowId, nowMs - (nowMs % ACTIVITY_STEP_MS));
  }

  /** Notes that a computer took units for the first time, if it is so. Returns whether its account is new to the project. */
  addHost({ batchRowId, projectRowId, accountRowId }: Owner, hostRowId: number): boolean {
    const { batch, project } = this.hands;
    if (batch.addHost.run(batchRowId, accountRowId, hostRowId).changes === 0) return false;
    batch.ensure.run(batchRowId, accountRowId);
    batch.countHost.run(batchRowId, accountRowId);
    const isNew = project.ensure.run(projectRowId, accountRowId).changes > 0;
    if (isNew) this.addPerson.run(projectRowId);
    if (project.addHost.run(projectRowId, accountRowId, hostRowId).changes > 0)
      project.countHost.run(projectRowId, accountRowId);
    return isNew;
  }

  changeHand({ batchRowId, projectRowId, accountRowId }: Owner, delta: HandDelta): void {
    const scopes = [
      [this.hands.batch, batchRowId],
      [this.hands.project, projectRowId],
    ] as const;
    const { running, answered, accepted, creditMilli } = delta;
    for (const [statements, rowId] of scopes) {
      if (running !== 0 || answered !== 0) statements.work.run(running, answered, rowId, accountRowId);
      if (accepted !== 0 || creditMilli !== 0) statements.earn.run(accepted, creditMilli, rowId, accountRowId);
    }
  }

  histogram(batchRowId: number): Histogram | undefined {
    const row = this.selectHistogram.get(batchRowId) as (Omit<Histogram, 'counts'> & { counts: string }) | undefined;
    return row && { ...row, counts: JSON.parse(row.counts) as Histogram['counts'] };
  }

  setHistogram(batchRowId: number, { firstMs, intervalMs, counts }: Histogram): void {
    this.upsertHistogram.run(batchRowId, firstMs, intervalMs, JSON.stringify(counts));
  }
}

function handStatements(db: BetterSqlite3Database, scope: Scope) {
  const key = `${scope}_row_id = ? AND account_row_id = ?`;
  return {
    ensure: db.prepare(`INSERT OR IGNORE INTO ${scope}_hand (${scope}_row_id, account_row_id) VALUES (?, ?)`),
    addHost: db.prepare(`INSERT OR IGNORE INTO ${scope}_host VALUES (?, ?, ?)`),
    countHost: db.prepare(`UPDATE ${scope}_hand SET hosts = hosts + 1 WHERE ${key}`),
    work: db.prepare(`UPDATE ${scope}_hand SET running = running + ?, answered = answered + ? WHERE ${key}`),
    earn: db.prepare(`UPDATE ${scope}_hand SET accepted = accepted + ?, credit_milli = credit_milli + ? WHERE ${key}`),
  };
}
