// Lists of addresses and ranges, as in `127.0.0.1, 10.0.0.0/8, fd00::/8`.
import { BlockList, isIP } from 'node:net';
import { bareHost, ManyhandsError } from '@manyhands/contract';

const BITS = { 4: 32, 6: 128 } as const;

export type AddressRanges = {
  readonly isEmpty: boolean;
  /** Also of an IPv4 address that a socket of both families shows as one of IPv6. */
  has(address: string): boolean;
};

/** Reads a list of addresses and ranges. `option`: how people know it. Throws MH-GEN-009. */
export function addressRanges(texts: readonly string[], option: string): AddressRanges {
  const list = new BlockList();
  for (const text of texts) add(list, text.trim(), option);
  return { isEmpty: texts.length === 0, has: (address) => isIn(list, address) };
}

function add(list: BlockList, text: string, option: string): void {
  const [, host = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = bareHost(host);
  const family = isIP(address);
  const most = family === 4 || family === 6 ? BITS[family] : 0;
  const bits = digits === undefined ? most : Number(digits);
  if (most === 0 || bits > most)
    throw new ManyhandsError('MH-GEN-009', {
      message: `${option} must be addresses or ranges, as in 127.0.0.1, 10.0.0.0/8 or fd00::/8, not "${text}".`,
    });
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
}

function isIn(list: BlockList, address: string): boolean {
  const bare = bareHost(address);
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
