// Sums that pages show of projects, batches and who helps, written in the transactions that change them.
import type { Statement } from 'better-sqlite3';
import type { Histogram } from '../../core/domain/histogram.js';
import type { BetterSqlite3Database } from './database.js';
import type { UnitDelta } from './units.js';

/** Changes of what an account does for a batch. */
export type HandDelta = { answered: number; accepted: number; creditMilli: number };
export type Owner = { readonly batchRowId: number; readonly projectRowId: number; readonly accountRowId: number };
type Scope = 'batch' | 'project';

/** The time of work is kept to the second, so that it is not written at every commit. */
const ACTIVITY_STEP_MS = 1000;
/** What is known to be written already is remembered for so many computers of batches. */
const REMEMBERED_MAXIMUM = 100_000;
const HISTOGRAMS_MAXIMUM = 1000;

export class StoryRows {
  private readonly hands: Readonly<Record<Scope, ReturnType<typeof handStatements>>>;
  private readonly addPerson: Statement;
  private readonly addWork: Statement;
  private readonly addTotal: Statement;
  private readonly setActivity: Statement;
  private readonly selectHistogram: Statement;
  private readonly upsertHistogram: Statement;
  /** Of what is in the rows: computers by batch, the histogram of each batch at work, and the second in which a project was last active. */
  private readonly knownHosts = new Set<string>();
  private readonly histograms = new Map<number, Histogram>();
  private readonly activeAtMs = new Map<number, number>();

  constructor(db: BetterSqlite3Database) {
    this.hands = { batch: handStatements(db, 'batch'), project: handStatements(db, 'project') };
    this.addPerson = db.prepare('UPDATE project_work SET people = people + 1 WHERE project_row_id = ?');
    this.addWork = db.prepare(
      `UPDATE project_work SET held = held + ?, running = running + ?, checking = checking + ?, accepted = accepted + ?, failed = failed + ?,
         cancelled = cancelled + ?, expired = expired + ?, stopped = stopped + ?, granted_milli = granted_milli + ? WHERE project_row_id = ?`,
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

  /** Changes were undone: what is remembered may not be in the rows. */
  forget(): void {
    this.knownHosts.clear();
    this.histograms.clear();
    this.activeAtMs.clear();
  }

  /** A batch of so many units is new. */
  addBatch(projectRowId: number, unitCount: number): void {
    this.addTotal.run(projectRowId, unitCount);
  }

  changeWork(projectRowId: number, delta: UnitDelta): void {
    const { held, running, checking, accepted, failed, ended, creditMilli } = delta;
    const { cancelled, expired, stopped } = ended;
    this.addWork.run(held, running, checking, accepted, failed, cancelled, expired, stopped, creditMilli, projectRowId);
  }

  /** Something rare happened in the project: which one is active last shows at once. */
  touch(projectRowId: number, atMs: number): void {
    this.setActivity.run({ projectRowId, atMs });
  }

  /** Its units are worked on. */
  touchByWork(projectRowId: number, nowMs: number): void {
    const atMs = nowMs - (nowMs % ACTIVITY_STEP_MS);
    if (this.activeAtMs.get(projectRowId) === atMs) return;
    this.touch(projectRowId, atMs);
    this.activeAtMs.set(projectRowId, atMs);
  }

  /** Notes that a computer took units for the first time, if it is so. Returns whether its account is new to the project. */
  addHost({ batchRowId, projectRowId, accountRowId }: Owner, hostRowId: number): boolean {
    const { batch, project } = this.hands;
    const key = `${batchRowId} ${accountRowId} ${hostRowId}`;
    if (this.knownHosts.has(key)) return false;
    if (this.knownHosts.size >= REMEMBERED_MAXIMUM) this.knownHosts.clear();
    this.knownHosts.add(key);
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
    const { answered, accepted, creditMilli } = delta;
    if (answered === 0 && accepted === 0 && creditMilli === 0) return;
    this.hands.batch.change.run(answered, accepted, creditMilli, batchRowId, accountRowId);
    this.hands.project.change.run(answered, accepted, creditMilli, projectRowId, accountRowId);
  }

  histogram(batchRowId: number): Histogram | undefined {
    const remembered = this.histograms.get(batchRowId);
    if (remembered) return remembered;
    const row = this.selectHistogram.get(batchRowId) as (Omit<Histogram, 'counts'> & { counts: string }) | undefined;
    return row && { ...row, counts: JSON.parse(row.counts) as Histogram['counts'] };
  }

  setHistogram(batchRowId: number, histogram: Histogram): void {
    const { firstMs, intervalMs, counts } = histogram;
    this.upsertHistogram.run(batchRowId, firstMs, intervalMs, JSON.stringify(counts));
    if (this.histograms.size >= HISTOGRAMS_MAXIMUM) this.histograms.clear();
    this.histograms.set(batchRowId, histogram);
  }
}

function handStatements(db: BetterSqlite3Database, scope: Scope) {
  const key = `${scope}_row_id = ? AND account_row_id = ?`;
  return {
    ensure: db.prepare(`INSERT OR IGNORE INTO ${scope}_hand (${scope}_row_id, account_row_id) VALUES (?, ?)`),
    addHost: db.prepare(`INSERT OR IGNORE INTO ${scope}_host VALUES (?, ?, ?)`),
    countHost: db.prepare(`UPDATE ${scope}_hand SET hosts = hosts + 1 WHERE ${key}`),
    change: db.prepare(
      `UPDATE ${scope}_hand SET answered = answered + ?, accepted = accepted + ?, credit_milli = credit_milli + ? WHERE ${key}`,
    ),
  };
}
