// One connection of a worker from hello to close.
//
//   connected ── hello ──> challenged ── prove ──> admitting ──> open ──> closed
//       └── time over, refusal, message out of order ─────────────────────┘
import {
  type AccountBinding,
  type ErrorCode,
  FRAME_MAXIMUM_BYTES,
  type HostId,
  isManyhandsError,
  type MessageToCoordinator,
  type MessageToWorker,
  toBase64Url,
} from '@manyhands/contract';
import { later } from '@manyhands/foundation';
import type { WebSocket } from 'ws';
import { Connections, type HostConnection, type HostState } from '../core/connections/connections.js';
import type { Admission, HostsService } from '../core/hosts/hosts.service.js';
import type { VoteNetwork } from '../core/hosts/network-names.js';
import type { CoreOptions } from '../core/ports/options.js';
import type { SeedPort } from '../core/ports/seed.js';
import { FEATURES } from './features.js';
import { type Challenged, challenge, checkProof, type Refusal } from './handshake.js';
import type { MessageHandlers, OpenSession } from './message-handlers.js';
import { SocketChannel } from './socket-channel.js';

const HANDSHAKE_MS = 10_000;
/** After so long its network may bring new hosts again. */
const NEWCOMER_RETRY_MS = 10 * 60_000;
/** A live worker answers a ping at once; over a poor line it may take seconds. Within the time of the handshake. */
const TWIN_ANSWER_MS = 5_000;
/** The one that is connected is told at each attempt of the other. */
const TWIN_RETRY_MS = 60_000;
const COPIED =
  'Two workers use the same key, so that only one of them can be connected: the data folder of one is a copy of the other’s. Run `manyhands worker new-host` for one of them; it keeps the account.';

export type SessionDependencies = {
  readonly options: CoreOptions;
  readonly hosts: HostsService;
  readonly connections: Connections;
  readonly handlers: MessageHandlers;
  readonly seed: SeedPort;
  readonly onFault: (error: unknown) => void;
  /** A step of the handshake was made. */
  readonly onProgress: () => void;
  /** The host has proved its key. */
  readonly onOpen: () => void;
  /** The address that it comes from. */
  readonly origin: string;
  /** The network around that: a name for it, and the number that votes are told apart by. */
  readonly network: VoteNetwork;
  /** 0 when the host may go on with its handshake now, otherwise the milliseconds after which to come again. */
  readonly arrivalWaitMs: (isKnown: boolean) => number;
};

type Stage =
  | { name: 'connected' }
  | { name: 'challenged'; challenged: Challenged }
  | { name: 'admitting' }
  | { name: 'open'; session: OpenSession }
  | { name: 'closed' };

export class WorkerSession implements HostConnection {
  state: HostState = 'idle';
  connectedPeers = 0;
  isWaitingForWork = false;
  isWaitingForRoom = false;
  hostRowId = 0;
  accountRowId = 0;
  readonly network: number;
  hostId = '' as HostId;
  instance = '';
  private stage: Stage = { name: 'connected' };
  private readonly channel: SocketChannel;
  private readonly timer: NodeJS.Timeout;

  constructor(
    socket: WebSocket,
    private readonly dependencies: SessionDependencies,
  ) {
    const { options, onFault } = dependencies;
    this.network = dependencies.network.number;
    this.channel = new SocketChannel(socket, { onMessage: (message) => this.receive(message), onFault }, options.nowMs);
    this.timer = setTimeout(() => this.channel.refuse('MH-GEN-004', 'The handshake took too long.'), HANDSHAKE_MS);
    socket.once('close', () => this.close());
  }

  /** Whether the handshake is still under way. */
  get isPending(): boolean {
    return this.stage.name !== 'open' && this.stage.name !== 'closed';
  }

  push(message: MessageToWorker): void {
    this.channel.send(message);
  }

  end(code: ErrorCode, message: string): void {
    this.channel.refuse(code, message);
  }

  isAnswered(): Promise<boolean> {
    return this.channel.isAnswered(TWIN_ANSWER_MS);
  }

  warn(code: ErrorCode, message: string): void {
    this.channel.sendError(null, code, { message });
  }

  /** Says why it may not even begin, and when to come again. */
  turnAway({ code, message }: Refusal, retryAfterMs: number): void {
    this.channel.refuse(code, message, retryAfterMs);
  }

  private close(): void {
    clearTimeout(this.timer);
    const wasOpen = this.stage.name === 'open';
    this.stage = { name: 'closed' };
    if (wasOpen && this.dependencies.connections.remove(this)) this.dependencies.handlers.forget(this.hostRowId);
  }

