// Where the bytes come from: totals, one bar a computer, the same as a table.
import type { Peers, Stats } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { usePeers, useStats } from '../api/questions.js';
import { type BigNumber, BigNumbers } from '../common/big-numbers.js';
import { Empty } from '../common/empty.js';
import { Fault } from '../common/fault.js';
import { PageTitle } from '../common/page-title.js';
import { RowsLoading } from '../common/rows-loading.js';
import { StaleTag } from '../common/stale-tag.js';
import { formatBytes, formatCount, formatShare, MISSING, plural } from '../format/numbers.js';
import { ByteSources } from './byte-sources.js';
import { PeerTable } from './peer-table.js';

export function NetworkPage() {
  const peers = usePeers();
  const stats = useStats().data;
  const workers = peers.data?.peers.filter(({ kind }) => kind === 'worker') ?? [];
  return (
    <div className="page py-8 sm:py-12">
      <PageTitle text="The network" />
      <h1>Volunteers pass the work on to each other</h1>
      <p className="mt-4 mb-6 max-w-[62ch] text-ink-2">
        The coordinator hands out each piece of data about once. From there, computers copy it from one another, and
        check every block against its fingerprint before use.
      </p>
      <BigNumbers numbers={bigNumbers(stats, peers.data)} />
      <p className="mt-6 empty:hidden">
        <StaleTag polled={peers} />
      </p>
      {peers.isLoading && (
        <div className="mt-8">
          <RowsLoading rowCount={5} />
        </div>
      )}
      {peers.error && !peers.data && (
        <Fault
          what="The network"
          safe="Computing doesn’t depend on this page; work and results are safe."
          error={peers.error}
          onRetry={peers.retry}
        />
      )}
      {peers.data && workers.length === 0 && (
        <Empty>
          {stats && stats.hosts.total > 0 ? 'No computer is here now.' : 'No computer has joined yet.'} Rows appear when
          one joins. <Link to="/join">Lend a hand</Link>
        </Empty>
      )}
      {peers.data && workers.length > 0 && (
        <>
          <section aria-label="Where the bytes came from" className="mt-8 border-t border-line pt-8 sm:mt-12 sm:pt-12">
            <ByteSources workers={workers} />
          </section>
          <section aria-labelledby="peers" className="mt-8 border-t border-line pt-8 sm:mt-12 sm:pt-12">
            <PeerTable peers={peers.data} isLive={peers.news === 'current'} />
          </section>
        </>
      )}
    </div>
  );
}

function bigNumbers(stats: Stats | undefined, peers: Peers | undefined): BigNumber[] {
  const transfer = stats?.transfer;
  const received = transfer ? transfer.fromPeersBytes + transfer.fromOriginBytes : 0;
  const here = peers?.peers.filter(({ kind, isOnline }) => kind === 'worker' && isOnline) ?? [];
  const onOverlay = here.filter(({ path }) => path === 'overlay');
  return [
    {
      value: transfer && received > 0 ? formatShare(transfer.fromPeersBytes / received) : MISSING,
      label: 'of all bytes came from peers',
      note: transfer ? `${formatBytes(transfer.fromPeersBytes)} of ${formatBytes(received)}` : 'not known yet',
    },
    {
      value: transfer ? formatBytes(transfer.coordinatorEgressBytes) : MISSING,
      label: 'sent by the coordinator',
      note: 'since it began counting',
    },
    {
      value: peers ? formatCount(here.length) : MISSING,
      label: 'connected now',
      note: stats ? `of ${plural(stats.hosts.total, 'computer')} that ever joined` : 'computers',
    },
    {
      value: peers ? formatCount(onOverlay.length) : MISSING,
      label: 'share with peers',
      note: peers ? `${formatCount(here.length - onOverlay.length)} by the coordinator only` : 'through the overlay',
    },
  ];
}
