// Who did the work: people and computers, in total and lately.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type RankingKind, type RankingPeriod, rankingQuery, useLeaderboard, useStats } from '../api/questions.js';
import { Fault } from '../common/fault.js';
import { PageTitle } from '../common/page-title.js';
import { RowsLoading } from '../common/rows-loading.js';
import { StaleTag } from '../common/stale-tag.js';
import { Tabs } from '../common/tabs.js';
import { Toggles } from '../common/toggles.js';
import { formatCount, plural } from '../format/numbers.js';
import { formatClock } from '../format/times.js';
import { CreditExplained } from './credit-explained.js';
import { Ranking } from './ranking.js';

const KINDS = [
  { value: 'accounts', label: 'People' },
  { value: 'hosts', label: 'Computers' },
] as const;
const PERIODS = [
  { value: 'total', label: 'In total' },
  { value: 'recent', label: 'Last 7 days' },
] as const;

export function LeaderboardPage() {
  const search = useSearch({ from: '/leaderboard' });
  const navigate = useNavigate({ from: '/leaderboard' });
  const [text, setText] = useState('');
  const kind: RankingKind = search.kind ?? 'accounts';
  const period: RankingPeriod = search.period ?? 'total';
  const ranking = useLeaderboard(kind, period);
  const stats = useStats().data;
  const show = (nextKind: RankingKind, nextPeriod: RankingPeriod) =>
    void navigate({
      search: {
        ...(nextKind === 'hosts' ? { kind: 'hosts' as const } : {}),
        ...(nextPeriod === 'recent' ? { period: 'recent' as const } : {}),
      },
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="page py-8 sm:py-12">
      <PageTitle text="Who did the work" />
      <h1>Who did the work</h1>
      <p className="mt-2 mb-6 max-w-[62ch] text-ink-2">
        Credit is counted work, the same on every computer, and it only counts once a result has been checked.{' '}
        <a href="#credit">How credit is counted</a>
      </p>
      <Tabs
        label="List"
        tabs={KINDS}
        value={kind}
        onChange={(next) => show(next, period)}
        aside={
          <>
            <Toggles label="Period" choices={PERIODS} value={period} onChange={(next) => show(kind, next)} />
            <label className="sm:ml-auto">
              <span className="sr-only">Find a name</span>
              <input
                type="search"
                placeholder="Find a name"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </label>
          </>
        }
      >
        <div className="mt-4">
          {ranking.isLoading && <RowsLoading rowCount={6} />}
          {ranking.error && !ranking.data && (
            <Fault
              what="The leaderboard"
              safe="Credit itself is safe in the ledger."
              error={ranking.error}
              onRetry={ranking.retry}
            />
          )}
          {ranking.data && (
            <Ranking
              key={`${kind} ${period}`}
              ranking={ranking.data}
              search={text}
              isLive={ranking.news === 'current'}
            />
          )}
        </div>
      </Tabs>
      <p className="mt-4 flex flex-wrap items-center gap-2 text-sm text-ink-3">
        <StaleTag polled={ranking} />
        <span>
          {ranking.news === 'current' && ranking.data && `Updated ${formatClock(ranking.asOfMs)} · `}
          {stats &&
            `${plural(stats.accounts, 'person', 'people')}, ${plural(stats.hosts.total, 'computer')}, ${formatCount(stats.hosts.online)} here now · `}
          <a href={`/api/v1/leaderboard.csv?${rankingQuery(kind, period)}`}>CSV</a> ·{' '}
          <a href={`/api/v1/leaderboard?${rankingQuery(kind, period)}`}>JSON</a>
        </span>
      </p>
      <CreditExplained />
    </div>
  );
}
