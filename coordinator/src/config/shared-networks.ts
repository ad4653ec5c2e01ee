// Networks in which the computers of several volunteers are, so that each of them counts as independent of the others.
import { BlockList, isIP } from 'node:net';
import { bareHost, isLoopback } from '@manyhands/contract';
import type { CheckedOptions } from './options.js';

/** This computer: nobody else reaches a coordinator that listens there alone. */
const THIS_COMPUTER = ['127.0.0.0/8', '::1/128'];

type Options = Pick<CheckedOptions, 'host' | 'publicUrl' | 'sharedNetworks'> & {
  /** Proxies that others may come through. */
  readonly trustedProxies?: readonly string[];
};

export class SharedNetworks {
  /** As ADDRESS/BITS: those that the operator named, and this computer where only it can take part. */
  readonly names: readonly string[];
  /** Whether only this computer can take part. */
  readonly isLocal: boolean;
  private readonly blocks = new BlockList();

  constructor({ host, publicUrl, sharedNetworks, trustedProxies = [] }: Options) {
    this.isLocal = isLoopback(host) && publicUrl === undefined && trustedProxies.length === 0;
    this.names = [...sharedNetworks, ...(this.isLocal ? THIS_COMPUTER : [])];
    for (const name of this.names) {
      const [address = '', bits = ''] = name.split('/');
      this.blocks.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
    }
  }

  has(address: string): boolean {
    const plain = bareHost(address);
    const family = isIP(plain);
    return family !== 0 && this.blocks.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}
