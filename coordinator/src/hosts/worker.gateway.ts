// The workers' WebSocket: accepts connections within bounds, watches that they live, closes them when the coordinator stops.
import type { IncomingMessage } from 'node:http';
import { FRAME_MAXIMUM_BYTES, isLoopback } from '@manyhands/contract';
import { type BeforeApplicationShutdown, Inject, Logger } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { CORE_OPTIONS, type CoreOptions, SEED_PORT, type SeedPort } from '../core-ports.js';
import { Newcomers } from '../http/domain/newcomers.js';
import { Connections } from './connections.js';
import { HandshakeBounds } from './domain/handshake-bounds.js';
import type { Refusal } from './handshake.js';
import { HostsService } from './hosts.service.js';
import { MessageHandlers } from './message-handlers.js';
import { NetworkNames, originOf } from './network-names.js';
import { WorkerSession } from './worker-session.js';

export const CONNECTIONS_MAXIMUM = 20_000;
const TURNED_AWAY_MS = 15_000;
/** A socket that is turned away has so long to hear it. */
const LINGER_MS = 2000;
const PING_INTERVAL_MS = 30_000;
const GOING_AWAY = 1001;

@WebSocketGateway({ path: '/api/v1/worker', maxPayload: FRAME_MAXIMUM_BYTES, perMessageDeflate: false })
export class WorkerGateway implements OnGatewayConnection<WebSocket>, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkerGateway.name);
  private readonly sessions = new Map<WebSocket, WorkerSession>();
  private readonly silent = new Set<WebSocket>();
  private readonly pingTimer: NodeJS.Timeout;
  private readonly bounds = new HandshakeBounds();
  private readonly newcomers = new Newcomers();
  private readonly networks: NetworkNames;
  private isStopping = false;

  constructor(
    private readonly hosts: HostsService,
    private readonly connections: Connections,
    private readonly handlers: MessageHandlers,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(SEED_PORT) private readonly seed: SeedPort,
  ) {
    this.networks = new NetworkNames(options.keyPair, options.isSharedNetwork);
    this.pingTimer = setInterval(() => this.ping(), PING_INTERVAL_MS);
    this.pingTimer.unref();
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const { options, hosts, connections, handlers, seed } = this;
    const onFault = (error: unknown): void => this.logger.error(error instanceof Error ? error.stack : String(error));
    const address = request.socket.remoteAddress ?? '';
    const begun = this.begin(address);
    const isBegun = 'end' in begun;
    const onSettled = (): void => {
      if (isBegun) begun.end();
    };
    const mayBeNew = (): boolean => this.newcomers.admit(address, options.nowMs());
    const forwardedFor = request.headers['x-forwarded-for']?.toString();
    const network = this.networks.of(originOf(address, isLoopback(address), forwardedFor));
    const dependencies = { options, hosts, connections, handlers, seed, onFault, onSettled, mayBeNew, network };
    const session = new WorkerSession(socket, dependencies);
    if (!isBegun) this.turnAway(socket, session, begun);
    this.sessions.set(socket, session);
    socket.on('pong', () => this.silent.delete(socket));
    socket.once('close', () => {
      this.sessions.delete(socket);
      this.silent.delete(socket);
    });
  }

  /** Says goodbye to all hosts: they keep their leases and come back with jitter. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.pingTimer);
    for (const socket of this.sessions.keys()) socket.close(GOING_AWAY, 'the coordinator stops');
  }

  private begin(address: string): { end(): void } | Refusal {
    if (this.isStopping) return { code: 'MH-WIR-007', message: 'The coordinator is about to stop.' };
    if (this.sessions.size >= CONNECTIONS_MAXIMUM)
      return {
        code: 'MH-WIR-004',
        message: `The coordinator has ${CONNECTIONS_MAXIMUM} connections, as many as it takes.`,
      };
    return this.bounds.begin(address, this.options.nowMs());
  }

  private turnAway(socket: WebSocket, session: WorkerSession, refusal: Refusal): void {
    session.turnAway(refusal, TURNED_AWAY_MS);
    const timer = setTimeout(() => socket.terminate(), LINGER_MS);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  /** Ends connections that did not answer the last ping, and pings the others. */
  private ping(): void {
    for (const socket of this.sessions.keys()) {
      if (this.silent.has(socket)) socket.terminate();
      else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }
}
