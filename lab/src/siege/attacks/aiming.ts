// Hosts that announce the address of somebody else, so that workers and the coordinator connect to it.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Cid, seal } from '@manyhands/contract';
import type { Attack, Siege } from '../attack.js';
import { joinPatiently, type SiegeHost } from '../patient-host.js';
import { WORKER_ADDRESSES } from '../sources.js';

const HOSTS = 40;
const ANNOUNCE_MS = 2000;
const AGAIN_MS = 500;
const MINUTE_MS = 60_000;
/** The head of a multihash that holds an Ed25519 key itself: what a peer id is. */
const PEER_ID_HEAD = Buffer.from('002408011220', 'hex');
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const COUNT = 'victim connections in a minute';

export const aiming: Attack = {
  name: 'aiming',
  about: 'hosts that announce the address of a victim, some of them from the address of a worker',
  async run(siege) {
    const victims = await Promise.all(WORKER_ADDRESSES.map((address) => victimOn(siege, address)));
    const aim: Aim = { swarm: null, victims };
    const numbers = Array.from({ length: HOSTS }, (_, number) => number);
    await Promise.all([spy(siege, aim), ...numbers.map((number) => aimFrom(siege, number, aim))]);
  },
};

type Aim = { swarm: Cid | null; readonly victims: readonly string[] };

/** A socket that counts who comes and says nothing; its place as overlay addresses name it. */
async function victimOn(siege: Siege, address: string): Promise<string> {
  const timesMs: number[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.destroy();
    timesMs.push(performance.now());
    const inMinute = timesMs.filter((timeMs) => timeMs > performance.now() - MINUTE_MS).length;
    siege.notes[COUNT] = Math.max(siege.notes[COUNT] ?? 0, inMinute);
  });
  server.listen(0, address);
  await once(server, 'listening');
  siege.note(COUNT, 0);
  return `/ip4/${address}/tcp/${(server.address() as AddressInfo).port}`;
}

/** Learns what the workers exchange, by a lease that goes back at once: more would only keep the batch. */
async function spy(siege: Siege, aim: Aim): Promise<void> {
  const host = await joinPatiently(siege.target, { localAddress: siege.addressOf(0) }, () => siege.isOver());
  while (host?.isOpen && !siege.isOver()) {
    const [lease] = await host.lease(siege.target.honestProjectId, 1);
    if (lease) {
      aim.swarm = lease.manifestCid;
      await host.ask({ t: 'lease.return', leaseId: lease.leaseId, ranges: lease.ranges, code: null });
      return;
    }
    await siege.pause(AGAIN_MS);
  }
}

async function aimFrom(siege: Siege, number: number, aim: Aim): Promise<void> {
  // Addresses of loopback are told only to those who come from the same one: every other host stands where a worker stands.
  const own = siege.addressOf(number);
  const localAddress = number % 2 === 0 ? own : (WORKER_ADDRESSES[(number >> 1) % 2] ?? own);
  while (!siege.isOver()) {
    const host = await joinPatiently(siege.target, { localAddress }, () => siege.isOver());
    if (host) await announceAgain(siege, host, aim).catch(() => siege.note('ended'));
    host?.close();
  }
}

/** Each time as somebody else. */
async function announceAgain(siege: Siege, host: SiegeHost, aim: Aim): Promise<void> {
  while (!siege.isOver()) {
    const { swarm, victims } = aim;
    if (swarm !== null && siege.mayGoOn()) await announce(siege, host, { swarm, victims });
    await siege.pause(aim.swarm === null ? AGAIN_MS : ANNOUNCE_MS);
  }
}

type Shot = { swarm: Cid; victims: readonly string[] };

async function announce(siege: Siege, host: SiegeHost, { swarm, victims }: Shot): Promise<void> {
  const { coordinatorId } = siege.target;
  const record = { version: 1, sequence: Date.now(), peerId: somePeerId(), addresses: [...victims] };
  const envelope = new Uint8Array(seal(record, { type: 'overlay-record', coordinatorId }, host.key));
  const answer = await host.ask({ t: 'overlay.announce', envelope, swarms: [swarm] });
  siege.note(answer.t === 'error' ? answer.code : 'announced');
}

function somePeerId(): string {
  let value = BigInt(`0x${Buffer.concat([PEER_ID_HEAD, randomBytes(32)]).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = BASE58[Number(value % 58n)] + text;
  return `1${text}`; // for the zero at its head
}
