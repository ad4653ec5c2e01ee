// The table of the ranking. On phones the rank, the name and the credit stay.
import type { Leaderboard } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { Avatar } from '../common/avatar.js';
import { Empty } from '../common/empty.js';
import { findNamesakes, seedOf } from '../common/names.js';
import { PersonName } from '../common/person-name.js';
import { useShowMore } from '../common/show-more.js';
import { Tag } from '../common/tag.js';
import { formatCount, formatCredit, plural } from '../format/numbers.js';

const SHOWN_FIRST = 25;

export type RankingProps = {
  readonly ranking: Leaderboard;
  /** Part of a name; empty shows all. */
  readonly search: string;
  readonly isLive: boolean;
};

export function Ranking({ ranking, search, isLive }: RankingProps) {
  const wanted = search.trim().toLocaleLowerCase();
  const found = ranking.rows.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  // Among all rows, so that a name does not lose its tag when the search finds it alone.
  const hasNamesake = findNamesakes(ranking.rows);
  const { rows, button } = useShowMore(found, SHOWN_FIRST);
  const isPeople = ranking.kind === 'accounts';
  const period = ranking.period === 'recent' ? 'in 7 days' : 'in total';
  if (ranking.rows.length === 0) {
    return (
      <Empty>
        {ranking.period === 'recent'
          ? 'No credit was granted in the last seven days. '
          : 'No credit has been granted yet. '}
        The first row appears when a unit is accepted. <Link to="/join">Be the first hand</Link>
      </Empty>
    );
  }
  if (found.length === 0)
    return (
      <Empty>
        No name here contains “<bdi>{search.trim()}</bdi>”.
      </Empty>
    );
  return (
    <>
      <table className="data">
        <caption className="sr-only">
          {isPeople ? 'People' : 'Computers'} by credit {period}
        </caption>
        <thead>
          <tr>
            <th scope="col" className="n">
              Rank
            </th>
            <th scope="col">Name</th>
            {isPeople && (
              <th scope="col" className="n max-sm:hidden">
                Computers
              </th>
            )}
            <th scope="col" className="n max-sm:hidden">
              Units accepted
            </th>
            <th scope="col" className="n" aria-sort="descending">
              Credit {period} <span aria-hidden="true">↓</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={`${row.name} ${row.tag || row.rank}`}
              row={row}
              tag={hasNamesake(row) ? row.tag : undefined}
              isPeople={isPeople}
              isLive={isLive}
            />
          ))}
        </tbody>
      </table>
      {button}
    </>
  );
}

type RowProps = {
  readonly row: Leaderboard['rows'][number];
  /** Shown where another has the same name. */
  readonly tag: string | undefined;
  readonly isPeople: boolean;
  readonly isLive: boolean;
};

function Row({ row, tag, isPeople, isLive }: RowProps) {
  const details = [
    isLive && row.isOnline ? '● here' : null,
    row.isAnonymous ? 'anonymous' : isPeople ? plural(row.hosts, 'computer') : plural(row.acceptedReplicas, 'unit'),
  ].filter(Boolean);
  return (
    <tr>
      <td className="n">{formatCount(row.rank)}</td>
      <th scope="row">
        <span className="flex items-center gap-3">
          <Avatar seed={seedOf(row)} />
          <span className="min-w-0">
            <PersonName name={row.name} tag={tag} />{' '}
            {row.isAnonymous && <span className="text-xs font-normal text-ink-3 max-sm:hidden">anonymous </span>}
            {isLive && row.isOnline && (
              <span className="max-sm:hidden">
                <Tag kind="running">● here now</Tag>
              </span>
            )}
            <span className="block text-xs font-normal text-ink-3 sm:hidden">{details.join(' · ')}</span>
          </span>
        </span>
      </th>
      {isPeople && <td className="n max-sm:hidden">{formatCount(row.hosts)}</td>}
      <td className="n max-sm:hidden">{formatCount(row.acceptedReplicas)}</td>
      <td className="n">
        <b>{formatCredit(row.creditMilli, row.acceptedReplicas > 0)}</b>
      </td>
    </tr>
  );
}
