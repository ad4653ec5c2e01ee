// Peers that send garbage, lie, stall or flood: they are cut off, and every fetch completes all the same.
import type { Stream } from '@libp2p/interface';
import { type Cid, rawCidOf } from '@manyhands/contract';
import { type Ask, encodeFrame } from '@manyhands/overlay-core';
import { describe, expect, it } from 'vitest';
import { someBlock, someBytes } from '../support/blocks.js';
import { startLateGateway, startPeer, startSeed, Tracker } from '../support/nodes.js';
import { sendRaw, startRawPeer } from '../support/raw-peer.js';

const MEBIBYTE = 1024 * 1024;
/** Fetches end by themselves. */
const withoutLimit = () => new AbortController().signal;

/** Claims to have whatever is wanted, and treats requests as told. */
const pretender = (onGet: (id: number, stream: Stream) => void) => (message: Ask, stream: Stream) => {
  if (message.type === 'want') stream.send(encodeFrame({ type: 'have', cids: message.cids }));
  if (message.type === 'get') onGet(message.id, stream);
};

const oversize = Uint8Array.of(17, 0xff, 0xff, 0xff, 0xff);
const manners: ReadonlyArray<[string, (id: number, stream: Stream) => void]> = [
  ['sends other bytes', (id, stream) => stream.send(encodeFrame({ type: 'block', id, bytes: someBytes(id, 5000) }))],
  ['sends garbage instead of frames', (_, stream) => stream.send(new Uint8Array(5000).fill(0xee))],
  ['announces an oversize frame', (_, stream) => stream.send(oversize)],
  ['never answers', () => {}],
  [
    'answers that it lacks what it announced',
    (id, stream) => stream.send(encodeFrame({ type: 'refuse', id, reason: 'missing' })),
  ],
  ['breaks the connection', (_, stream) => stream.abort(new Error('gone'))],
  [
    'answers requests that nobody made',
    (id, stream) => stream.send(encodeFrame({ type: 'block', id: id + 1000, bytes: someBytes(1, 9) })),
  ],
];

describe('a fetch completes though a peer', () => {
  it.each(manners)('%s', async (_, onGet) => {
    const { gatewayUrl, ref, bytes } = await startSeed(4 * MEBIBYTE);
    const tracker = new Tracker();
    const asked = Promise.withResolvers<void>();
    const evil = await startRawPeer(
      pretender((id, stream) => {
        asked.resolve();
        onGet(id, stream);
      }),
    );
    tracker.nodes.push(evil.node);
    // Whoever is quicker must not spare the fetcher the bad peer: there is nothing elsewhere before that was asked.
    const late = await startLateGateway(gatewayUrl, asked.promise);
    const { fetcher } = await startPeer({ gatewayUrl: late, originPeer: null, tracker });
    await fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
  });

  it('is the seed itself and sends other bytes', async () => {
    const { gatewayUrl, ref, bytes } = await startSeed(2 * MEBIBYTE);
    const evil = await startRawPeer((message, stream) => {
      const block = (id: number) => encodeFrame({ type: 'block', id, bytes: someBytes(id, 5000) });
      if (message.type === 'get') stream.send(block(message.id));
      if (message.type === 'claim')
        stream.send(encodeFrame({ type: 'offer', id: message.id, cids: message.cids.slice(0, message.count) }));
    });
    const { fetcher } = await startPeer({ gatewayUrl, originPeer: evil.node, tracker: new Tracker() });
    await fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
  });
});

describe('a peer that breaks the protocol', () => {
  const swarm = someBlock(1).cid;
  const hello = encodeFrame({ type: 'hello', swarm });
  const join = (...parts: Uint8Array[]) => Buffer.concat(parts);
  const flood = (cid: Cid) => Array.from({ length: 1000 }, () => encodeFrame({ type: 'want', cids: [cid] }));

  it.each([
    ['garbage', new Uint8Array(1000).fill(0xaa)],
    ['an oversize frame', oversize],
    ['a question before hello', encodeFrame({ type: 'want', cids: [swarm] })],
    ['a second hello', join(hello, hello)],
    ['an answer as a question', encodeFrame({ type: 'refuse', id: 1, reason: 'busy' })],
    ['a flood of messages', join(hello, ...flood(swarm))],
  ])('by %s is cut off and kept out, and others are served on', async (_, bytes) => {
    const { gatewayUrl, ref } = await startSeed(MEBIBYTE);
    const tracker = new Tracker();
    const owner = await startPeer({ gatewayUrl, originPeer: null, tracker });
    await owner.fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    const evil = await startRawPeer(() => {});
    await sendRaw(evil, owner.peerNode.node, bytes);
    await expect.poll(() => owner.peerNode.isConnected(evil.node.peerId)).toBe(false);
    await expect(owner.peerNode.openSession(evil.node, swarm, silentEvents())).rejects.toThrow();
    const honest = await startPeer({ gatewayUrl: 'http://127.0.0.1:1', originPeer: null, tracker });
    await honest.fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(honest.fetcher.stats().fromPeersBytes).toBe(ref.sizeBytes);
  });
});

function silentEvents() {
  const ignore = () => {};
  return { onHave: ignore, onOffer: ignore, onBlock: ignore, onRefuse: ignore, onActivity: ignore, onClose: ignore };
}
