// What each message of an admitted host does, and what it is answered. Replies follow the commit.
import type { ErrorCode, HostId, MessageToCoordinator, MessageToWorker } from '@manyhands/contract';
import { later } from '@manyhands/foundation';
import { Injectable } from '@nestjs/common';
import { HandOversService } from '../core/checkpoints/hand-overs.service.js';
import { Connections, type HostConnection } from '../core/connections/connections.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { OverlayTracker } from '../core/hosts/overlay-tracker.js';
import { RunningUnits } from '../core/hosts/running-units.service.js';
import { LeasesService } from '../core/leases/leases.service.js';
import { CustodyService } from '../core/validation/custody.service.js';
import { ReceiptsService } from '../core/validation/receipts.service.js';

/** Lease requests under way in all; beyond them hosts are told to ask later, so that receipts keep their place. */
const LEASE_REQUESTS_MAXIMUM = 512;
const BUSY_MS = 2000;
/** Why a host is told to ask later whose own results make room for more. */
const FULL_HANDED: ReadonlySet<string> = new Set(['MH-LTR-006', 'MH-LTR-008']);

export type OpenSession = {
  readonly connection: HostConnection;
  readonly hostRowId: number;
  readonly hostId: HostId;
  readonly publicKey: Uint8Array;
  readonly accountRowId: number;
  /** The address that its connection came from. */
  readonly origin: string;
  /** The network around it, as votes are told apart by (vote-networks.ts). */
  readonly network: number;
};

type Message<T extends MessageToCoordinator['t']> = Extract<MessageToCoordinator, { t: T }>;

@Injectable()
export class MessageHandlers {
  private leaseRequests = 0;

  constructor(
    private readonly leases: LeasesService,
    private readonly receipts: ReceiptsService,
    private readonly handOvers: HandOversService,
    private readonly custody: CustodyService,
    private readonly hosts: HostsService,
    private readonly tracker: OverlayTracker,
    private readonly running: RunningUnits,
    private readonly connections: Connections,
  ) {}

  /** The host's last connection is gone. */
  forget(hostRowId: number): void {
    this.tracker.remove(hostRowId);
    this.running.forget(hostRowId);
  }

  /** Handles a message after the handshake. */
  async handle(session: OpenSession, message: MessageToCoordinator): Promise<void> {
    const reply = await this.reply(session, message);
    if (reply) session.connection.push(reply);
  }

  private reply(
    session: OpenSession,
    message: MessageToCoordinator,
  ): Promise<MessageToWorker | undefined> | MessageToWorker | undefined {
    switch (message.t) {
      case 'lease.request':
        return this.requestLease(session, message);
      case 'lease.renew':
        return this.renew(session, message);
      case 'lease.return':
        return this.giveBack(session, message);
      case 'receipts':
        return this.recordReceipts(session, message);
      case 'hand.over':
        return this.handOver(session, message);
      case 'custody':
        return this.reviewCustody(session, message);
      case 'overlay.announce':
        return this.announce(session, message);
      case 'overlay.find':
        return this.findPeers(session, message);
      case 'transfer.report':
        return this.reportTransfer(session, message);
      case 'state':
        session.connection.state = message.state;
        if (message.computing) this.running.tell(session.hostRowId, message.computing);
        return undefined;
      case 'leave':
        return this.leave(session, message);
      case 'hello':
      case 'prove':
        return error(null, 'MH-WIR-003', `${message.t} came after the handshake`);
    }
  }

