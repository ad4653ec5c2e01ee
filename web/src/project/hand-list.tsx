// Who is helping.
import type { ProjectOverview } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { Avatar } from '../common/avatar.js';
import { Empty } from '../common/empty.js';
import { useShowMore } from '../common/show-more.js';
import { formatCount, plural } from '../format/numbers.js';

type Hand = ProjectOverview['hands'][number];
const SHOWN_FIRST = 6;

export function HandList({ hands, isStale }: { readonly hands: readonly Hand[]; readonly isStale: boolean }) {
  const here = hands.filter(({ isOnline }) => isOnline);
  const computers = here.reduce((sum, hand) => sum + hand.hosts, 0);
  const { rows, button } = useShowMore(hands, SHOWN_FIRST);
  return (
    <section aria-labelledby="hands">
      <h2 id="hands">{isStale || here.length === 0 ? 'Helping hands' : 'Helping right now'}</h2>
      <p className="mb-2 text-sm text-ink-2">
        {here.length === 0
          ? 'Nobody is here at the moment.'
          : `${plural(computers, 'computer')} of ${plural(here.length, 'hand')}`}
      </p>
      {hands.length === 0 ? (
        <Empty>
          Nobody is helping yet. <Link to="/join">Be the first hand</Link>
        </Empty>
      ) : (
        <ul>
          {rows.map((hand) => (
            <li
              key={hand.name}
              className="grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line py-[0.6rem]"
            >
              <Avatar name={hand.name} />
              <span>
                <b className="break-words">{hand.name}</b>
                <br />
                <span className="text-sm text-ink-2">{doing(hand)}</span>
              </span>
              <span className="text-right text-sm">
                <b>{formatCount(hand.acceptedReplicas)}</b>
                <br />
                <span className="text-xs text-ink-3">{hand.acceptedReplicas === 1 ? 'unit' : 'units'}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {button}
      <p className="mt-3 text-sm">
        <Link to="/leaderboard">Everyone, on the leaderboard</Link>
      </p>
    </section>
  );
}

function doing({ isOnline, hosts, runningUnits }: Hand): string {
  const computers = plural(hosts, 'computer');
  if (!isOnline) return `${computers} · away`;
  return `${computers} · ${runningUnits > 0 ? `${plural(runningUnits, 'unit')} running` : 'waiting for work'}`;
}
