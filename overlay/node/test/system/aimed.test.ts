// Hosts that name a victim, to a worker that is told all of it as by an older coordinator: few connections arrive there, and honest peers still exchange.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type OverlayNode, rawCidOf } from '@manyhands/contract';
import { somePeerId } from '@manyhands/testing';
import { expect, it, onTestFinished } from 'vitest';
import { HOST, NOWHERE, startPeer, startSeed, Tracker } from '../support/nodes.js';

const MEBIBYTE = 1024 * 1024;
/** Fetches end by themselves. */
const withoutLimit = () => new AbortController().signal;

/** A socket that notes who comes, and says nothing. */
async function startVictim(): Promise<{ port: number; from: string[] }> {
  const from: string[] = [];
  const server = createServer((socket) => {
    from.push(socket.remoteAddress ?? '');
    socket.on('error', () => {});
    socket.destroy();
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, from };
}

const silent = { onHave() {}, onOffer() {}, onBlock() {}, onRefuse() {}, onActivity() {}, onClose() {} };

/** Eight ways to name one socket. */
function aimedAt(port: number): OverlayNode {
  const numbers = Array.from({ length: 4 }, (_, number) => `/ip4/127.0.0.${number + 1}/tcp/${port}`);
  const disguised = ['/ip6/::ffff:127.0.0.1', '/ip6/::1', '/dns4/localhost', '/dns/localhost'];
  return { peerId: somePeerId(), addresses: [...numbers, ...disguised.map((host) => `${host}/tcp/${port}`)] };
}

it('two workers connect to a victim that forty hosts name at most eight times, and still exchange blocks', async () => {
  const { gatewayUrl, seed, ref, bytes } = await startSeed(16 * MEBIBYTE);
  const victim = await startVictim();
  const tracker = new Tracker();
  tracker.nodes.push(...Array.from({ length: 40 }, () => aimedAt(victim.port)));
  const originPeer = seed.info().overlay;
  const peers = [
    await startPeer({ gatewayUrl, originPeer, tracker }),
    await startPeer({ gatewayUrl, originPeer, tracker }),
  ];
  const aimed = [...tracker.nodes.slice(0, 40)];
  const sessions = peers.flatMap(({ peerNode }) => aimed.map((node) => peerNode.openSession(node, ref.cid, silent)));
  const opened = Promise.allSettled(sessions);
  await Promise.all(peers.map(({ fetcher }) => fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() })));
  expect((await opened).filter(({ status }) => status === 'fulfilled')).toEqual([]);
  for (const { fetcher } of peers) expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
  expect(peers.reduce((sum, { fetcher }) => sum + fetcher.stats().fromPeersBytes, 0)).toBeGreaterThan(MEBIBYTE);
  expect(victim.from.length).toBeLessThanOrEqual(8);
});

it('connections come from the address that was chosen, and go to none of another kind', async () => {
  const { gatewayUrl, seed, ref } = await startSeed(MEBIBYTE);
  const victim = await startVictim();
  const tracker = new Tracker();
  const { peerNode } = await startPeer({ gatewayUrl, originPeer: null, tracker, localAddress: '127.0.0.7' });
  await expect(peerNode.openSession(aimedAt(victim.port), ref.cid, silent)).rejects.toThrow();
  expect(new Set(victim.from)).toEqual(new Set(['127.0.0.7']));
  await peerNode.openSession({ ...seed.info().overlay, isOrigin: true }, ref.cid, silent);
  expect(peerNode.isConnected(seed.info().overlay.peerId)).toBe(true);
});

it('the seed finds a node where it is, and nowhere else', async () => {
  const { seed } = await startSeed(1000);
  const tracker = new Tracker();
  const { peerNode } = await startPeer({ gatewayUrl: NOWHERE, originPeer: null, tracker });
  const [address = ''] = peerNode.node.addresses;
  const { peerId } = peerNode.node;
  expect(await seed.answersAt({ peerId, address })).toBe(true);
  // Once more while it is connected: what was found before says nothing of now.
  await peerNode.openSession({ ...seed.info().overlay, isOrigin: true }, rawCidOf(randomBytes(3)), silent);
  const victim = await startVictim();
  const wrong = `/ip4/${HOST}/tcp/${victim.port}`;
  expect(await Promise.all([wrong, address].map((at) => seed.answersAt({ peerId, address: at })))).toEqual([
    false,
    true,
  ]);
  expect(await seed.answersAt({ peerId: somePeerId(), address })).toBe(false);
  expect(await seed.answersAt({ peerId: 'no peer', address: 'no address' })).toBe(false);
  expect(victim.from).toHaveLength(1);
});