  private async requestLease(session: OpenSession, request: Message<'lease.request'>): Promise<MessageToWorker> {
    const { id } = request;
    const { connection, hostRowId, accountRowId, network } = session;
    if (this.leaseRequests >= LEASE_REQUESTS_MAXIMUM)
      return {
        t: 'lease.later',
        id,
        code: 'MH-WIR-004',
        message: 'The coordinator is busy.',
        retryAfterMs: later(BUSY_MS, Math.random()),
        openUnitCount: 1,
      };
    this.leaseRequests++;
    try {
      // Before the search, so that work and room that appear meanwhile are told.
      connection.isWaitingForWork = true;
      connection.isWaitingForRoom = true;
      const seeker = { hostRowId, accountRowId, network, request, hostCount: this.connections.count };
      const answer = await this.leases.request(seeker);
      if ('later' in answer) {
        connection.isWaitingForRoom &&= FULL_HANDED.has(answer.later.code);
        return { t: 'lease.later', id, ...answer.later };
      }
      connection.isWaitingForWork = false;
      connection.isWaitingForRoom = false;
      return { t: 'lease.grant', id, leases: answer.leases };
    } finally {
      this.leaseRequests--;
    }
  }

  private async renew(session: OpenSession, message: Message<'lease.renew'>): Promise<MessageToWorker> {
    const answer = await this.leases.renew(session, message);
    return answer.ok
      ? { t: 'lease.renewed', id: message.id, leases: answer.leases }
      : error(message.id, answer.code, answer.reason);
  }

  private async giveBack(session: OpenSession, message: Message<'lease.return'>): Promise<MessageToWorker> {
    const isOurs = await this.leases.giveBack(session, message);
    return isOurs ? { t: 'ack', id: message.id } : error(message.id, 'MH-LSE-001', 'no such lease of this host');
  }

  private async recordReceipts(
    session: OpenSession,
    message: Message<'receipts'>,
  ): Promise<MessageToWorker | undefined> {
    const { answered, refusal } = await this.receipts.record(session, message);
    const refused = refusal && error(message.id, refusal.code, refusal.reason, refusal.retryAfterMs);
    if (!answered) return refused ?? undefined;
    // First what is to be sent again: what is answered counts whatever became of its request.
    if (refused) session.connection.push(refused);
    return { t: 'receipts.ack', id: message.id, ...answered };
  }

  private async handOver(session: OpenSession, message: Message<'hand.over'>): Promise<MessageToWorker> {
    const answer = await this.handOvers.record(session, message);
    return answer.ok ? { t: 'ack', id: message.id } : error(message.id, answer.code, answer.reason);
  }

  private async reviewCustody(
    { hostRowId }: OpenSession,
    { id, kept, lost }: Message<'custody'>,
  ): Promise<MessageToWorker> {
    if (lost) await this.custody.giveUp(hostRowId, lost);
    return { t: 'custody.reply', id, ...this.custody.review(hostRowId, { kept, lost }) };
  }

  private announce(session: OpenSession, message: Message<'overlay.announce'>): MessageToWorker {
    const announced = this.tracker.announce(session, message);
    return announced.ok ? { t: 'ack', id: message.id } : error(message.id, announced.code, announced.reason);
  }

  /** Addresses are for those who need them: hosts that work on that manifest now. */
  private findPeers(session: OpenSession, { id, swarm }: Message<'overlay.find'>): MessageToWorker {
    if (!this.leases.isHeld(session, swarm))
      return error(id, 'MH-LSE-001', 'this host holds no lease of that manifest');
    return { t: 'overlay.peers', id, swarm, peers: this.tracker.find(swarm, session) };
  }

  private async reportTransfer(
    { connection, hostRowId }: OpenSession,
    message: Message<'transfer.report'>,
  ): Promise<MessageToWorker> {
    connection.connectedPeers = message.connectedPeers;
    await this.hosts.reportTransfer(hostRowId, message);
    return { t: 'ack', id: message.id };
  }

  private async leave(session: OpenSession, { id }: Message<'leave'>): Promise<MessageToWorker> {
    await this.leases.leave(session);
    return { t: 'ack', id };
  }
}

function error(
  id: number | null,
  code: ErrorCode,
  message: string,
  retryAfterMs: number | null = null,
): MessageToWorker {
  return { t: 'error', id, code, message: message.slice(0, 500), retryAfterMs };
}
