// Every peer by its chosen name or pseudonym.
import type { Peers } from '@manyhands/contract';
import { useShowMore } from '../common/show-more.js';
import { Tag, type TagKind } from '../common/tag.js';
import { formatBytes, formatCount, MISSING } from '../format/numbers.js';
import { formatAgo } from '../format/times.js';

type Peer = Peers['peers'][number];
const SHOWN_FIRST = 50;

export function PeerTable({ peers, isLive }: { readonly peers: Peers; readonly isLive: boolean }) {
  const { rows, button } = useShowMore([...peers.peers].sort(byPresence), SHOWN_FIRST);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="peers">Everyone in the network</h2>
        <p className="text-sm text-ink-3">
          <a href="/api/v1/peers.csv">CSV</a> · <a href="/api/v1/peers">JSON</a>
        </p>
      </div>
      <table className="data">
        <caption>Names are chosen or made up. Addresses and keys are never shown.</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="max-sm:hidden">
              Path
            </th>
            <th scope="col" className="n max-lg:hidden">
              Links
            </th>
            <th scope="col" className="n">
              From peers
            </th>
            <th scope="col" className="n max-sm:hidden">
              From the coordinator
            </th>
            <th scope="col" className="n max-sm:hidden">
              To peers
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((peer) => (
            <tr key={`${peer.kind} ${peer.name}`}>
              <th scope="row">
                <span className="[overflow-wrap:anywhere]">{peer.name}</span>
                <span className="block text-xs font-normal text-ink-3 sm:hidden">{details(peer)}</span>
              </th>
              <td className="max-sm:hidden">{pathOf(peer)}</td>
              <td className="n max-lg:hidden">
                {peer.path === 'overlay' && peer.isOnline ? formatCount(peer.connectedPeers) : MISSING}
              </td>
              <td className="n">{peer.kind === 'worker' ? formatBytes(peer.fromPeersBytes) : MISSING}</td>
              <td className="n max-sm:hidden">
                {peer.kind === 'worker' ? formatBytes(peer.fromOriginBytes) : MISSING}
              </td>
              <td className="n max-sm:hidden">{peer.path === 'overlay' ? formatBytes(peer.toPeersBytes) : MISSING}</td>
              <td>{isLive ? <StateTag peer={peer} nowMs={peers.nowMs} /> : <Tag>{peer.state}</Tag>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {button}
      <p className="mt-3 text-sm text-ink-3">
        Overlay: exchanges blocks with other computers. HTTP: fetches from the coordinator only, by choice or because
        nobody else had the block.
      </p>
    </>
  );
}

const KINDS: Record<Peer['state'], TagKind> = { working: 'running', idle: 'ok', paused: 'plain', offline: 'plain' };

function StateTag({ peer, nowMs }: { readonly peer: Peer; readonly nowMs: number }) {
  if (!peer.isOnline) return <span className="text-xs text-ink-3">seen {formatAgo(peer.lastSeenMs, nowMs)}</span>;
  const sign = peer.state === 'working' ? '● ' : '';
  return (
    <Tag kind={KINDS[peer.state]}>
      {sign}
      {peer.state}
    </Tag>
  );
}

function pathOf({ path }: Peer): string {
  return path === 'overlay' ? 'overlay' : 'HTTP';
}

function details(peer: Peer): string {
  if (peer.kind === 'coordinator') return `${pathOf(peer)} · gave ${formatBytes(peer.toPeersBytes)}`;
  return `${pathOf(peer)} · coordinator ${formatBytes(peer.fromOriginBytes)} · gave ${formatBytes(peer.toPeersBytes)}`;
}

/** The coordinator first, then those who are here, then by what they gave. */
function byPresence(left: Peer, right: Peer): number {
  return (
    Number(right.kind === 'coordinator') - Number(left.kind === 'coordinator') ||
    Number(right.isOnline) - Number(left.isOnline) ||
    right.toPeersBytes - left.toPeersBytes ||
    left.name.localeCompare(right.name)
  );
}
