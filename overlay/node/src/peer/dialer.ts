// Connects to peers: to few of their addresses, one after the other, and never often to one target, whatever strangers announce.
import type { Connection, Libp2p } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import type { OverlayNode } from '@manyhands/contract';
import type { Multiaddr } from '@multiformats/multiaddr';
import { dialableAddresses, dialPlaceOf, isForStrangers, isReachableFrom } from './addresses.js';
import { DIALS_TO_ONE_TARGET_MAXIMUM, DialBudget } from './dial-budget.js';

const DIAL_TIMEOUT_MS = 10_000;

/** A node to connect to. `isOrigin`: the coordinator's own, as the coordinator named it. */
export type Contact = OverlayNode & { readonly isOrigin?: boolean };
export type DialerOptions = {
  /** Where connections come from; null: any address of this machine. */
  localAddress: string | null;
  /** Whether this node expects peers on this machine itself. */
  listensOnLoopback: boolean;
};

export class Dialer {
  private readonly underWay = new Map<string, Promise<Connection>>();
  private readonly budget = new DialBudget();
  /** The origin's own, so that nobody who names its address keeps this node from it. */
  private readonly originBudget = new DialBudget({ vainAtPlaceMaximum: DIALS_TO_ONE_TARGET_MAXIMUM });

  constructor(
    private readonly options: DialerOptions,
    private readonly libp2p: Libp2p,
  ) {}

  /** The connection that there is, or a new one. Rejects when the peer cannot be reached, or not now. */
  async connect(contact: Contact): Promise<Connection> {
    const [connected] = this.libp2p.getConnections(peerIdFromString(contact.peerId));
    if (connected) return connected;
    const known = this.underWay.get(contact.peerId);
    if (known) return known;
    const dial = this.dial(contact).finally(() => this.underWay.delete(contact.peerId));
    this.underWay.set(contact.peerId, dial);
    return dial;
  }

  private async dial(contact: Contact): Promise<Connection> {
    const signal = AbortSignal.timeout(DIAL_TIMEOUT_MS);
    const budget = contact.isOrigin ? this.originBudget : this.budget;
    let cause: unknown;
    for (const address of this.addressesOf(contact)) {
      const attempt = budget.begin(dialPlaceOf(address), performance.now());
      if (!attempt) continue;
      try {
        const connection = await this.libp2p.dial(address, { signal });
        attempt.isFound = true;
        return connection;
      } catch (error) {
        cause = error;
      }
      if (signal.aborted) break;
    }
    throw new Error(`${contact.peerId} cannot be reached now`, { cause });
  }

  private addressesOf(contact: Contact): Multiaddr[] {
    return dialableAddresses(contact).filter((address) => {
      const { host } = dialPlaceOf(address);
      const isAllowed = contact.isOrigin || isForStrangers(host, this.options);
      return isAllowed && isReachableFrom(this.options.localAddress, host);
    });
  }
}
