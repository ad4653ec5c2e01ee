// One connection of a worker from hello to close.
//
//   connected ── hello ──> challenged ── prove ──> admitting ──> open ──> closed
//       └── time over, refusal, message out of order ─────────────────────┘
import {
  type AccountBinding,
  FRAME_MAXIMUM_BYTES,
  type HostId,
  isManyhandsError,
  type MessageToCoordinator,
  type MessageToWorker,
} from '@manyhands/contract';
import type { WebSocket } from 'ws';
import type { CoreOptions, SeedPort } from '../core-ports.js';
import { Connections, type HostConnection, type HostState } from './connections.js';
import { type Challenged, challenge, checkProof } from './handshake.js';
import type { Admission, HostsService } from './hosts.service.js';
import type { MessageHandlers, OpenSession } from './message-handlers.js';
import { SocketChannel } from './socket-channel.js';

const HANDSHAKE_MS = 10_000;
/** What newer workers may make use of. `computing`: `state` may tell which units the host computes. */
const FEATURES = ['computing'];
/** After so long its address may bring new hosts again. */
const NEWCOMER_RETRY_MS = 10 * 60_000;

export type SessionDependencies = {
  readonly options: CoreOptions;
  readonly hosts: HostsService;
  readonly connections: Connections;
  readonly handlers: MessageHandlers;
  readonly seed: SeedPort;
  readonly onFault: (error: unknown) => void;
  /** The handshake is over, well or not. May be told more than once. */
  readonly onSettled: () => void;
  /** A name for the network that it comes from. */
  readonly network: string;
  /** Whether its address may bring one more host that was never here. Counts it. */
  readonly mayBeNew: () => boolean;
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
  hostRowId = 0;
  accountRowId = 0;
  hostId = '' as HostId;
  private stage: Stage = { name: 'connected' };
  private readonly channel: SocketChannel;
  private readonly timer: NodeJS.Timeout;

  constructor(
    socket: WebSocket,
    private readonly dependencies: SessionDependencies,
  ) {
    const { options, onFault } = dependencies;
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

  end(code: string, message: string): void {
    this.channel.refuse(code, message);
  }

  /** Too many connections: says when to come again. */
  turnAway(retryAfterMs: number): void {
    this.channel.refuse('MH-WIR-004', 'The coordinator is busy.', retryAfterMs);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.dependencies.onSettled();
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
    const answer = challenge(hello, this.dependencies.options);
    if ('code' in answer) {
      this.channel.refuse(answer.code, answer.message);
      return;
    }
    this.stage = { name: 'challenged', challenged: answer };
    this.channel.send(answer.reply);
  }

  private async admit(challenged: Challenged, message: MessageToCoordinator & { t: 'prove' }): Promise<void> {
    const { options, hosts, mayBeNew, network } = this.dependencies;
    const checked = checkProof(message, challenged, options);
    if ('code' in checked) {
      this.channel.refuse(checked.code, checked.message);
      return;
    }
    if (!hosts.isKnown(challenged.publicKey) && !mayBeNew()) {
      this.channel.refuse('MH-GEN-012', 'Too many new hosts come from this address.', NEWCOMER_RETRY_MS);
      return;
    }
    this.stage = { name: 'admitting' };
    const admission = await this.tryAdmit(() =>
      hosts.admit(challenged.publicKey, { proof: checked.proof, network }, message.binding satisfies AccountBinding),
    );
    if (!admission || !this.isPending) return;
    this.open(admission, { challenged, cores: checked.proof.cores });
  }

  /** A binding that does not hold is the peer's; anything else is ours. */
  private async tryAdmit(admit: () => Promise<Admission>): Promise<Admission | undefined> {
    try {
      return await admit();
    } catch (error) {
      if (!isManyhandsError(error) || error.fault === 'self') throw error;
      this.channel.refuse(error.code, error.message);
      return undefined;
    }
  }

  private open({ host, account }: Admission, { challenged, cores }: { challenged: Challenged; cores: number }): void {
    clearTimeout(this.timer);
    this.dependencies.onSettled();
    this.channel.frameMaximumBytes = FRAME_MAXIMUM_BYTES;
    this.hostRowId = host.rowId;
    this.hostId = host.hostId;
    this.accountRowId = account.accountRowId;
    const { connections, options, seed } = this.dependencies;
    const { hostId, publicKey } = host;
    const { accountRowId } = account;
    this.stage = {
      name: 'open',
      session: { connection: this, hostRowId: host.rowId, hostId, publicKey, accountRowId, cores },
    };
    connections.add(this)?.end('MH-WIR-005', 'The same host has connected again.');
    this.channel.send({
      t: 'welcome',
      hostId,
      accountId: account.accountId,
      pseudonym: host.pseudonym,
      accountLabel: account.label,
      protocol: challenged.protocol,
      features: FEATURES,
      gatewayUrl: seed.gatewayUrl(),
      overlay: seed.overlay(),
      timeMs: options.nowMs(),
    });
  }
}
