// Every peer by its chosen name or pseudonym.
import type { Peers } from '@manyhands/contract';
import { PersonName } from '../common/person-name.js';
import { useShowMore } from '../common/show-more.js';
import { Tag, type TagKind } from '../common/tag.js';
import { formatAgo } from '../format/times.js';
import { byPresence, bytesInWords, detailsInWords, linksInWords, type Peer, pathInWords } from './peer-words.js';

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
              Fetches
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
          {rows.map((peer, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be shared
            <Row key={`${peer.name} ${index}`} peer={peer} nowMs={peers.nowMs} isLive={isLive} />
          ))}
        </tbody>
      </table>
      {button}
      <p className="mt-3 text-sm text-ink-3">
        With peers: exchanges blocks with other computers, and asks the coordinator when none of them has one.
        Coordinator only: by choice, or because it can’t reach the others.
      </p>
    </>
  );
}

type RowProps = { readonly peer: Peer; readonly nowMs: number; readonly isLive: boolean };

function Row({ peer, nowMs, isLive }: RowProps) {
  const { fromPeers, fromOrigin, toPeers } = bytesInWords(peer);
  return (
    <tr>
      <th scope="row">
        <PersonName name={peer.name} />
        <span className="block text-xs font-normal text-ink-3 sm:hidden">{detailsInWords(peer)}</span>
      </th>
      <td className="whitespace-nowrap max-sm:hidden">{pathInWords(peer)}</td>
      <td className="n max-lg:hidden">{linksInWords(peer)}</td>
      <td className="n">{fromPeers}</td>
      <td className="n max-sm:hidden">{fromOrigin}</td>
      <td className="n max-sm:hidden">{toPeers}</td>
      <td>{isLive ? <StateTag peer={peer} nowMs={nowMs} /> : <Tag>{peer.state}</Tag>}</td>
    </tr>
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
