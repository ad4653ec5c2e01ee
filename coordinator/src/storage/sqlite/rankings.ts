// Sums of the ledger by account and host, in total and of late, in the order in which leaderboards show them.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

/** 0 by account, 1 by host. */
const KINDS = ['accounts', 'hosts'] as const;
export type RankingKind = (typeof KINDS)[number];
export type RankingPeriod = 'total' | 'recent';
/** Of one host under one account. */
export type Pair = { readonly accountRowId: number; readonly hostRowId: number };
/** Credit and accepted replicas. */
export type Earned = { readonly creditMilli: number; readonly replicas: number };
export type HourRow = Pair & Earned & { readonly hour: number };
/** `pairs`: of accounts, their hosts that earned something; of hosts, the accounts that they earned it under. */
export type RankedRow = Earned & { readonly rowId: number; readonly pairs: number };
type PairDelta = { readonly total: Earned; readonly recent: Earned; readonly recentHours: number };

const NOTHING: Earned = { creditMilli: 0, replicas: 0 };

export class RankingRows {
  private readonly selectPair: Statement;
  private readonly upsertPair: Statement;
  private readonly upsertRanking: Statement;
  private readonly insertHour: Statement;
  private readonly addHour: Statement;
  private readonly selectPastHours: Statement;
  private readonly deleteHour: Statement;
  private readonly selectTop: Readonly<Record<RankingPeriod, Statement>>;
  private readonly selectOne: Readonly<Record<RankingPeriod, Statement>>;

  constructor(db: BetterSqlite3Database) {
    this.selectPair = db
      .prepare('SELECT recent_hours FROM earned WHERE account_row_id = ? AND host_row_id = ?')
      .pluck();
    this.upsertPair = db.prepare(
      `INSERT INTO earned VALUES (:account, :host, :credit, :replicas, :recentCredit, :recentReplicas, :recentHours)
       ON CONFLICT DO UPDATE SET credit_milli = credit_milli + excluded.credit_milli, replicas = replicas + excluded.replicas,
         recent_milli = recent_milli + excluded.recent_milli, recent_replicas = recent_replicas + excluded.recent_replicas,
         recent_hours = recent_hours + excluded.recent_hours`,
    );
    this.upsertRanking = db.prepare(
      `INSERT INTO ranking VALUES (:kind, :subject, :credit, :replicas, :pairs, :recentCredit, :recentReplicas, :recentPairs)
       ON CONFLICT DO UPDATE SET credit_milli = credit_milli + excluded.credit_milli, replicas = replicas + excluded.replicas,
         pairs = pairs + excluded.pairs, recent_milli = recent_milli + excluded.recent_milli,
         recent_replicas = recent_replicas + excluded.recent_replicas, recent_pairs = recent_pairs + excluded.recent_pairs`,
    );
    this.insertHour = db.prepare(
      'INSERT OR IGNORE INTO earned_hour (hour, account_row_id, host_row_id) VALUES (?, ?, ?)',
    );
    this.addHour = db.prepare(
      `UPDATE earned_hour SET credit_milli = credit_milli + ?, replicas = replicas + ? WHERE hour = ? AND account_row_id = ? AND host_row_id = ?`,
    );
    this.selectPastHours = db.prepare(
      `SELECT hour, account_row_id AS accountRowId, host_row_id AS hostRowId, credit_milli AS creditMilli, replicas
       FROM earned_hour WHERE hour < ? ORDER BY hour LIMIT ?`,
    );
    this.deleteHour = db.prepare('DELETE FROM earned_hour WHERE hour = ? AND account_row_id = ? AND host_row_id = ?');
    const total = 'subject_row_id AS rowId, credit_milli AS creditMilli, replicas, pairs';
    const recent =
      'subject_row_id AS rowId, recent_milli AS creditMilli, recent_replicas AS replicas, recent_pairs AS pairs';
    this.selectTop = {
      total: db.prepare(
        `SELECT ${total} FROM ranking WHERE kind = ? ORDER BY credit_milli DESC, replicas DESC LIMIT ?`,
      ),
      recent: db.prepare(
        `SELECT ${recent} FROM ranking WHERE kind = ? AND recent_pairs > 0 ORDER BY recent_milli DESC, recent_replicas DESC LIMIT ?`,
      ),
    };
    const one = 'FROM ranking WHERE kind = ? AND subject_row_id = ?';
    this.selectOne = { total: db.prepare(`SELECT ${total} ${one}`), recent: db.prepare(`SELECT ${recent} ${one}`) };
  }

  /** Adds what a pair earned in an hour; `isRecent`: the hour counts as recent. */
  add({ hour, accountRowId, hostRowId, creditMilli, replicas }: HourRow, isRecent: boolean): void {
    const total = { creditMilli, replicas };
    const isNewHour = isRecent && this.insertHour.run(hour, accountRowId, hostRowId).changes === 1;
    if (isRecent) this.addHour.run(creditMilli, replicas, hour, accountRowId, hostRowId);
    const recent = isRecent ? total : NOTHING;
    this.change({ accountRowId, hostRowId }, { total, recent, recentHours: isNewHour ? 1 : 0 });
  }

  /** Takes hours off that lie before one, so many at most. Returns how many there were. */
  forgetHoursBefore(hour: number, limit: number): number {
    const past = this.selectPastHours.all(hour, limit) as HourRow[];
    for (const row of past) {
      this.deleteHour.run(row.hour, row.accountRowId, row.hostRowId);
      const recent = { creditMilli: -row.creditMilli, replicas: -row.replicas };
      this.change(row, { total: NOTHING, recent, recentHours: -1 });
    }
    return past.length;
  }

  private change({ accountRowId, hostRowId }: Pair, { total, recent, recentHours }: PairDelta): void {
    const before = this.selectPair.get(accountRowId, hostRowId) as number | undefined;
    const after = (before ?? 0) + recentHours;
    const sums = {
      credit: total.creditMilli,
      replicas: total.replicas,
      recentCredit: recent.creditMilli,
      recentReplicas: recent.replicas,
    };
    const pairs = before === undefined ? 1 : 0;
    const recentPairs = Number(after > 0) - Number((before ?? 0) > 0);
    this.upsertPair.run({ account: accountRowId, host: hostRowId, recentHours, ...sums });
    for (const [kind, subject] of [accountRowId, hostRowId].entries())
      this.upsertRanking.run({ kind, subject, pairs, recentPairs, ...sums });
  }

  /** Most credit first, then most replicas. */
  top(kind: RankingKind, period: RankingPeriod, limit: number): RankedRow[] {
    return this.selectTop[period].all(KINDS.indexOf(kind), limit) as RankedRow[];
  }

  one(kind: RankingKind, period: RankingPeriod, rowId: number): RankedRow | undefined {
    return this.selectOne[period].get(KINDS.indexOf(kind), rowId) as RankedRow | undefined;
  }
}
