// Credit as people see it: leaderboards and sums, all of them sums of the ledger.
import { Inject, Injectable } from '@nestjs/common';
import { tagOf } from '../accounts/domain/tag.js';
import {
  ACCOUNTS_PORT,
  type AccountsPort,
  CORE_OPTIONS,
  type CoreOptions,
  type LeaderboardRow,
} from '../core-ports.js';
import { Connections } from '../hosts/connections.js';
import { type CreditRow, LedgerQueries } from '../storage/sqlite/ledger-queries.js';
import { UnitQueries } from '../storage/sqlite/units-queries.js';
import { CoreStore } from '../units/core-store.js';

const RECENT_MS = 7 * 24 * 60 * 60_000;

type Sums = { creditMilli: number; replicas: number; hostRowIds: Set<number>; accountRowId: number };

@Injectable()
export class CreditsService {
  private readonly ledger: LedgerQueries;
  private readonly units: UnitQueries;

  constructor(
    private readonly store: CoreStore,
    private readonly connections: Connections,
    @Inject(ACCOUNTS_PORT) private readonly accounts: AccountsPort,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.ledger = store.database.read((db) => new LedgerQueries(db));
    this.units = store.database.read((db) => new UnitQueries(db));
  }

  /** Most credit first. `recent`: the last seven days. */
  leaderboard(kind: 'accounts' | 'hosts', period: 'total' | 'recent', limit: number): LeaderboardRow[] {
    const rows = period === 'total' ? this.ledger.total() : this.ledger.since(this.options.nowMs() - RECENT_MS);
    const groups = group(rows, kind === 'accounts' ? 'account_row_id' : 'host_row_id');
    const ranked = [...groups].sort(([, left], [, right]) => compare(left, right)).slice(0, limit);
    const refs = this.accounts.accounts(ranked.map(([, { accountRowId }]) => accountRowId));
    return ranked.map(([id, { creditMilli, replicas, hostRowIds, accountRowId }], index) => {
      const ref = refs.get(accountRowId);
      const label = ref?.label ?? null;
      const [anyHost = 0] = hostRowIds;
      const pseudonym = this.store.hosts.byRowId(kind === 'hosts' ? id : anyHost)?.pseudonym ?? 'unknown';
      return {
        rank: index + 1,
        name: kind === 'hosts' ? pseudonym : (label ?? pseudonym),
        tag: kind === 'accounts' && ref ? tagOf(ref.accountId) : '',
        isAnonymous: label === null,
        creditMilli,
        acceptedReplicas: replicas,
        hosts: hostRowIds.size,
        isOnline: [...hostRowIds].some((hostRowId) => this.connections.get(hostRowId) !== undefined),
      };
    });
  }

  /** Milli-cobblestones of an account. */
  accountCredit(accountRowId: number): number {
    return this.ledger.accountMilli(accountRowId);
  }

  /** Milli-cobblestones granted for a batch. */
  batchCredit(batchRowId: number): number {
    return this.units.batchCreditMilli(batchRowId);
  }

  /** Milli-cobblestones granted in all. */
  total(): number {
    return this.ledger.totalMilli();
  }
}

/** Small work is worth less than the smallest credit that is shown: then what was done ranks. */
function compare(left: Sums, right: Sums): number {
  return right.creditMilli - left.creditMilli || right.replicas - left.replicas;
}

function group(rows: readonly CreditRow[], key: 'account_row_id' | 'host_row_id'): Map<number, Sums> {
  const groups = new Map<number, Sums>();
  for (const row of rows) {
    const sums = groups.get(row[key]) ?? {
      creditMilli: 0,
      replicas: 0,
      hostRowIds: new Set<number>(),
      accountRowId: row.account_row_id,
    };
    sums.creditMilli += row.credit_milli;
    sums.replicas += row.replicas;
    sums.hostRowIds.add(row.host_row_id);
    groups.set(row[key], sums);
  }
  return groups;
}
