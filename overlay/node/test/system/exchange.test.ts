// Several real nodes exchange a file, and fall back when they must.
import { networkInterfaces } from 'node:os';
import { rawCidOf } from '@manyhands/contract';
import { describe, expect, it } from 'vitest';
import { someBlock } from '../support/blocks.js';
import { NOWHERE, startPeer, startSeed, Tracker } from '../support/nodes.js';

const MEBIBYTE = 1024 * 1024;
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
if (!hasIpv6) console.warn('skipped: exchange by IPv6 (this machine has no ::1)');
/** Fetches end by themselves. */
const withoutLimit = () => new AbortController().signal;

describe('peers', () => {
  it('get a file from one another, whole', async () => {
    const { seed, gatewayUrl, ref, bytes, egress } = await startSeed(8 * MEBIBYTE);
    const tracker = new Tracker();
    const originPeer = seed.info().overlay;
    const peers = await Promise.all(Array.from({ length: 5 }, () => startPeer({ gatewayUrl, originPeer, tracker })));
    await Promise.all(peers.map(({ fetcher }) => fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() })));
    for (const { fetcher } of peers) expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
    await expect.poll(egress).toBeGreaterThanOrEqual(ref.sizeBytes);
    // How few copies leave the seed depends on how quick everybody is: `npm run lab:spread` measures it.
    const fromPeers = peers.reduce((sum, { fetcher }) => sum + fetcher.stats().fromPeersBytes, 0);
    expect(fromPeers).toBeGreaterThan(0);
    expect(peers.every(({ fetcher }) => fetcher.joinedSwarms()[0] === ref.cid)).toBe(true);
  });

  it('need no coordinator at all once one of them has the file', async () => {
    const { seed, gatewayUrl, ref, bytes } = await startSeed(3 * MEBIBYTE);
    const tracker = new Tracker();
    const first = await startPeer({ gatewayUrl, originPeer: seed.info().overlay, tracker });
    await first.fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    await seed.stop();
    const second = await startPeer({ gatewayUrl, originPeer: seed.info().overlay, tracker });
    await second.fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(rawCidOf(await second.fetcher.readFile(ref))).toBe(rawCidOf(bytes));
    expect(second.fetcher.stats()).toMatchObject({ fromOriginBytes: 0 });
    expect(first.fetcher.stats().toPeersBytes).toBeGreaterThanOrEqual(ref.sizeBytes);
  });

  it.runIf(hasIpv6)('find each other by IPv6: from a seed at ::1 to one peer, and from that to another', async () => {
    const { seed, gatewayUrl, ref, bytes } = await startSeed(3 * MEBIBYTE, '::1');
    expect(seed.info().overlay.addresses).toEqual([expect.stringMatching(/^\/ip6\/::1\/tcp\/\d+$/)]);
    const tracker = new Tracker();
    const peer = () => startPeer({ gatewayUrl, originPeer: seed.info().overlay, tracker, listenHosts: ['::1'] });
    const first = await peer();
    await first.fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    await seed.stop();
    const second = await peer();
    await second.fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(rawCidOf(await second.fetcher.readFile(ref))).toBe(rawCidOf(bytes));
    expect(second.fetcher.stats()).toMatchObject({ fromOriginBytes: 0 });
  });

  it.runIf(hasIpv6)('are reached by each address of a seed that listens on all of both kinds', async () => {
    const { seed, ref } = await startSeed(MEBIBYTE / 2, '::');
    const { addresses } = seed.info().overlay;
    const ports = new Map(addresses.map((address) => [address.split('/')[1], address.split('/')[4]]));
    expect([...ports.keys()].sort()).toEqual(['ip4', 'ip6']);
    for (const [kind, host] of [
      ['ip4', '127.0.0.1'],
      ['ip6', '::1'],
    ] as const) {
      const own = { ...seed.info().overlay, addresses: [`/${kind}/${host}/tcp/${ports.get(kind)}`] };
      const tracker = new Tracker();
      const { fetcher } = await startPeer({ gatewayUrl: NOWHERE, originPeer: own, tracker, listenHosts: [host] });
      await fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
      expect(fetcher.stats().fromOriginBytes).toBeGreaterThanOrEqual(ref.sizeBytes);
    }
  });

  it('never get a block that was not fetched for their swarm', async () => {
    const { gatewayUrl, ref } = await startSeed(MEBIBYTE / 2);
    const tracker = new Tracker();
    const owner = await startPeer({ gatewayUrl, originPeer: null, tracker });
    await owner.fetcher.fetchBlock(ref.cid, { swarm: ref.cid, signal: withoutLimit() });
    const secret = someBlock(9);
    await owner.store.put(secret.cid, secret.bytes); // in the store, but no part of a swarm
    const asker = await startPeer({ gatewayUrl, originPeer: null, tracker });
    const refused = new Promise<string>((resolve, reject) => {
      const ignore = () => {};
      const onBlock = () => reject(new Error('the block was served'));
      const events = { onHave: ignore, onOffer: ignore, onBlock, onActivity: ignore, onClose: ignore };
      asker.peerNode
        .openSession(owner.peerNode.node, ref.cid, { ...events, onRefuse: (_, reason) => resolve(reason) })
        .then((session) => session.get(1, secret.cid), reject);
    });
    expect(await refused).toBe('missing');
  });

  it('stop sharing what belonged to a swarm that they left', async () => {
    const { gatewayUrl, ref } = await startSeed(MEBIBYTE / 2);
    const tracker = new Tracker();
    const owner = await startPeer({ gatewayUrl, originPeer: null, tracker });
    await owner.fetcher.fetchBlock(ref.cid, { swarm: ref.cid, signal: withoutLimit() });
    owner.fetcher.leaveSwarm(ref.cid);
    expect(owner.fetcher.joinedSwarms()).toEqual([]);
    const late = await startPeer({ gatewayUrl, originPeer: null, tracker });
    await late.fetcher.fetchBlock(ref.cid, { swarm: ref.cid, signal: withoutLimit() });
    expect(late.fetcher.stats().fromPeersBytes).toBe(0);
  });
});

