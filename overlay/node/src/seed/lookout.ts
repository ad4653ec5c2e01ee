// The node by which a coordinator looks whether others are where they say. It has a key of its own, so that nobody takes its short connections for the seed's.
import type { Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { tls } from '@libp2p/tls';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { dialPlaceOf } from '../peer/addresses.js';

/** Who asks waits; a node that is there answers in a moment. */
const LOOK_TIMEOUT_MS = 4_000;

export class Lookout {
  private node: Promise<Libp2p> | undefined;

  /** Whether the node with this peer id answers at this multiaddress now. Makes one connection and ends it. */
  async answersAt(peerId: string, address: string): Promise<boolean> {
    try {
      this.node ??= startNode();
      const target = multiaddr(`${address}/p2p/${peerId}`);
      const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
      const connection = await (await this.node).dial(target, { signal, force: true });
      // Two looks for one peer id at a time share what one of them found.
      const [there, asked] = [dialPlaceOf(connection.remoteAddr), dialPlaceOf(target)];
      connection.close({ signal }).catch((error: Error) => connection.abort(error));
      return there.host === asked.host && there.port === asked.port;
    } catch {
      return false;
    }
  }
}

function startNode(): Promise<Libp2p> {
  return createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [tls(), noise()],
    streamMuxers: [yamux()],
  });
}