  private receive(message: MessageToCoordinator): Promise<void> | void {
    const { stage } = this;
    if (stage.name === 'open') return this.dependencies.handlers.handle(stage.session, message);
    if (stage.name === 'connected' && message.t === 'hello') return this.greet(message);
    if (stage.name === 'challenged' && message.t === 'prove') return this.admit(stage.challenged, message);
    if (stage.name !== 'closed') this.channel.refuse('MH-WIR-003', `${message.t} came out of order`);
  }

  private greet(hello: MessageToCoordinator & { t: 'hello' }): void {
    const { hosts, arrivalWaitMs, onProgress } = this.dependencies;
    // Before anything is signed: this is what costs when ten times as many come at once.
    const waitMs = arrivalWaitMs(hosts.isKnown(hello.hostKey));
    if (waitMs > 0) {
      this.channel.refuse('MH-WIR-004', 'More workers come than the coordinator can greet at once.', waitMs);
      return;
    }
    onProgress();
    const answer = challenge(hello, this.dependencies.options);
    if ('code' in answer) {
      this.channel.refuse(answer.code, answer.message);
      return;
    }
    this.instance = hello.instance ? toBase64Url(hello.instance) : '';
    this.stage = { name: 'challenged', challenged: answer };
    this.channel.send(answer.reply);
  }

  private async admit(challenged: Challenged, message: MessageToCoordinator & { t: 'prove' }): Promise<void> {
    const { options, hosts, origin, network } = this.dependencies;
    const checked = checkProof(message, challenged, options);
    if ('code' in checked) {
      this.channel.refuse(checked.code, checked.message);
      return;
    }
    this.stage = { name: 'admitting' };
    const admission = await this.tryAdmit(() =>
      hosts.admit(
        challenged.publicKey,
        { proof: checked.proof, network: network.name, address: origin },
        message.binding satisfies AccountBinding,
      ),
    );
    if (!admission || !this.isPending) return;
    if (await this.hasTwin(admission.host.rowId)) {
      this.channel.refuse('MH-WIR-006', COPIED, TWIN_RETRY_MS);
      return;
    }
    if (!this.isPending) return;
    this.open(admission, challenged);
  }

  /**
   * Whether another process with the same key is connected and alive: a copied data folder. A worker that connects anew has closed its older
   * connection before, or it is dead; so only another one can answer there. Both are told.
   */
  private async hasTwin(hostRowId: number): Promise<boolean> {
    const older = this.dependencies.connections.get(hostRowId);
    const isOurOwn = older !== undefined && older.instance !== '' && older.instance === this.instance;
    if (!older || isOurOwn || !(await older.isAnswered())) return false;
    older.warn('MH-WIR-006', COPIED);
    return true;
  }

  /** A binding that does not hold is the peer's; anything else is ours. */
  private async tryAdmit(admit: () => Promise<Admission>): Promise<Admission | undefined> {
    try {
      return await admit();
    } catch (error) {
      if (!isManyhandsError(error) || error.fault === 'self') throw error;
      this.channel.refuse(
        error.code,
        error.message,
        error.code === 'MH-GEN-012' ? later(NEWCOMER_RETRY_MS, Math.random()) : null,
      );
      return undefined;
    }
  }

  private open({ host, account }: Admission, challenged: Challenged): void {
    clearTimeout(this.timer);
    this.dependencies.onOpen();
    this.channel.frameMaximumBytes = FRAME_MAXIMUM_BYTES;
    this.hostRowId = host.rowId;
    this.hostId = host.hostId;
    this.accountRowId = account.accountRowId;
    const { connections, options, seed, origin } = this.dependencies;
    const { hostId, publicKey } = host;
    const { accountRowId } = account;
    this.stage = {
      name: 'open',
      session: {
        ...{ connection: this, hostRowId: host.rowId, hostId, publicKey, accountRowId, origin },
        network: this.network,
      },
    };
    connections.add(this)?.end('MH-WIR-005', 'The same host has connected again.');
    this.channel.send({
      t: 'welcome',
      hostId,
      accountId: account.accountId,
      pseudonym: host.pseudonym,
      accountLabel: account.label,
      protocol: challenged.protocol,
      features: [...FEATURES],
      gatewayUrl: seed.gatewayUrl(),
      overlay: seed.overlay(),
      timeMs: options.nowMs(),
    });
  }
}
