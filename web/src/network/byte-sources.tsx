// Bytes from peers and from the coordinator, for each computer.
import { useId } from 'react';
import { OriginPattern, StackedBar } from '../charts/stacked-bar.js';
import { Figure } from '../common/figure.js';
import { shownName } from '../common/names.js';
import { Sized } from '../common/sized.js';
import { formatBytes, formatCount, formatShare } from '../format/numbers.js';
import { type Peer, receivedBytes } from './peer-words.js';

/** More bars than these are told by the table. */
const BARS_MAXIMUM = 16;
const BAR_HEIGHT = 16;

export function ByteSources({ workers }: { readonly workers: readonly Peer[] }) {
  const patternId = useId();
  const bySize = [...workers].sort((left, right) => receivedBytes(right) - receivedBytes(left));
  const shown = bySize.slice(0, BARS_MAXIMUM);
  const fromPeers = workers.reduce((sum, worker) => sum + worker.fromPeersBytes, 0);
  const fromOrigin = workers.reduce((sum, worker) => sum + worker.fromOriginBytes, 0);
  const scaleBytes = Math.max(...shown.map(receivedBytes), 1);
  const share = fromPeers + fromOrigin > 0 ? formatShare(fromPeers / (fromPeers + fromOrigin)) : null;
  return (
    <Figure
      title="Where the bytes came from"
      remark={
        shown.length < workers.length
          ? `the ${BARS_MAXIMUM} that got most of ${formatCount(workers.length)}`
          : 'since each computer joined'
      }
      caption="A bar is one computer; all have the same scale. The same numbers are in the table below."
    >
      {share === null && <p className="text-sm text-ink-2">No block has been fetched yet.</p>}
      <ul
        className="grid items-center gap-x-4 gap-y-2 text-sm sm:grid-cols-[minmax(6rem,12rem)_minmax(0,1fr)_auto]"
        aria-label={`Bytes by computer${share ? `: ${share} of all came from peers` : ''}`}
      >
        {shown.map((worker, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be shared
            key={`${worker.name} ${index}`}
            className="grid grid-cols-subgrid items-center gap-y-1 max-sm:grid-cols-[minmax(0,1fr)_auto] sm:col-span-3"
          >
            <bdi className="truncate font-semibold">{shownName(worker.name)}</bdi>
            <span className="max-sm:order-last max-sm:col-span-2">
              <Sized minHeight={BAR_HEIGHT}>
                {(width) => (
                  <StackedBar
                    peersBytes={worker.fromPeersBytes}
                    originBytes={worker.fromOriginBytes}
                    scaleBytes={scaleBytes}
                    width={width}
                    height={BAR_HEIGHT}
                  />
                )}
              </Sized>
            </span>
            <span className="text-right whitespace-nowrap text-ink-2">{formatBytes(receivedBytes(worker))}</span>
          </li>
        ))}
      </ul>
      <ul className="legend mt-4" aria-label="What the colours mean">
        <li>
          <svg width="14" height="14" aria-hidden="true" className="mark flex-none">
            <rect width="14" height="14" rx="2" fill="var(--mh-cat-1)" />
          </svg>
          peers, {formatBytes(fromPeers)}
        </li>
        <li>
          <svg width="14" height="14" aria-hidden="true" className="mark flex-none">
            <defs>
              <OriginPattern id={patternId} />
            </defs>
            <rect width="14" height="14" rx="2" fill={`url(#${patternId})`} />
          </svg>
          coordinator, {formatBytes(fromOrigin)}
        </li>
      </ul>
    </Figure>
  );
}
