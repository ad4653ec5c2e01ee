// A peer of the network in words.
import type { Peers } from '@manyhands/contract';
import { formatBytes, formatCount, MISSING } from '../format/numbers.js';

export type Peer = Peers['peers'][number];

/** From whom it fetches at present; what came earlier may have come another way. */
export function pathInWords({ path, kind, isOnline }: Peer): string {
  if (!isOnline) return MISSING;
  if (kind === 'coordinator') return 'with everyone';
  return path === 'overlay' ? 'with peers' : 'coordinator only';
}

/** Connections to other computers; of those that have none by choice, nothing. */
export function linksInWords({ path, isOnline, connectedPeers }: Peer): string {
  return path === 'overlay' && isOnline ? formatCount(connectedPeers) : MISSING;
}

/** Bytes in each direction. The coordinator fetches nothing; who shares with nobody has given nothing, unless it once did. */
export function bytesInWords(peer: Peer): { fromPeers: string; fromOrigin: string; toPeers: string } {
  const isWorker = peer.kind === 'worker';
  return {
    fromPeers: isWorker ? formatBytes(peer.fromPeersBytes) : MISSING,
    fromOrigin: isWorker ? formatBytes(peer.fromOriginBytes) : MISSING,
    toPeers: peer.path === 'overlay' || peer.toPeersBytes > 0 ? formatBytes(peer.toPeersBytes) : MISSING,
  };
}

/** What the hidden columns tell, in one line for phones. */
export function detailsInWords(peer: Peer): string {
  const { fromOrigin, toPeers } = bytesInWords(peer);
  const facts = [
    { word: '', value: pathInWords(peer) },
    { word: 'coordinator ', value: fromOrigin },
    { word: 'gave ', value: toPeers },
  ];
  return facts
    .filter(({ value }) => value !== MISSING)
    .map(({ word, value }) => word + value)
    .join(' · ');
}

/** The coordinator first, then those who are here, then by what they gave. */
export function byPresence(left: Peer, right: Peer): number {
  return (
    Number(right.kind === 'coordinator') - Number(left.kind === 'coordinator') ||
    Number(right.isOnline) - Number(left.isOnline) ||
    right.toPeersBytes - left.toPeersBytes ||
    left.name.localeCompare(right.name)
  );
}

/** Bytes that it fetched, from wherever. */
export function receivedBytes({ fromPeersBytes, fromOriginBytes }: Peer): number {
  return fromPeersBytes + fromOriginBytes;
}
