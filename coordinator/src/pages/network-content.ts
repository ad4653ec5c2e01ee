// The network: where the bytes came from, in figures and as a table.
import type { Peers, Stats } from '@manyhands/contract';
import { type Html, html } from './html.js';
import { shownName } from './names.js';
import type { Page } from './page.js';
import { bytes, count, plural } from './words.js';

const PEERS_SHOWN = 20;
const MISSING = '–';

type Peer = Peers['peers'][number];

export function networkPage({ peers }: Peers, { transfer, hosts }: Stats): Page {
  const workers = peers.filter(({ kind }) => kind === 'worker');
  const here = workers.filter(({ isOnline }) => isOnline);
  const sharing = here.filter(({ path }) => path === 'overlay');
  const receivedBytes = transfer.fromPeersBytes + transfer.fromOriginBytes;
  const share = receivedBytes === 0 ? null : Math.floor((100 * transfer.fromPeersBytes) / receivedBytes);
  const byPeers =
    share === null
      ? 'Nothing has been passed on yet'
      : `${share} % of all bytes came from peers (${bytes(transfer.fromPeersBytes)} of ${bytes(receivedBytes)})`;
  return {
    title: 'The network',
    description: `Volunteers pass the work on to each other. ${plural(hosts.online, 'computer')} connected now. ${byPeers}.`,
    path: '/network',
    section: '/network',
    content: html`<h1>Volunteers pass the work on to each other</h1>
        <p>The coordinator hands out each piece of data about once. From there, computers copy it from one another, and check every block against its fingerprint before use.</p>
        <ul>
          <li>${byPeers}.</li>
          <li>${bytes(transfer.coordinatorEgressBytes)} sent by the coordinator.</li>
          <li>${count(hosts.online)} connected now, of ${plural(hosts.total, 'computer')} that ever joined; ${count(sharing.length)} of them share with peers.</li>
        </ul>
        ${workers.length === 0 ? html`<p>${hosts.total === 0 ? 'No computer has joined yet.' : 'No computer is here now.'} <a href="/join">Lend a hand</a></p>` : table(workers)}`,
  };
}

function table(workers: readonly Peer[]): Html {
  const shown = [...workers].sort(byPresence).slice(0, PEERS_SHOWN);
  return html`<section aria-labelledby="peers">
          <h2 id="peers">Computers in the network</h2>
          <table class="data">
            <caption>Names are chosen or made up. Addresses and keys are never shown.</caption>
            <thead><tr><th scope="col">Name</th><th scope="col" class="n">From peers</th><th scope="col" class="n extra">From the coordinator</th><th scope="col" class="n extra">To peers</th><th scope="col">State</th></tr></thead>
            <tbody>${shown.map(row)}</tbody>
          </table>
          <p>All of it: <a href="/api/v1/peers.csv">CSV</a>, <a href="/api/v1/peers">JSON</a></p>
        </section>`;
}

function row(peer: Peer): Html {
  return html`<tr><th scope="row"><bdi>${shownName(peer.name)}</bdi></th><td class="n">${bytes(peer.fromPeersBytes)}</td><td class="n extra">${bytes(peer.fromOriginBytes)}</td><td class="n extra">${
    peer.path === 'overlay' ? bytes(peer.toPeersBytes) : MISSING
  }</td><td>${peer.isOnline ? peer.state : 'away'}</td></tr>
            `;
}

function byPresence(left: Peer, right: Peer): number {
  return Number(right.isOnline) - Number(left.isOnline) || right.toPeersBytes - left.toPeersBytes;
}
