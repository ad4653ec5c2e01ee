// Credit as people see it: leaderboards and sums, all of them sums of the ledger.
import { Inject, Injectable } from '@nestjs/common';
import { LedgerQueries } from '../../storage/sqlite/ledger-queries.js';
import type { RankedRow, RankingKind, RankingPeriod } from '../../storage/sqlite/rankings.js';
import { Connections } from '../connections/connections.js';
import { tagOf } from '../domain/tag.js';
import { ACCOUNTS_PORT, type AccountsPort } from '../ports/accounts.js';
import { CoreStore } from '../ports/core-store.js';
import { CreditSums } from './credit-sums.js';
import type { LeaderboardRow } from './leaderboard-row.js';

type Name = Pick<LeaderboardRow, 'name' | 'tag' | 'isAnonymous'>;
const NAMELESS: Name = { name: 'unknown', tag: '', isAnonymous: true };
const UNKNOWN_HOST = { pseudonym: NAMELESS.name, accountRowId: null };

@Injectable()
export class CreditsService {
  private readonly ledger: LedgerQueries;

  constructor(
    private readonly store: CoreStore,
    private readonly sums: CreditSums,
    private readonly connections: Connections,
    @Inject(ACCOUNTS_PORT) private readonly accounts: AccountsPort,
  ) {
    this.ledger = store.database.read((db) => new LedgerQueries(db));
  }

  /** Most credit first. `recent`: the last seven days, to the hour. */
  leaderboard(kind: RankingKind, period: RankingPeriod, limit: number): LeaderboardRow[] {
    const ranked = this.sums.top(kind, period, limit);
    const names = kind === 'hosts' ? this.namesOfHosts(ranked) : this.namesOfAccounts(ranked);
    const online = this.online(kind);
    return ranked.map(({ rowId, creditMilli, replicas, pairs }, index) => ({
      rank: index + 1,
      ...(names[index] ?? NAMELESS),
      ...{ creditMilli, acceptedReplicas: replicas, hosts: kind === 'hosts' ? 1 : pairs },
      isOnline: online.has(rowId),
    }));
  }

  private namesOfHosts(ranked: readonly RankedRow[]): Name[] {
    const hosts = this.store.hosts.names(ranked.map(({ rowId }) => rowId));
    const refs = this.accounts.accounts([...new Set([...hosts.values()].flatMap((host) => host.accountRowId ?? []))]);
    return ranked.map(({ rowId }) => {
      const { pseudonym: name, accountRowId } = hosts.get(rowId) ?? UNKNOWN_HOST;
      return { ...NAMELESS, name, isAnonymous: (refs.get(accountRowId ?? 0)?.label ?? null) === null };
    });
  }

  private namesOfAccounts(ranked: readonly RankedRow[]): Name[] {
    const refs = this.accounts.accounts(ranked.map(({ rowId }) => rowId));
    const isAnonymous = (rowId: number): boolean => (refs.get(rowId)?.label ?? null) === null;
    const nameless = ranked.flatMap(({ rowId }) => (isAnonymous(rowId) ? [rowId] : []));
    const pseudonyms = this.store.hosts.namesOfAccounts(nameless);
    return ranked.map(({ rowId }) => {
      const ref = refs.get(rowId);
      const name = ref?.label ?? pseudonyms.get(rowId) ?? NAMELESS.name;
      return { name, tag: ref ? tagOf(ref.accountId) : '', isAnonymous: isAnonymous(rowId) };
    });
  }

  /** Row ids of those that are connected. */
  private online(kind: RankingKind): ReadonlySet<number> {
    const online = new Set<number>();
    for (const { hostRowId, accountRowId } of this.connections.all())
      online.add(kind === 'hosts' ? hostRowId : accountRowId);
    return online;
  }

  /** Milli-cobblestones of an account. */
  accountCredit(accountRowId: number): number {
    return this.sums.ofAccount(accountRowId);
  }

  /** Milli-cobblestones granted in all. */
  total(): number {
    return this.ledger.totalMilli();
  }
}
