// How fast it goes or went: bars per interval and three numbers.
import type { Batch } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { useStats } from '../api/questions.js';
import { BarSeries } from '../charts/bar-series.js';
import { type BigNumber, BigNumbers } from '../common/big-numbers.js';
import { Figure } from '../common/figure.js';
import { Sized } from '../common/sized.js';
import { formatBytes, formatCredit, formatDecimals, formatShare, MISSING, plural } from '../format/numbers.js';
import { meanAccepted, type Throughput } from './estimate.js';
import { captionOf, instantFormat, intervalInWords, paceTitle, remarkOf } from './pace-words.js';

export type PaceProps = { readonly throughput: Throughput; readonly batch: Batch; readonly isStale: boolean };

export function Pace({ throughput, batch, isStale }: PaceProps) {
  const { points, intervalMs } = throughput;
  const isOpen = batch.state === 'open';
  const mean = meanAccepted(throughput, isOpen);
  return (
    <Figure
      title={isOpen ? 'How fast it goes' : 'How fast it went'}
      remark={remarkOf(throughput)}
      caption={captionOf(throughput, batch, mean)}
      after={
        <div className="mt-8">
          <PaceNumbers batch={batch} />
        </div>
      }
    >
      <Sized minHeight={200}>
        {(width) => (
          <BarSeries
            points={points.map(({ startMs, accepted: value }) => ({ startMs, value }))}
            unit={`units accepted per ${intervalInWords(intervalMs)}`}
            title={paceTitle(throughput, mean)}
            formatInstant={instantFormat(throughput)}
            mean={mean}
            openEnd={isOpen ? (isStale ? 'unknown' : 'running') : null}
            width={width}
          />
        )}
      </Sized>
    </Figure>
  );
}

function PaceNumbers({ batch }: { readonly batch: Batch }) {
  const transfer = useStats().data?.transfer;
  const receivedBytes = transfer ? transfer.fromPeersBytes + transfer.fromOriginBytes : 0;
  const { accepted } = batch.counts;
  const numbers: BigNumber[] = [
    {
      value: formatCredit(batch.creditMilli, accepted > 0),
      label: 'credit granted',
      note: `for ${plural(accepted, 'accepted unit')}`,
    },
    {
      value: accepted > 0 ? formatDecimals(batch.replicas.reported / accepted, 2) : MISSING,
      label: 'runs per result',
      note: batch.quorum > 1 ? `${batch.quorum} must agree` : 'not checked again',
    },
    {
      value: receivedBytes > 0 && transfer ? formatShare(transfer.fromPeersBytes / receivedBytes) : MISSING,
      label: 'of bytes came from peers',
      note: (
        <Link to="/network">
          {receivedBytes > 0 ? `of ${formatBytes(receivedBytes)} in the whole network` : 'see the network'}
        </Link>
      ),
    },
  ];
  return <BigNumbers numbers={numbers} />;
}
