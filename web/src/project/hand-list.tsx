// Who is helping, or has helped.
import type { Hand } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { Avatar } from '../common/avatar.js';
import { Empty } from '../common/empty.js';
import { findNamesakes, seedOf } from '../common/names.js';
import { PersonName } from '../common/person-name.js';
import { useShowMore } from '../common/show-more.js';
import { formatCount } from '../format/numbers.js';
import { doingInWords, handsInWords, type Situation } from './hand-words.js';

const SHOWN_FIRST = 6;

export type HandListProps = { readonly hands: readonly Hand[]; readonly situation: Situation };

export function HandList({ hands, situation }: HandListProps) {
  const { rows, button } = useShowMore(hands, SHOWN_FIRST);
  const hasNamesake = findNamesakes(hands);
  const { title, line } = handsInWords(hands, situation);
  return (
    <section aria-labelledby="hands">
      <h2 id="hands">{title}</h2>
      {hands.length === 0 && situation.isOpen ? (
        <Empty>
          Nobody is helping yet. <Link to="/join">Be the first hand</Link>
        </Empty>
      ) : (
        <p className="mb-2 text-sm text-ink-2">{line}</p>
      )}
      <ul>
        {rows.map((hand) => (
          <li
            key={`${hand.name} ${hand.tag}`}
            className="grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line py-[0.6rem]"
          >
            <Avatar seed={seedOf(hand)} />
            <span>
              <b>
                <PersonName name={hand.name} tag={hasNamesake(hand) ? hand.tag : undefined} />
              </b>
              <br />
              <span className="text-sm text-ink-2">{doingInWords(hand, situation)}</span>
            </span>
            <span className="text-right text-sm">
              <b>{formatCount(hand.acceptedReplicas)}</b>
              <br />
              <span className="text-xs text-ink-3">accepted</span>
            </span>
          </li>
        ))}
      </ul>
      {button}
      <p className="mt-3 text-sm">
        <Link to="/leaderboard">Everyone, on the leaderboard</Link>
      </p>
    </section>
  );
}
