// Networks as people write them: ADDRESS/BITS.
import { isIP } from 'node:net';

const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** Whether a text is ADDRESS/BITS. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? IPV4_BITS : IPV6_BITS);
}
