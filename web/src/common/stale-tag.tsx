// Says that what is shown is older than it should be, and whether the coordinator is gone or only slow.
import type { Polled } from '../api/use-polled.js';
import { formatClock } from '../format/times.js';
import { Tag } from './tag.js';

/** Nothing while answers come in time. */
export function StaleTag({ polled: { news, asOfMs } }: { readonly polled: Pick<Polled<unknown>, 'news' | 'asOfMs'> }) {
  if (news === 'current') return null;
  return (
    <Tag kind="checking">
      {news === 'lost'
        ? `No news since ${formatClock(asOfMs)}; trying again.`
        : `The coordinator is slow; this is as of ${formatClock(asOfMs)}.`}
    </Tag>
  );
}
