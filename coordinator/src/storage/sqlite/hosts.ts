// Rows of hosts.
import type { HostId, HostProof } from '@manyhands/contract';
import type { Statement } from 'better-sqlite3';
import type { Allowance } from '../../core/standing/domain/allowance.js';
import type { HostReliability } from '../../core/standing/domain/back-off.js';
import type { BetterSqlite3Database } from './database.js';

export type StoredHost = {
  readonly rowId: number;
  readonly hostId: HostId;
  readonly publicKey: Uint8Array;
  readonly pseudonym: string;
  readonly accountRowId: number | null;
  readonly isBanned: 0 | 1;
  readonly banReason: string;
  readonly lastSeenMs: number;
  readonly acceptedReplicas: number;
  readonly disagreedReplicas: number;
  readonly failedReplicas: number;
  readonly failureStreak: number;
  readonly workNotBeforeMs: number;
  readonly fromPeersBytes: number;
  readonly fromOriginBytes: number;
  readonly toPeersBytes: number;
};

const COLUMNS = `id AS rowId, host_id AS hostId, public_key AS publicKey, pseudonym, account_row_id AS accountRowId, is_banned AS isBanned,
  ban_reason AS banReason, last_seen_ms AS lastSeenMs, accepted_replicas AS acceptedReplicas, disagreed_replicas AS disagreedReplicas,
  failed_replicas AS failedReplicas, failure_streak AS failureStreak, work_not_before_ms AS workNotBeforeMs,
  from_peers_bytes AS fromPeersBytes, from_origin_bytes AS fromOriginBytes, to_peers_bytes AS toPeersBytes`;

/** What it may have, and when. */
export type HostStanding = HostReliability & {
  readonly allowance: Allowance;
  /** Results of it that agreed with others, or were accepted where one is enough. */
  readonly agreedCount: number;
};
type StandingRow = Omit<HostStanding, 'allowance'> & { units: number | null; sinceMs: number };
const UNKNOWN: HostStanding = { failureStreak: 0, workNotBeforeMs: 0, allowance: null, agreedCount: 0 };

/** Replicas that came to their end. */
export type HostTally = { accepted: number; disagreed: number; failed: number };
export type HostName = Pick<StoredHost, 'pseudonym' | 'accountRowId'>;
export type SeenPosition = { readonly lastSeenMs: number; readonly rowId: number };
export type Transfer = { fromPeersBytes: number; fromOriginBytes: number; toPeersBytes: number };
export type NewHost = { hostId: HostId; publicKey: Uint8Array; pseudonym: string; nowMs: number };

export class HostRows {
  private readonly insert: Statement;
  private readonly selectPseudonym: Statement;
  private readonly selectByName: Statement;
  private readonly selectById: Statement;
  private readonly selectSeen: Statement;
  private readonly updateSeen: Statement;
  private readonly updateAccount: Statement;
  private readonly updateBan: Statement;
  private readonly selectStanding: Statement;
  private readonly updateStanding: Statement;
  private readonly updateDelivered: Statement;
  private readonly updateTally: Statement;
  private readonly updateTransfer: Statement;
  private readonly selectOfAccount: Statement;
  private readonly selectFirstOfAccount: Statement;
  private readonly selectNames: Statement;
  private readonly selectNamesOfAccounts: Statement;
  private readonly selectCountOfAccount: Statement;
  private readonly updateUnbound: Statement;
  private readonly selectTally: Statement;
  /** The newest lease that each host handed in a result of, as far as it is not written. */
  private readonly delivered = new Map<number, number>();

