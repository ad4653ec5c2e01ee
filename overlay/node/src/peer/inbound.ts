// Connections that come in over the overlay, shared out between networks: those whose handshake is under way apart from those of peers.
import type { ConnectionGater, MultiaddrConnection } from '@libp2p/interface';
import { networksOf, type Place, Places } from '@manyhands/foundation';

/** Handshakes under way at one time; the library ends each after ten seconds. */
const PENDING_MAXIMUM = 256;

type Gates = Required<Pick<ConnectionGater, 'denyInboundConnection' | 'denyInboundUpgradedConnection'>>;

/** What asks for a place at both steps. `maximum`: peers that may be connected by connections of theirs. */
export function inboundGates({ maximum }: { maximum: number }): Gates {
  const pending = new Places({ maximum: PENDING_MAXIMUM });
  const peers = new Places({ maximum });
  const pendingOf = new WeakMap<MultiaddrConnection, Place>();
  return {
    denyInboundConnection: (connection) => {
      const place = openPlace(pending, connection);
      if (place) pendingOf.set(connection, place);
      return place === undefined;
    },
    denyInboundUpgradedConnection: (_peer, connection) => {
      pendingOf.get(connection)?.close();
      const place = openPlace(peers, connection);
      connection.addEventListener('message', () => place?.touch());
      return place === undefined;
    },
  };
}

/** A place for as long as the connection is open. */
function openPlace(places: Places, connection: MultiaddrConnection): Place | undefined {
  const onLost = (): void => connection.abort(new Error('others need the place of this connection'));
  const place = places.open({ address: addressOf(connection), onLost });
  connection.addEventListener('close', () => place?.close());
  return place;
}

/** The network that a connection comes from, as places are shared out. */
export function networkOfConnection(connection: Pick<MultiaddrConnection, 'remoteAddr'>): string {
  return networksOf(addressOf(connection)).share;
}

function addressOf({ remoteAddr }: Pick<MultiaddrConnection, 'remoteAddr'>): string {
  return remoteAddr.getComponents()[0]?.value ?? '';
}
