// Hosts: admitting them with their account, banning them, and what public pages say of them.
import { randomBytes } from 'node:crypto';
import {
  type AccountBinding,
  type HostId,
  type HostProof,
  hostIdOf,
  ManyhandsError,
  type MessageOf,
  type PageQuery,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { Foundings } from '../../admission/foundings.js';
import type { Page } from '../../http/paged.js';
import type { SeenPosition, StoredHost } from '../../storage/sqlite/hosts.js';
import { unitIdOf } from '../../storage/sqlite/units.js';
import { Connections } from '../connections/connections.js';
import { ACCOUNTS_PORT, type AccountRef, type AccountsPort } from '../ports/accounts.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { UnitWriter } from '../units/unit-writer.js';
import { pseudonymOf } from './domain/pseudonym.js';
import type { HostRow, PeerRow } from './host-rows.js';
import { OverlayTracker } from './overlay-tracker.js';

const PEERS_MAXIMUM = 1000;
const LATEST: SeenPosition = { lastSeenMs: Number.MAX_SAFE_INTEGER, rowId: Number.MAX_SAFE_INTEGER };
/** One report moves at most this much, so that no sum leaves the range of exact integers. */
const TRANSFER_MAXIMUM_BYTES = 2 ** 40;

const bannedWords = (reason: string): string =>
  reason === '' ? 'The operator has banned this host.' : `The operator has banned this host: ${reason}`;

/** What a host says of itself, and where it comes from (see network-names.ts). */
export type Arrival = { readonly proof: HostProof; readonly network: string; readonly address: string };
export type Admission = { readonly host: StoredHost; readonly account: AccountRef };

@Injectable()
export class HostsService {
  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    private readonly connections: Connections,
    private readonly tracker: OverlayTracker,
    private readonly foundings: Foundings,
    @Inject(ACCOUNTS_PORT) private readonly accounts: AccountsPort,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {}

  /**
   * The host of a proven key, made at its first visit, in its account. Throws MH-HST-001 when banned, MH-ACC-… and MH-SIG-… for a bad binding, MH-GEN-012
   * when its network has brought its share of new hosts, or of new accounts.
   */
  async admit(
    publicKey: Uint8Array,
    { proof, network, address }: Arrival,
    binding: AccountBinding,
  ): Promise<Admission> {
    const hostId = hostIdOf(publicKey);
    const known = this.store.hosts.byHostId(hostId) ?? (await this.add(hostId, publicKey, address));
    if (known.isBanned) throw new ManyhandsError('MH-HST-001', { message: bannedWords(known.banReason) });
    const account = await this.accounts.resolveBinding(hostId, binding, { currentRowId: known.accountRowId, address });
    await this.store.database.write(() => {
      this.store.hosts.setSeen(known.rowId, { proof, network, nowMs: this.options.nowMs() });
      if (known.accountRowId !== account.accountRowId) this.store.hosts.setAccount(known.rowId, account.accountRowId);
    });
    return { host: known, account };
  }

  /** Whether the host of this key was ever admitted. */
  isKnown(publicKey: Uint8Array): boolean {
    return this.store.hosts.byHostId(hostIdOf(publicKey)) !== undefined;
  }

  /** The account that the host of this key belongs to. Throws MH-ACC-002 when it belongs to none, MH-HST-001 when it is banned. */
  accountOf(publicKey: Uint8Array): number {
    const host = this.store.hosts.byHostId(hostIdOf(publicKey));
    if (host?.isBanned) throw new ManyhandsError('MH-HST-001', { message: bannedWords(host.banReason) });
    if (!host || host.accountRowId === null)
      throw new ManyhandsError('MH-ACC-002', { message: 'This host belongs to no account.' });
    return host.accountRowId;
  }

  private add(hostId: HostId, publicKey: Uint8Array, address: string): Promise<StoredHost> {
    return this.store.database.write(() => {
      const found = this.store.hosts.byHostId(hostId);
      if (found) return found;
      if (!this.foundings.admit('host', address))
        throw new ManyhandsError('MH-GEN-012', { message: 'Too many new hosts come from this address.' });
      let pseudonym = pseudonymOf(randomBytes(4));
      while (this.store.hosts.hasPseudonym(pseudonym)) pseudonym = pseudonymOf(randomBytes(4));
      this.store.hosts.add({ hostId, publicKey, pseudonym, nowMs: this.options.nowMs() });
      return this.store.hosts.byHostId(hostId) as StoredHost;
    });
  }

  /** Counts bytes that the host says it moved. */
  async reportTransfer(hostRowId: number, report: MessageOf<'transfer.report'>): Promise<void> {
    const bounded = (bytes: number): number => Math.min(bytes, TRANSFER_MAXIMUM_BYTES);
    const transfer = {
      fromPeersBytes: bounded(report.fromPeersBytes),
      fromOriginBytes: bounded(report.fromOriginBytes),
      toPeersBytes: bounded(report.toPeersBytes),
    };
    await this.store.database.write(() => this.store.hosts.addTransfer(hostRowId, transfer, this.options.nowMs()));
  }

  /** Ends the host's connection, gives its units to others and strikes out what it said of units that are not settled. Throws MH-GEN-003. */
  async ban(hostId: string, reason: string): Promise<void> {
    const host = this.known(hostId);
    await this.writer.change((changes) => {
      this.store.hosts.setBan(hostId, true, reason);
      for (const { batchRowId, accountRowId: account, ranges } of this.store.leases.allOfHost(host.rowId))
        for (const [firstIndex, count] of ranges) {
          const firstId = unitIdOf(batchRowId, firstIndex);
          const replicas = this.store.replicas.span(firstId, firstId + count - 1);
          for (const [unitId, owner, hostRowId] of replicas)
            if (owner === account && hostRowId === host.rowId) changes.apply(unitId, { type: 'banned', account });
        }
    });
    this.connections.get(host.rowId)?.end('MH-HST-001', bannedWords(reason));
  }

  /** Throws MH-GEN-003. */
  async unban(hostId: string): Promise<void> {
    this.known(hostId);
    await this.store.database.write(() => this.store.hosts.setBan(hostId, false, ''));
  }

  private known(hostId: string): StoredHost {
    const host = this.store.hosts.byHostId(hostId);
    if (!host)
      throw new ManyhandsError('MH-GEN-003', { message: `No host ${hostId} is known here.`, meta: { hostId } });
    return host;
  }

  /** For the operator: hosts with their record, most recently seen first. Throws MH-GEN-002 for an `after` that no page gave. */
  list({ after, limit }: PageQuery): Page<HostRow> {
    const found = this.store.hosts.seenBefore(after === undefined ? LATEST : positionOf(after), limit + 1);
    const hosts = found.slice(0, limit);
    const last = found.length > limit ? hosts.at(-1) : undefined;
    return { rows: this.records(hosts), next: last ? `${last.lastSeenMs}-${last.rowId}` : null };
  }

  private records(hosts: readonly StoredHost[]): HostRow[] {
    const accounts = this.accounts.accounts([...new Set(hosts.flatMap(({ accountRowId }) => accountRowId ?? []))]);
    return hosts.map((host) => ({
      hostId: host.hostId,
      pseudonym: host.pseudonym,
      accountId: (host.accountRowId !== null && accounts.get(host.accountRowId)?.accountId) || null,
      isBanned: host.isBanned === 1,
      isOnline: this.connections.get(host.rowId) !== undefined,
      acceptedReplicas: host.acceptedReplicas,
      disagreedReplicas: host.disagreedReplicas,
      failedReplicas: host.failedReplicas,
    }));
  }

  /** For everybody: the hosts that are connected, by pseudonym. Those that left are no peers. */
  peers(): PeerRow[] {
    const nowMs = this.options.nowMs();
    const rows: PeerRow[] = [];
    for (const { hostRowId, connectedPeers, state } of this.connections.all()) {
      const host = this.store.hosts.byRowId(hostRowId);
      if (!host) continue;
      rows.push({
        name: host.pseudonym,
        kind: 'worker',
        isOnline: true,
        path: this.tracker.has(hostRowId) ? 'overlay' : 'http',
        connectedPeers,
        fromPeersBytes: host.fromPeersBytes,
        fromOriginBytes: host.fromOriginBytes,
        toPeersBytes: host.toPeersBytes,
        state,
        lastSeenMs: nowMs,
      });
      if (rows.length >= PEERS_MAXIMUM) break;
    }
    return rows;
  }

  /** How many computers of each account are connected. */
  onlineByAccount(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const { accountRowId } of this.connections.all())
      counts.set(accountRowId, (counts.get(accountRowId) ?? 0) + 1);
    return counts;
  }

  /** The name that pages show for an account without a label: that of its first computer. */
  pseudonymOfAccount(accountRowId: number): string {
    return this.store.hosts.firstOfAccount(accountRowId)?.pseudonym ?? 'unknown';
  }

  /** Whether the hosts that are connected come from too few networks for copies that are to agree. */
  isShortOfNetworks(quorum: number): boolean {
    return this.connections.isShortOfNetworks(quorum);
  }

  onlineCount(): number {
    return this.connections.count;
  }

  totalCount(): number {
    return this.store.hosts.count();
  }

  hostCountOfAccount(accountRowId: number): number {
    return this.store.hosts.countOfAccount(accountRowId);
  }

  /** When an account is deleted: its hosts are nobody's until they come again. */
  async unbindAccount(accountRowId: number): Promise<void> {
    const hosts = this.store.hosts.ofAccount(accountRowId);
    await this.store.database.write(() => this.store.hosts.unbindAccount(accountRowId));
    for (const { rowId } of hosts)
      this.connections.get(rowId)?.end('MH-ACC-002', 'The account of this host was deleted.');
  }

  /** Sums of what hosts reported. */
  transferTotals(): { fromPeersBytes: number; fromOriginBytes: number } {
    return this.store.hosts.transferTotals();
  }
}

/** Throws MH-GEN-002. */
function positionOf(after: string): SeenPosition {
  const [, ms, rowId] = /^(\d{1,15})-(\d{1,15})$/.exec(after) ?? [];
  if (rowId === undefined)
    throw new ManyhandsError('MH-GEN-002', { message: '`after` must be the `next` of the page before.' });
  return { lastSeenMs: Number(ms), rowId: Number(rowId) };
}
