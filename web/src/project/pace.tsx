// How fast it goes: bars per interval and three numbers.
import type { Batch, ProjectOverview } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { useStats } from '../api/questions.js';
import { BarSeries } from '../charts/bar-series.js';
import { BigNumbers } from '../common/big-numbers.js';
import { Figure } from '../common/figure.js';
import { Sized } from '../common/sized.js';
import { formatBytes, formatCount, formatCredit, formatDecimals, formatShare, MISSING } from '../format/numbers.js';
import { formatClock, formatDuration, zoneName } from '../format/times.js';
import { meanAccepted } from './estimate.js';

export type PaceProps = {
  readonly throughput: ProjectOverview['throughput'];
  readonly batch: Batch;
  readonly isStale: boolean;
};

export function Pace({ throughput, batch, isStale }: PaceProps) {
  const { points, intervalMs } = throughput;
  const stats = useStats().data;
  const mean = meanAccepted(throughput, batch.state === 'open');
  const interval = intervalMs === 60_000 ? 'minute' : formatDuration(intervalMs);
  const last = points.at(-1);
  const isEmpty = points.every(({ accepted }) => accepted === 0);
  const transfer = stats?.transfer;
  const receivedBytes = transfer ? transfer.fromPeersBytes + transfer.fromOriginBytes : 0;
  const { accepted } = batch.counts;
  return (
    <Figure
      title="How fast it goes"
      remark={last ? `${formatClock(last.startMs)} ${zoneName(last.startMs)} · every ${interval}` : null}
      caption={
        isEmpty
          ? 'No unit has been accepted in this time. The first bar appears when two computers agree.'
          : `The last bar is the ${intervalMs === 60_000 ? 'minute' : 'interval'} that is still running.${mean === null ? '' : ` Dashed: mean ${formatDecimals(mean, 1)}.`}`
      }
      after={
        <div className="mt-8">
          <BigNumbers
            numbers={[
              {
                value: receivedBytes > 0 && transfer ? formatShare(transfer.fromPeersBytes / receivedBytes) : MISSING,
                label: 'of bytes came from peers',
                note: (
                  <Link to="/network">
                    {receivedBytes > 0 ? `of ${formatBytes(receivedBytes)}, see the network` : 'see the network'}
                  </Link>
                ),
              },
              {
                value: formatCredit(batch.creditMilli),
                label: 'credit granted',
                note: `for ${formatCount(accepted)} accepted units`,
              },
              {
                value: accepted > 0 ? formatDecimals(batch.replicas.reported / accepted, 2) : MISSING,
                label: 'runs per result',
                note: batch.quorum > 1 ? `${batch.quorum} must agree` : 'not checked again',
              },
            ]}
          />
        </div>
      }
    >
      <Sized minHeight={200}>
        {(width) => (
          <BarSeries
            points={points.map(({ startMs, accepted: value }) => ({ startMs, value }))}
            intervalMs={intervalMs}
            unit={`units accepted per ${interval}`}
            title={paceTitle(throughput, mean, interval)}
            mean={mean}
            isStale={isStale}
            width={width}
          />
        )}
      </Sized>
    </Figure>
  );
}

function paceTitle({ points }: PaceProps['throughput'], mean: number | null, interval: string): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return 'Units accepted over time: none yet.';
  const most = Math.max(...points.map(({ accepted }) => accepted));
  const span = `${formatClock(first.startMs)} to ${formatClock(last.startMs)}`;
  const average = mean === null ? '' : `, ${formatDecimals(mean, 1)} on average`;
  return `Units accepted per ${interval}, ${span}: at most ${formatCount(most)}${average}.`;
}
