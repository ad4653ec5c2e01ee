// The workers' WebSocket: accepts connections within bounds, watches that they live, closes them when the coordinator stops.
import type { IncomingMessage } from 'node:http';
import { FRAME_MAXIMUM_BYTES } from '@manyhands/contract';
import { later, type Place } from '@manyhands/foundation';
import { type BeforeApplicationShutdown, Inject, Logger } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { Admission } from '../admission/admission.js';
import { Connections } from '../core/connections/connections.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { NetworkNames } from '../core/hosts/network-names.js';
import { CORE_OPTIONS, type CoreOptions } from '../core/ports/options.js';
import { SEED_PORT, type SeedPort } from '../core/ports/seed.js';
import type { Refusal } from './handshake.js';
import { MessageHandlers } from './message-handlers.js';
import { WorkerSession } from './worker-session.js';

/** Who is turned away comes again after once to twice this. */
const TURNED_AWAY_MS = 10_000;
/** A socket that is turned away has so long to hear it. */
const LINGER_MS = 2000;
const PING_INTERVAL_MS = 30_000;
const GOING_AWAY = 1001;

const STOPPING: Refusal = { code: 'MH-WIR-007', message: 'The coordinator is about to stop.' };
const TOO_OFTEN: Refusal = { code: 'MH-GEN-012', message: 'Too many connections come from this network.' };
const FULL: Refusal = { code: 'MH-WIR-004', message: 'The coordinator has as many connections as it takes.' };
const CROWDED: Refusal = {
  code: 'MH-WIR-004',
  message: 'Too many workers connect at one time, most of them from this network.',
};

@WebSocketGateway({ path: '/api/v1/worker', maxPayload: FRAME_MAXIMUM_BYTES, perMessageDeflate: false })
export class WorkerGateway implements OnGatewayConnection<WebSocket>, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkerGateway.name);
  private readonly sockets = new Set<WebSocket>();
  private readonly silent = new Set<WebSocket>();
  private readonly pingTimer: NodeJS.Timeout;
  private readonly networks: NetworkNames;
  private isStopping = false;

  constructor(
    private readonly hosts: HostsService,
    private readonly connections: Connections,
    private readonly handlers: MessageHandlers,
    private readonly admission: Admission,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(SEED_PORT) private readonly seed: SeedPort,
  ) {
    this.networks = new NetworkNames(options.keyPair, options.isSharedNetwork);
    this.pingTimer = setInterval(() => this.ping(), PING_INTERVAL_MS);
    this.pingTimer.unref();
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const { admission } = this;
    admission.noteUpgrade(request);
    const address = admission.callers.of(request);
    // Of the call nothing more is kept, which would be some kilobytes for each worker.
    const { socket: line } = request;
    let place: Place | undefined;
    const session = this.sessionOf(socket, address, {
      onProgress: () => place?.touch(),
      onOpen: () => {
        place?.prove();
        admission.prove({ socket: line });
      },
    });
    this.watch(socket);
    const { refusal, retryAfterMs = later(TURNED_AWAY_MS, Math.random()) } = this.refusalOf(address);
    if (refusal) {
      this.turnAway(socket, session, { refusal, retryAfterMs });
      return;
    }
    const turnAway = (why: Refusal): void => this.turnAway(socket, session, { refusal: why, retryAfterMs });
    place = admission.sessions.open({ address, onLost: () => turnAway(CROWDED) });
    if (!place) turnAway(FULL);
    else if (admission.callers.isExempt(address)) place.prove();
    socket.once('close', () => place?.close());
  }

  /** Says goodbye to all hosts: they keep their leases and come back with jitter. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.pingTimer);
    for (const socket of this.sockets) socket.close(GOING_AWAY, 'the coordinator stops');
  }

  private sessionOf(socket: WebSocket, address: string, place: { onProgress(): void; onOpen(): void }): WorkerSession {
    const { options, hosts, connections, handlers, seed, admission } = this;
    return new WorkerSession(socket, {
      ...{ options, hosts, connections, handlers, seed },
      ...place,
      onFault: (error) => this.logger.error(error instanceof Error ? error.stack : String(error)),
      origin: address,
      network: this.networks.of(address),
      arrivalWaitMs: (isKnown) => admission.arrival(address, { isKnown }),
    });
  }

  private watch(socket: WebSocket): void {
    this.sockets.add(socket);
    socket.on('pong', () => this.silent.delete(socket));
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.silent.delete(socket);
    });
  }

  private refusalOf(address: string): { refusal?: Refusal; retryAfterMs?: number } {
    if (this.isStopping) return { refusal: STOPPING };
    const retryAfterMs = this.admission.handshake(address);
    return retryAfterMs > 0 ? { refusal: TOO_OFTEN, retryAfterMs } : {};
  }

  private turnAway(
    socket: WebSocket,
    session: WorkerSession,
    { refusal, retryAfterMs }: { refusal: Refusal; retryAfterMs: number },
  ): void {
    session.turnAway(refusal, retryAfterMs);
    const timer = setTimeout(() => socket.terminate(), LINGER_MS);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  /** Ends connections that did not answer the last ping, and pings the others. */
  private ping(): void {
    for (const socket of this.sockets) {
      if (this.silent.has(socket)) socket.terminate();
      else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }
}
