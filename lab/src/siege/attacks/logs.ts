// What makes a coordinator write into its log: calls that end in the middle, bodies that are none, failures in control characters.
import type { FailureItem } from '@manyhands/contract';
import { indexesOf } from '../../bench/host-records.js';
import type { Attack, Siege } from '../attack.js';
import { joinPatiently } from '../patient-host.js';
import { callFrom, knock } from '../strangers.js';
import { UPGRADE } from './sockets.js';

const LANES = 16;
const AGAIN_MS = 2000;
const BEGUN =
  'POST /api/v1/projects HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"a';
const BEGINNINGS = [UPGRADE, BEGUN, BEGUN.slice(0, 30), '\u0016\u0003\u0001 no HTTP at all\r\n\r\n'];
const CONTROL = '\u001b[2J\u001b]0;title\u0007\r\n{"level":60,"msg":"forged"}\n\u0000\u202e';
const WORDS = { exitCode: 1, message: CONTROL, stderrTail: CONTROL.repeat(20) };

export const logs: Attack = {
  name: 'logs',
  about: 'calls and connections that end in the middle, failures in control characters',
  async run(siege) {
    await Promise.all([siege.lanes(LANES, (index) => abort(siege, index)), fail(siege)]);
  },
};

async function abort(siege: Siege, index: number): Promise<void> {
  const { url, gatewayUrl, seedUrl } = siege.target;
  if (index % 5 === 4) {
    const place = siege.at(`${url}/api/v1/projects`, index);
    const { status } = await callFrom(place, { method: 'POST', bytes: Buffer.from(CONTROL) });
    siege.note(`status ${status}`);
    return;
  }
  const places = [url, url, url, gatewayUrl, seedUrl];
  const socket = await knock(siege.at(places[index % places.length] ?? url, index), BEGINNINGS[index % 4]);
  await siege.pause(10);
  socket?.resetAndDestroy();
}

/** One host whose units all fail in words that no log should show. */
async function fail(siege: Siege): Promise<void> {
  const host = await joinPatiently(siege.target, { localAddress: siege.addressOf(0) }, () => siege.isOver());
  while (host?.isOpen && !siege.isOver()) {
    const leases = await host.lease(siege.target.crewProjectId, 1);
    if (leases.length === 0) await siege.pause(AGAIN_MS);
    for (const lease of leases) {
      siege.mayGoOn();
      await host.report(lease, { failures: indexesOf(lease).map(failureOf) });
    }
  }
}

function failureOf(index: number): FailureItem {
  const facts = { elapsedMs: 1, fuel: 0, markCount: 0, chainRoot: null };
  return { index, kind: 'host-failure', code: 'MH-HOST-003', ...WORDS, ...facts };
}