  constructor(db: BetterSqlite3Database) {
    this.insert = db.prepare(
      'INSERT INTO host (host_id, public_key, pseudonym, first_seen_ms, last_seen_ms) VALUES (?, ?, ?, ?, ?)',
    );
    this.selectPseudonym = db.prepare('SELECT EXISTS (SELECT 1 FROM host WHERE pseudonym = ?)').pluck();
    this.selectByName = db.prepare(`SELECT ${COLUMNS} FROM host WHERE host_id = ?`);
    this.selectById = db.prepare(`SELECT ${COLUMNS} FROM host WHERE id = ?`);
    this.selectSeen = db.prepare(
      `SELECT ${COLUMNS} FROM host WHERE (last_seen_ms, id) < (?, ?) ORDER BY last_seen_ms DESC, id DESC LIMIT ?`,
    );
    this.updateSeen = db.prepare(
      `UPDATE host SET last_seen_ms = ?, cores = ?, memory_bytes = ?, platform = ?, arch = ?, engine = ?, network = ? WHERE id = ?`,
    );
    this.updateAccount = db.prepare('UPDATE host SET account_row_id = ? WHERE id = ?');
    this.updateBan = db.prepare('UPDATE host SET is_banned = ?, ban_reason = ? WHERE host_id = ?');
    this.selectStanding = db.prepare(
      `SELECT failure_streak AS failureStreak, work_not_before_ms AS workNotBeforeMs, allowance AS units, allowance_since_ms AS sinceMs,
         accepted_replicas AS agreedCount FROM host WHERE id = ?`,
    );
    this.updateStanding = db.prepare(
      `UPDATE host SET failure_streak = ?, work_not_before_ms = ?, allowance = ?, allowance_since_ms = ? WHERE id = ?`,
    );
    this.updateDelivered = db.prepare('UPDATE host SET delivered_lease = max(delivered_lease, ?) WHERE id = ?');
    this.updateTally = db.prepare(
      `UPDATE host SET accepted_replicas = accepted_replicas + ?, disagreed_replicas = disagreed_replicas + ?,
         failed_replicas = failed_replicas + ? WHERE id = ?`,
    );
    this.updateTransfer = db.prepare(
      `UPDATE host SET from_peers_bytes = from_peers_bytes + ?, from_origin_bytes = from_origin_bytes + ?,
         to_peers_bytes = to_peers_bytes + ?, last_seen_ms = ? WHERE id = ?`,
    );
    this.selectOfAccount = db.prepare(`SELECT ${COLUMNS} FROM host WHERE account_row_id = ? ORDER BY id`);
    this.selectFirstOfAccount = db.prepare(`SELECT ${COLUMNS} FROM host WHERE account_row_id = ? ORDER BY id LIMIT 1`);
    this.selectNames = db.prepare(
      `SELECT host.id AS rowId, pseudonym, account_row_id AS accountRowId FROM json_each(?) JOIN host ON host.id = value`,
    );
    this.selectNamesOfAccounts = db.prepare(
      `SELECT value AS accountRowId, coalesce((SELECT pseudonym FROM host WHERE account_row_id = value ORDER BY host.id LIMIT 1),
         (SELECT pseudonym FROM earned JOIN host ON host.id = host_row_id WHERE earned.account_row_id = value LIMIT 1)) AS pseudonym FROM json_each(?)`,
    );
    this.selectCountOfAccount = db.prepare('SELECT count(*) FROM host WHERE account_row_id = ?').pluck();
    this.updateUnbound = db.prepare('UPDATE host SET account_row_id = NULL WHERE account_row_id = ?');
    this.selectTally = db.prepare('SELECT value FROM tally WHERE name = ?').pluck();
  }

  byHostId(hostId: string): StoredHost | undefined {
    return this.selectByName.get(hostId) as StoredHost | undefined;
  }

  byRowId(rowId: number): StoredHost | undefined {
    return this.selectById.get(rowId) as StoredHost | undefined;
  }

  /** Most recently seen first, after a position. */
  seenBefore({ lastSeenMs, rowId }: SeenPosition, limit: number): StoredHost[] {
    return this.selectSeen.all(lastSeenMs, rowId, limit) as StoredHost[];
  }

  count(): number {
    return this.tally('hosts');
  }

  hasPseudonym(pseudonym: string): boolean {
    return this.selectPseudonym.get(pseudonym) === 1;
  }

