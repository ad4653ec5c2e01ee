// Connections that say nothing, or stop in the middle: WebSockets, the block gateway, the overlay's seed, bodies of calls.
import type { Socket } from 'node:net';
import type { Attack, Siege } from '../attack.js';
import { knock } from '../strangers.js';

const KEPT_ALIVE = 'HEAD / HTTP/1.1\r\nhost: x\r\n\r\n';
const BODY_BYTES = 4 * 2 ** 20;
/** Stalled bodies are few: each is almost whole. */
const BODIES = 16;
const AGAIN_MS = 250;

export const UPGRADE = [
  'GET /api/v1/worker HTTP/1.1',
  'host: x',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
  '\r\n',
].join('\r\n');

export const sockets: Attack = {
  name: 'sockets',
  about: 'idle WebSockets, idle connections at the gateway, silent ones at the seed, stalled bodies',
  async run(siege) {
    const { url, gatewayUrl, seedUrl } = siege.target;
    const each = Math.max(1, Math.floor(siege.socketsMaximum / 3));
    const words = `POST /api/v1/projects HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`;
    const body = Buffer.alloc(words.length + BODY_BYTES - 1, 'a');
    body.write(words);
    await Promise.all([
      hold(siege, each, (index) => knock(siege.at(url, index), UPGRADE)),
      hold(siege, each, (index) => knock(siege.at(gatewayUrl, index), KEPT_ALIVE)),
      hold(siege, each, (index) => knock(siege.at(seedUrl, index))),
      hold(siege, BODIES, (index) => knock(siege.at(url, index), body)),
    ]);
  },
};

/** Keeps so many connections open; each that the other side ends is opened again. */
export async function hold(
  siege: Siege,
  count: number,
  open: (index: number) => Promise<Socket | null>,
): Promise<void> {
  await siege.lanes(count, async (index) => {
    const socket = await open(index);
    if (socket === null) siege.note('refused');
    else if (!socket.destroyed) {
      await new Promise((resolve) => socket.once('close', resolve));
      siege.note('ended');
    }
    await siege.pause(AGAIN_MS);
  });
}
