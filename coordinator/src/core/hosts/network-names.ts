// Names for the networks that hosts come from: equal for addresses near one another, and of no use to whoever reads the database without the
// coordinator's key. They only tell whether two hosts are in the same network: a /24 of IPv4, a /48 of IPv6.
import { createHash, createHmac } from 'node:crypto';
import { type KeyPair, utf8Bytes } from '@manyhands/contract';
import { networksOf } from '@manyhands/foundation';

const NAME_CHARACTERS = 16;
/** So many of them make a number that is exact everywhere. */
const NUMBER_CHARACTERS = 12;
/** Of addresses that are none: they count as one network, so that nobody gains by hiding theirs. */
const NUMBER_OF_NONE = 1;

/** `number`: 0 where the computers of a network are independent of each other, so that each may have a vote. */
export type VoteNetwork = { readonly name: string; readonly number: number };

export class NetworkNames {
  private readonly secret: Buffer;

  constructor(
    { sign }: Pick<KeyPair, 'sign'>,
    private readonly isShared: (address: string) => boolean,
  ) {
    // The signature of a fixed text, which is never shown to anybody, is a secret that needs no file of its own.
    this.secret = createHash('sha256')
      .update(sign(utf8Bytes('manyhands: names of networks')))
      .digest();
  }

  /** The network of an address, for what votes and leases that run out are told apart by. */
  of(address: string): VoteNetwork {
    const name = this.nameOf(address);
    return { name, number: this.isShared(address) ? 0 : numberOf(name) };
  }

  /** Empty for what is no address. */
  private nameOf(address: string): string {
    const { site } = networksOf(address);
    return site === '' ? '' : createHmac('sha256', this.secret).update(site).digest('hex').slice(0, NAME_CHARACTERS);
  }
}

function numberOf(name: string): number {
  return name === '' ? NUMBER_OF_NONE : Number.parseInt(name.slice(0, NUMBER_CHARACTERS), 16) || NUMBER_OF_NONE;
}
