// Callers who name others in the headers of proxies, so as to be counted as somebody else: calls and handshakes.
import type { Attack } from '../attack.js';
import { SiegeHost } from '../patient-host.js';
import { callFrom } from '../strangers.js';

const LANES = 32;

export const forgedHeaders: Attack = {
  name: 'forged-headers',
  about: 'calls and handshakes with forged headers of proxies, each with another address',
  async run(siege) {
    const { url } = siege.target;
    await siege.lanes(LANES, async (index) => {
      const headers = headersOf(index);
      if (index % 4 === 0) {
        const host = new SiegeHost(siege.target, { localAddress: siege.addressOf(index), headers });
        siege.note((await host.tryJoin())?.t ?? 'cut off');
        host.close();
      } else {
        const { status } = await callFrom(siege.at(`${url}/api/v1/coordinator`, index), { headers });
        siege.note(`status ${status}`);
      }
    });
  },
};

function headersOf(index: number): Record<string, string> {
  const address = `198.${18 + (index % 2)}.${Math.floor(index / 2) % 256}.${Math.floor(index / 512) % 256}`;
  return { 'x-forwarded-for': `${address}, 192.0.2.1`, forwarded: `for=${address}`, 'x-real-ip': address };
}
