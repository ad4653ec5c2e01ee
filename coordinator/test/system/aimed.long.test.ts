// Nobody is aimed at a victim: addresses are told to hosts that need them, and only where their host is.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Cid, type OverlayNode, reachOf, seal } from '@manyhands/contract';
import { startPeerNode } from '@manyhands/overlay-node';
import { atEnd, somePeerId } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { scene } from '../support/scene.js';
import { TestHost } from '../support/test-host.js';

const HERE = '127.0.0.1';
const ANN = somePeerId();
/** Within what a host may ask in a minute. */
const SELDOM = { interval: 1000 };
/** An address of this machine that others could reach. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal, address }) => family === 'IPv4' && !internal && reachOf(address) === 'public')?.address;

/** A batch of which many hosts can hold a lease, and the way to announce and find. */
async function swarmOf(options: Parameters<typeof scene>[1] = {}) {
  const { coordinator } = await scene(100, options);
  const url = `http://${HERE}:${new URL(coordinator.url).port}`;
  const target = { url, coordinatorId: coordinator.coordinatorId };
  /** `from`: the address that it connects from. */
  const holder = async (from = HERE): Promise<{ host: TestHost; swarm: Cid }> => {
    const host = await TestHost.join(target, { localAddress: from });
    const [lease] = await host.lease(1);
    if (!lease) throw new Error('no lease');
    return { host, swarm: lease.manifestCid };
  };
  return { target, holder };
}

function announce(host: TestHost, swarm: Cid, { peerId, addresses }: OverlayNode) {
  const context = { type: 'overlay-record', coordinatorId: host.target.coordinatorId } as const;
  const record = { version: 1, sequence: Date.now(), peerId, addresses };
  const envelope = new Uint8Array(seal(record, context, host.key));
  return host.ask({ t: 'overlay.announce', envelope, swarms: [swarm] });
}

async function found(host: TestHost, swarm: Cid): Promise<OverlayNode[]> {
  const answer = await host.ask({ t: 'overlay.find', swarm });
  if (answer.t !== 'overlay.peers') throw new Error(JSON.stringify(answer));
  return answer.peers;
}

/** A socket that counts who comes, and says nothing. */
async function victimOn(host: string): Promise<{ port: number; count(): number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {});
    socket.destroy();
  });
  server.listen(0, host);
  await once(server, 'listening');
  atEnd(() => void server.close());
  return { port: (server.address() as AddressInfo).port, count: () => count };
}

async function nodeOn(host: string, word: string) {
  const store = { get: async () => undefined, sizeOf: () => undefined };
  const where = { listenHosts: [host], listenPort: 0, announceHosts: [] };
  const node = await startPeerNode({ keySeed: keyOf(word).publicKey, role: 'worker', ...where }, { store });
  atEnd(() => node.stop());
  return node;
}

test('addresses are told to hosts that hold a lease of that manifest, and to no others', async () => {
  const { target, holder } = await swarmOf();
  const { host: ann, swarm } = await holder();
  await announce(ann, swarm, { peerId: ANN, addresses: [`/ip4/${HERE}/tcp/9`] });
  const stranger = await TestHost.join(target);
  expect(await stranger.ask({ t: 'overlay.find', swarm })).toMatchObject({ t: 'error', code: 'MH-LSE-001' });
  const { host: bob } = await holder();
  expect(await found(bob, swarm)).toEqual([{ peerId: ANN, addresses: [`/ip4/${HERE}/tcp/9`] }]);
  const other = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' as Cid;
  expect(await bob.ask({ t: 'overlay.find', swarm: other })).toMatchObject({ t: 'error', code: 'MH-LSE-001' });
  // One that has ended is none.
  const { host: carl } = await holder();
  await carl.ask({ t: 'leave' });
  expect(await carl.ask({ t: 'overlay.find', swarm })).toMatchObject({ t: 'error', code: 'MH-LSE-001' });
});

test('addresses elsewhere, of names and of no machine are passed on to nobody', async () => {
  const { holder } = await swarmOf();
  const { host: ann, swarm } = await holder();
  const elsewhere = ['/ip4/198.51.100.9/tcp/80', '/ip6/2001:db8::9/tcp/80', '/ip4/10.0.0.9/tcp/80'];
  const odd = [
    '/dns4/localhost/tcp/80',
    '/dns/victim.example/tcp/80',
    '/ip4/0.0.0.0/tcp/80',
    '/ip6/::ffff:7f00:1/tcp/80',
  ];
  await announce(ann, swarm, {
    peerId: ANN,
    addresses: [...odd, ...elsewhere.slice(0, 2), `/ip4/${HERE}/tcp/9`],
  });
  const { host: bob } = await holder();
  expect(await found(bob, swarm)).toEqual([{ peerId: ANN, addresses: [`/ip4/${HERE}/tcp/9`] }]);
  // Loopback addresses are for those who come from the same one.
  const { host: carl } = await holder('127.0.0.2');
  expect(await found(carl, swarm)).toEqual([]);
});

test('forty hosts that name one socket: two are told of it, and the coordinator looks once; a host that is where it says is told to all', async () => {
  const { holder } = await swarmOf();
  const victim = await victimOn(HERE);
  const askers = await Promise.all(Array.from({ length: 6 }, () => holder()));
  const swarm = askers[0]?.swarm as Cid;
  const named = Array.from({ length: 8 }, (_, number) => `/ip4/127.0.0.${number + 1}/tcp/${victim.port}`);
  const aimed = new Set<string>();
  for (let number = 1; number <= 40; number++) {
    const { host } = await holder();
    const peerId = somePeerId();
    aimed.add(peerId);
    await announce(host, swarm, { peerId, addresses: named });
  }
  const honest = await nodeOn(HERE, 'honest');
  const { host } = await holder();
  await announce(host, swarm, honest.node);
  let timesTold = 0;
  for (const asker of askers) {
    const peers = await found(asker.host, swarm);
    timesTold += peers.flatMap(({ peerId, addresses }) => (aimed.has(peerId) ? addresses : [])).length;
  }
  for (const { host: asker } of askers) {
    await expect
      .poll(async () => (await found(asker, swarm)).some(({ peerId }) => peerId === honest.node.peerId), SELDOM)
      .toBe(true);
  }
  expect(timesTold).toBeLessThanOrEqual(2);
  expect(victim.count()).toBeLessThanOrEqual(1);
});

test.runIf(outside)(
  'a host that comes from another address than it announces is passed on once its key answered there',
  async () => {
    const address = outside as string;
    const { holder } = await swarmOf({ host: '0.0.0.0' });
    const { host: asker, swarm } = await holder();
    // It comes from loopback, and its node listens on an address of the machine.
    const honest = await nodeOn(address, 'honest');
    const { host } = await holder();
    await announce(host, swarm, honest.node);
    // Another names the socket of somebody else.
    const victim = await victimOn(address);
    const { host: liar } = await holder();
    await announce(liar, swarm, { peerId: somePeerId(), addresses: [`/ip4/${address}/tcp/${victim.port}`] });
    await expect.poll(() => found(asker, swarm), SELDOM).toEqual([honest.node]);
    expect(victim.count()).toBeLessThanOrEqual(1);
  },
);
