// Names for the networks that hosts come from: equal for addresses near one another, and of no use to whoever reads the database without the
// coordinator's key. They only tell whether two hosts are in the same network.
import { createHash, createHmac } from 'node:crypto';
import { type KeyPair, utf8Bytes } from '@manyhands/contract';
import { networksOf } from '@manyhands/foundation';

const NAME_CHARACTERS = 16;

export class NetworkNames {
  private readonly secret: Buffer;

  constructor({ sign }: Pick<KeyPair, 'sign'>) {
    // The signature of a fixed text, which is never shown to anybody, is a secret that needs no file of its own.
    this.secret = createHash('sha256')
      .update(sign(utf8Bytes('manyhands: names of networks')))
      .digest();
  }

  /** Empty for what is no address. */
  nameOf(address: string): string {
    const { site } = networksOf(address);
    return site === '' ? '' : createHmac('sha256', this.secret).update(site).digest('hex').slice(0, NAME_CHARACTERS);
  }
}
