// The connections of an HTTP server, shared out between the networks that they come from: each is a place, and gives way when others need it.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Place, Places } from './admission.js';
import type { Callers } from './callers.js';

/** Connections above the bound for the moment in which others are being closed; beyond them the system itself refuses. */
const CLOSING_MAXIMUM = 1000;

/** Connections that the system keeps for a server until they are accepted, one in each pass of the event loop; Linux takes no more than net.core.somaxconn. */
export const LISTEN_BACKLOG = 4096;

export class ServerPlaces {
  private readonly places: Places;
  private readonly placeOf = new WeakMap<Duplex, Place>();

  /** Begins at once; nothing else may set `maxConnections` of the server. */
  constructor(
    server: Server,
    { maximum }: { maximum: number },
    private readonly callers: Callers,
  ) {
    this.places = new Places({ maximum });
    server.maxConnections = maximum + CLOSING_MAXIMUM;
    server.on('connection', (socket: Socket) => this.admit(socket));
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.note(request);
      response.once('close', () => this.touch(request.socket));
    });
  }

  /** Bytes came or went. */
  touch(socket: Duplex): void {
    this.placeOf.get(socket)?.touch();
  }

  /** Who is at the other end has proved a key. */
  prove(socket: Duplex): void {
    this.placeOf.get(socket)?.prove();
  }

  /** A call: its connection lives, and it may say on whose behalf a proxy makes it. Of upgrades, their handler must tell this. */
  note(request: IncomingMessage): void {
    const place = this.placeOf.get(request.socket);
    place?.touch();
    place?.moveTo(this.callers.of(request));
  }

  private admit(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const place = this.places.open({ address, onLost: () => socket.destroy() });
    if (!place) {
      socket.destroy();
      return;
    }
    this.placeOf.set(socket, place);
    if (this.callers.isExempt(address)) place.prove();
    socket.once('close', () => place.close());
  }
}