  /** Throws when the pseudonym is taken. */
  add({ hostId, publicKey, pseudonym, nowMs }: NewHost): void {
    this.insert.run(hostId, publicKey, pseudonym, nowMs, nowMs);
  }

  setSeen(rowId: number, { proof, network, nowMs }: { proof: HostProof; network: string; nowMs: number }): void {
    const { cores, memoryBytes, platform, arch, engine } = proof;
    this.updateSeen.run(nowMs, cores, memoryBytes, platform, arch, engine, network, rowId);
  }

  setAccount(rowId: number, accountRowId: number): void {
    this.updateAccount.run(accountRowId, rowId);
  }

  /** Returns whether the host is known. */
  setBan(hostId: string, isBanned: boolean, reason: string): boolean {
    return this.updateBan.run(isBanned ? 1 : 0, reason, hostId).changes > 0;
  }

  standing(rowId: number): HostStanding {
    const row = this.selectStanding.get(rowId) as StandingRow | undefined;
    if (!row) return UNKNOWN;
    const { units, sinceMs, ...others } = row;
    return { ...others, allowance: units === null ? null : { units, sinceMs } };
  }

  setStanding(rowId: number, { failureStreak, workNotBeforeMs, allowance }: Omit<HostStanding, 'agreedCount'>): void {
    const { units = null, sinceMs = 0 } = allowance ?? {};
    this.updateStanding.run(failureStreak, workNotBeforeMs, units, sinceMs, rowId);
  }

  /** The host handed in a result of the lease. Remembered until `writeDelivered`: only what ran out asks for it, and a crash may forget the last of it. */
  noteDelivered(rowId: number, leaseRowId: number): void {
    this.delivered.set(rowId, Math.max(leaseRowId, this.delivered.get(rowId) ?? 0));
  }

  writeDelivered(): void {
    for (const [rowId, leaseRowId] of this.delivered) this.updateDelivered.run(leaseRowId, rowId);
    this.delivered.clear();
  }

  addTally(rowId: number, { accepted, disagreed, failed }: HostTally): void {
    this.updateTally.run(accepted, disagreed, failed, rowId);
  }

  addTransfer(rowId: number, { fromPeersBytes, fromOriginBytes, toPeersBytes }: Transfer, nowMs: number): void {
    this.updateTransfer.run(fromPeersBytes, fromOriginBytes, toPeersBytes, nowMs, rowId);
  }

  ofAccount(accountRowId: number): StoredHost[] {
    return this.selectOfAccount.all(accountRowId) as StoredHost[];
  }

  firstOfAccount(accountRowId: number): StoredHost | undefined {
    return this.selectFirstOfAccount.get(accountRowId) as StoredHost | undefined;
  }

  /** Of many at once, by row. */
  names(rowIds: readonly number[]): ReadonlyMap<number, HostName> {
    const rows = this.selectNames.all(JSON.stringify(rowIds)) as (HostName & { rowId: number })[];
    return new Map(rows.map((row) => [row.rowId, row]));
  }

  /** The pseudonym of a computer of each account, or of one that earned something under it before it was deleted; null: there is none. */
  namesOfAccounts(rowIds: readonly number[]): ReadonlyMap<number, string | null> {
    const rows = this.selectNamesOfAccounts.all(JSON.stringify(rowIds)) as {
      accountRowId: number;
      pseudonym: string | null;
    }[];
    return new Map(rows.map(({ accountRowId, pseudonym }) => [accountRowId, pseudonym]));
  }

  countOfAccount(accountRowId: number): number {
    return this.selectCountOfAccount.get(accountRowId) as number;
  }

  unbindAccount(accountRowId: number): void {
    this.updateUnbound.run(accountRowId);
  }

  transferTotals(): { fromPeersBytes: number; fromOriginBytes: number } {
    return { fromPeersBytes: this.tally('from-peers-bytes'), fromOriginBytes: this.tally('from-origin-bytes') };
  }

  /** Kept by triggers: see the migration of version 8. */
  private tally(name: string): number {
    return this.selectTally.get(name) as number;
  }
}
