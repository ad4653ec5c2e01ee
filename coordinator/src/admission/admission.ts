// Who may do what now, and who is to come later: the one instance that all listeners of this process ask. See SPEC.md.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Arrivals, Callers, later, NetworkBudget, Places, ServerPlaces } from '@manyhands/foundation';
import type { CheckedOptions } from '../config/options.js';
import { type CallKind, heldBackMs } from './domain/call-kinds.js';
import { EventLoop } from './event-loop.js';

/** A second's worth of calls may come at once this many times over: a page loads many things. */
const CALLS_BURST_SECONDS = 10;
/** The same for handshakes of all workers: they come together when a coordinator comes back. */
const HANDSHAKES_BURST_SECONDS = 5;
/** A worker that was here before goes before one that never was: the strain counts half for it. */
const KNOWN_STRAIN_FACTOR = 0.5;
/** So many times the handshakes that an address may begin are answered with a time; beyond that its connections are cut, which costs least. */
const ANSWERED_FACTOR = 4;
/** Who is turned away comes again no sooner, though a single one might be let in before: there may be hundreds who wait. */
const CALL_WAIT_MINIMUM_MS = 1000;
const HANDSHAKE_WAIT_MINIMUM_MS = 5000;

export class Admission {
  readonly callers: Callers;
  /** Of workers: unproven is who has not completed the handshake. */
  readonly sessions: Places;
  private readonly loop: EventLoop;
  private readonly calls: NetworkBudget;
  private readonly handshakes: NetworkBudget;
  private readonly upgrades: NetworkBudget;
  private readonly arrivals: Arrivals;
  private sockets: ServerPlaces | undefined;

  /** Throws MH-GEN-009 for a trusted proxy that is no address. */
  constructor(private readonly options: CheckedOptions) {
    const { requestsPerSecond, handshakesPerMinute, handshakesPerSecond, heavyLagMs } = options;
    this.loop = new EventLoop(heavyLagMs);
    this.callers = new Callers(options);
    this.sessions = new Places({
      maximum: options.workerConnectionsMaximum,
      unprovenMaximum: options.pendingHandshakesMaximum,
    });
    this.calls = new NetworkBudget({ perSecond: requestsPerSecond, burst: requestsPerSecond * CALLS_BURST_SECONDS });
    this.handshakes = new NetworkBudget({ perSecond: handshakesPerMinute / 60, burst: handshakesPerMinute });
    const answeredPerMinute = ANSWERED_FACTOR * handshakesPerMinute;
    this.upgrades = new NetworkBudget({ perSecond: answeredPerMinute / 60, burst: answeredPerMinute });
    const all = { perSecond: handshakesPerSecond, burst: handshakesPerSecond * HANDSHAKES_BURST_SECONDS };
    this.arrivals = new Arrivals(all, this.handshakes, { nowMs: performance.now(), random: Math.random });
  }

  /** Shares out the connections of a server from now on. */
  guard(server: Server): void {
    const { workerConnectionsMaximum, callConnectionsMaximum } = this.options;
    const maximum = workerConnectionsMaximum + callConnectionsMaximum;
    this.sockets = new ServerPlaces(server, { maximum }, this.callers);
    // Before any WebSocket is made of it.
    server.prependListener('upgrade', (call: IncomingMessage, socket: Duplex) => {
      if (this.count(this.upgrades, this.callers.of(call), 0) > 0) socket.destroy();
    });
    this.loop.start();
    server.once('close', () => this.loop.stop());
  }

  /** Bytes came over the connection of a call. */
  touch(call: IncomingMessage): void {
    this.sockets?.touch(call.socket);
  }

  /** An upgrade, which no call tells of. */
  noteUpgrade(call: IncomingMessage): void {
    this.sockets?.note(call);
  }

  /** Who makes this call has proved a key that is known here. */
  prove(call: Pick<IncomingMessage, 'socket'>): void {
    this.sockets?.prove(call.socket);
  }

  /** Counts a call of an address: 0, or the milliseconds after which to call again. */
  call(address: string): number {
    return this.count(this.calls, address, CALL_WAIT_MINIMUM_MS);
  }

  /** Counts a connection of a worker, which costs a handshake: 0, or the milliseconds after which to come again. */
  handshake(address: string): number {
    return this.count(this.handshakes, address, HANDSHAKE_WAIT_MINIMUM_MS);
  }

  /** Whether a worker may go on with its handshake now that it has said who it is: 0, or the milliseconds after which to come again. */
  arrival(address: string, { isKnown }: { isKnown: boolean }): number {
    if (this.callers.isExempt(address)) return 0;
    const strain = this.loop.strain() * (isKnown ? KNOWN_STRAIN_FACTOR : 1);
    return this.arrivals.ask(address, strain, performance.now());
  }

  /** Whether a call may go on, or can wait while the event loop is late: 0, or the milliseconds after which to call again. `kindOf` is asked only then. */
  holdBack(address: string, kindOf: () => CallKind): number {
    const strain = this.callers.isExempt(address) ? 0 : this.loop.strain();
    const waitMs = strain > 0 ? heldBackMs(kindOf(), strain) : 0;
    return waitMs > 0 ? later(waitMs, Math.random()) : 0;
  }

  /** New hosts and new accounts that a network may bring in an hour. */
  get newcomersPerHour(): number {
    return this.options.newcomersPerHour;
  }

  /** Whether nothing is bounded for an address. */
  isExempt(address: string): boolean {
    return this.callers.isExempt(address);
  }

  private count(budget: NetworkBudget, address: string, leastMs: number): number {
    if (this.callers.isExempt(address)) return 0;
    const waitMs = budget.take(address, performance.now());
    return waitMs > 0 ? later(Math.max(leastMs, waitMs), Math.random()) : 0;
  }
}