describe('the fallback', () => {
  it('fetches over HTTP when the seed cannot be reached', async () => {
    const { seed, gatewayUrl, ref, bytes } = await startSeed(2 * MEBIBYTE + 5);
    const { peerId } = seed.info().overlay;
    const originPeer = { peerId, addresses: ['/ip4/127.0.0.1/tcp/1'] };
    const { fetcher } = await startPeer({ gatewayUrl, originPeer, tracker: new Tracker() });
    await fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
    expect(fetcher.stats().fromOriginBytes).toBeGreaterThanOrEqual(ref.sizeBytes);
  });

  it('fetches through the overlay alone when the gateway cannot be reached', async () => {
    const { seed, ref, bytes } = await startSeed(2 * MEBIBYTE);
    const originPeer = seed.info().overlay;
    const { fetcher } = await startPeer({ gatewayUrl: NOWHERE, originPeer, tracker: new Tracker() });
    await fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    expect(rawCidOf(await fetcher.readFile(ref))).toBe(rawCidOf(bytes));
  });

  it('gives a documented error when nobody has a block, and obeys its signal when nobody answers', async () => {
    const { seed, gatewayUrl } = await startSeed(1000);
    const { cid } = someBlock(77);
    const tracker = new Tracker();
    const asked = await startPeer({ gatewayUrl, originPeer: seed.info().overlay, tracker });
    const failure = asked.fetcher.fetchBlock(cid, { swarm: cid, signal: withoutLimit() });
    await expect(failure).rejects.toMatchObject({ code: 'MH-BLK-003' });
    const alone = await startPeer({ gatewayUrl: NOWHERE, originPeer: null, tracker: new Tracker() });
    const stop = new AbortController();
    const aborted = alone.fetcher.fetchBlock(cid, { swarm: cid, signal: stop.signal });
    const reason = new Error('not wanted any more');
    stop.abort(reason);
    await expect(aborted).rejects.toBe(reason);
  });

  it('ends with the error of the store when the quota is too small', async () => {
    const { seed, gatewayUrl, ref } = await startSeed(3 * MEBIBYTE);
    const originPeer = seed.info().overlay;
    const { fetcher } = await startPeer({ gatewayUrl, originPeer, tracker: new Tracker(), quotaBytes: 2 * MEBIBYTE });
    const fetched = fetcher.fetchFile(ref, { swarm: ref.cid, signal: withoutLimit() });
    await expect(fetched).rejects.toMatchObject({ code: 'MH-BLK-005' });
  });
});
