// Folds the ledger into the sums that leaderboards show: a little at a time and behind the grants, which cost no more for it. What was granted before
// there were sums comes in the same way.
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { Slices } from '../../background/slices.js';
import { LOGGER } from '../../config/logger.js';
import { LedgerQueries } from '../../storage/sqlite/ledger-queries.js';
import type { Earned, HourRow, RankedRow, RankingKind, RankingPeriod } from '../../storage/sqlite/rankings.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { firstRecentHour } from './domain/recent-hours.js';

/** Some milliseconds of work: rows of few hosts become few changes, those of many hosts nearly as many as they are. */
const ROWS_PER_SLICE = 4000;
const ROWS_OF_MANY_HOSTS = 500;
const HOURS_PER_SLICE = 250;
/** Grants that come together are folded together. */
const DELAY_MS = 500;
/** Hours cease to be recent. */
const INTERVAL_MS = 60_000;
/** Rows that a question adds by itself to the sums, so that nobody waits for the fold to see what was granted. */
const TAIL_MAXIMUM_ROWS = 4000;

@Injectable()
export class CreditSums implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly ledger: LedgerQueries;
  private readonly work: Slices;
  private readonly stopListening: () => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CoreStore,
    events: CoreEvents,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.ledger = store.database.read((db) => new LedgerQueries(db));
    this.work = new Slices(
      () => this.fold(),
      (err) => logger.error({ err }, 'adding up credit failed'),
    );
    this.stopListening = events.onCommit(({ settled }) => {
      if (settled.size > 0) this.work.wake(DELAY_MS);
    });
  }

  onApplicationBootstrap(): void {
    this.work.wake();
    this.timer = setInterval(() => this.work.wake(), INTERVAL_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopListening();
    await this.work.stop();
  }

  /** One slice; resolves whether there is more. */
  fold(): Promise<boolean> {
    const { progress, rankings } = this.store;
    return this.store.database.write(() => {
      const firstHour = firstRecentHour(this.options.nowMs());
      const forgotten = rankings.forgetHoursBefore(firstHour, HOURS_PER_SLICE);
      const { lastId, rows } = this.next(progress.position('ledger'));
      for (const row of rows) rankings.add(row, row.hour >= firstHour);
      if (rows.length > 0) progress.set('ledger', lastId);
      return forgotten === HOURS_PER_SLICE || lastId < this.ledger.lastId();
    });
  }

  private next(afterId: number): { lastId: number; rows: HourRow[] } {
    const lastId = Math.min(this.ledger.lastId(), afterId + ROWS_PER_SLICE);
    const rows = this.ledger.hours(afterId, lastId);
    if (rows.length <= ROWS_OF_MANY_HOSTS) return { lastId, rows };
    return { lastId: afterId + ROWS_OF_MANY_HOSTS, rows: this.ledger.hours(afterId, afterId + ROWS_OF_MANY_HOSTS) };
  }

  /** Most credit first, then most replicas. `recent`: of the last seven days, to the hour. */
  top(kind: RankingKind, period: RankingPeriod, limit: number): RankedRow[] {
    const { rankings } = this.store;
    const rows = new Map(rankings.top(kind, period, limit).map((row) => [row.rowId, row]));
    for (const [rowId, { creditMilli, replicas, pairs }] of this.tail(kind, period)) {
      const known = rows.get(rowId) ??
        rankings.one(kind, period, rowId) ?? { rowId, creditMilli: 0, replicas: 0, pairs: 0 };
      rows.set(rowId, {
        rowId,
        creditMilli: known.creditMilli + creditMilli,
        replicas: known.replicas + replicas,
        pairs: Math.max(known.pairs, pairs),
      });
    }
    return [...rows.values()].sort(compare).slice(0, limit);
  }

  /** Milli-cobblestones of an account. */
  ofAccount(accountRowId: number): number {
    const known = this.store.rankings.one('accounts', 'total', accountRowId)?.creditMilli ?? 0;
    return known + (this.tail('accounts', 'total').get(accountRowId)?.creditMilli ?? 0);
  }

  /** What was granted since the last fold; nothing while there is too much of it. */
  private tail(kind: RankingKind, period: RankingPeriod): Map<number, Earned & { pairs: number }> {
    const sums = new Map<number, Earned & { pairs: number }>();
    const afterId = this.store.progress.position('ledger');
    const lastId = this.ledger.lastId();
    if (lastId === afterId || lastId - afterId > TAIL_MAXIMUM_ROWS) return sums;
    const firstHour = firstRecentHour(this.options.nowMs());
    const others = new Map<number, Set<number>>();
    for (const { hour, accountRowId, hostRowId, creditMilli, replicas } of this.ledger.hours(afterId, lastId)) {
      if (period === 'recent' && hour < firstHour) continue;
      const [rowId, other] = kind === 'accounts' ? [accountRowId, hostRowId] : [hostRowId, accountRowId];
      const known = sums.get(rowId);
      const pairs = (others.get(rowId) ?? new Set()).add(other);
      others.set(rowId, pairs);
      sums.set(rowId, {
        creditMilli: (known?.creditMilli ?? 0) + creditMilli,
        replicas: (known?.replicas ?? 0) + replicas,
        pairs: pairs.size,
      });
    }
    return sums;
  }
}

/** Small work is worth less than the smallest credit that is shown: then what was done ranks. */
function compare(left: RankedRow, right: RankedRow): number {
  return right.creditMilli - left.creditMilli || right.replicas - left.replicas;
}
