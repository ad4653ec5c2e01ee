// Uploads of checkpoints that announce 512 MiB, send ten bytes, and wait.
import type { Lease } from '@manyhands/contract';
import { indexesOf } from '../../bench/host-records.js';
import type { Attack, Siege } from '../attack.js';
import { joinPatiently, type SiegeHost } from '../patient-host.js';
import { tokenFor } from '../signed.js';
import { knock } from '../strangers.js';
import { hold } from './sockets.js';

const ANNOUNCED_BYTES = 512 * 2 ** 20;
const HOSTS = 8;
const AGAIN_MS = 2000;

type Liar = { host: SiegeHost; lease: Lease };

export const announcedBytes: Attack = {
  name: 'announced-bytes',
  about: 'checkpoints that announce 512 MiB and send ten bytes',
  async run(siege) {
    const uploads = Math.max(1, Math.floor(siege.socketsMaximum / HOSTS));
    await Promise.all(
      Array.from({ length: HOSTS }, async (_, number) => {
        const liar = await liarAt(siege, number);
        if (liar) await hold(siege, uploads, () => announce(siege, liar, number));
      }),
    );
  },
};

/** A host with a lease, which alone may send a checkpoint. */
async function liarAt(siege: Siege, number: number): Promise<Liar | null> {
  const options = { localAddress: siege.addressOf(number) };
  const host = await joinPatiently(siege.target, options, () => siege.isOver());
  while (host !== null && !siege.isOver()) {
    const [lease] = await host.lease(siege.target.crewProjectId, 1);
    if (lease) return { host, lease };
    await siege.pause(AGAIN_MS);
  }
  return null;
}

function announce(siege: Siege, { host, lease }: Liar, number: number): ReturnType<typeof knock> {
  const { coordinatorId, url } = siege.target;
  const path = `/api/v1/leases/${lease.leaseId}/units/${indexesOf(lease)[0]}/checkpoint`;
  const signer = { coordinatorId, key: host.key };
  const token = tokenFor({ method: 'PUT', path, body: new Uint8Array(10) }, signer);
  const lines = ['host: x', 'content-type: application/octet-stream', `content-length: ${ANNOUNCED_BYTES}`];
  const head = [`PUT ${path} HTTP/1.1`, ...lines, `authorization: ${token}`].join('\r\n');
  return knock(siege.at(url, number), `${head}\r\n\r\nten bytes.`);
}
