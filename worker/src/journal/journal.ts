// The journal: what a worker must not forget, whatever kills it. Every call returns only when the change is on the disk.
import { join } from 'node:path';
import { type Cid, encodeDagCbor, INLINE_BUNDLE_MAXIMUM_BYTES, type Lease, type LeaseId } from '@manyhands/contract';
import {
  fitsLease,
  type RestoredLease,
  type RestoredResult,
  type UnitEnding,
  type UnitRef,
} from '@manyhands/worker-core';
import { BundleFiles } from './bundle-files.js';
import { type JournalDatabase, journalFileIn, openDatabase } from './database.js';
import { GroupCommit } from './group-commit.js';
import { SealedStore } from './sealed-store.js';
import { SnapshotStore } from './snapshot-store.js';
import { endingOf, leaseOf, refOf, type UnitRow } from './unit-row.js';

type Failure = Exclude<UnitEnding, { kind: 'success' }>;
type Success = Extract<UnitEnding, { kind: 'success' }>;

export type JournalOptions = {
  directory: string;
  /** All snapshots together. */
  snapshotsMaximumBytes: number;
};

export class Journal {
  readonly snapshots: SnapshotStore;
  readonly sealed: SealedStore;
  readonly #database: JournalDatabase;
  readonly #files: BundleFiles;
  readonly #commits: GroupCommit;
  /** Bundle files of results that are gone, once that is committed. */
  readonly #obsolete: UnitRef[] = [];

  private constructor(
    { directory, snapshotsMaximumBytes }: JournalOptions,
    { database, nowMs }: { database: JournalDatabase; nowMs(): number },
  ) {
    this.#database = database;
    this.#files = new BundleFiles(join(directory, 'bundles'));
    const snapshots = { directory: join(directory, 'snapshots'), snapshotsMaximumBytes };
    this.snapshots = new SnapshotStore(snapshots, { database, nowMs });
    this.sealed = new SealedStore(join(directory, 'checkpoints'), database);
    this.#commits = new GroupCommit((work) => this.together(work));
  }

  /** Opens `worker.sqlite`, `bundles/`, `snapshots/` and `checkpoints/` in a data folder. Throws MH-GEN-007, MH-GEN-013. */
  static open(options: JournalOptions, { nowMs } = { nowMs: Date.now }): Journal {
    const database = openDatabase(journalFileIn(options.directory));
    const journal = new Journal(options, { database, nowMs });
    const rows = database.prepare("SELECT * FROM unit WHERE state <> 'open'").all() as UnitRow[];
    journal.#files.removeAllBut(rows.map(refOf));
    return journal;
  }

  /** Everything that was under way when the worker ended. */
  restore(): { leases: RestoredLease[]; results: RestoredResult[] } {
    const units = this.#database.prepare('SELECT * FROM unit ORDER BY rowid').all() as UnitRow[];
    const records = this.#database.prepare('SELECT record FROM lease ORDER BY lease_id').pluck().all() as Buffer[];
    const leases = records.map((record) => {
      const lease = leaseOf(record);
      const open = units.filter(({ lease_id, state }) => lease_id === lease.leaseId && state === 'open').map(refOf);
      const openIndexes = open.map(({ index }) => index);
      const begunIndexes = openIndexes.filter((index) => this.#isBegun(lease, index));
      const sealedIndexes = open.filter((unit) => this.sealed.find(unit)).map(({ index }) => index);
      return { lease, openIndexes, begunIndexes, sealedIndexes };
    });
    const results = units
      .filter(({ state }) => state !== 'open')
      .map((row) => ({ ...refOf(row), ending: endingOf(row), isKept: row.state === 'kept' }));
    return { leases, results };
  }

  /** Makes the changes of `work` in one commit. */
  together(work: () => void): void {
    this.#database.transaction(work)();
    // Files go after the commit: a row may lack no file, a file may lack a row (it is removed at the next start).
    if (this.#database.inTransaction) return;
    for (const unit of this.#obsolete.splice(0)) this.#files.delete(unit);
    this.snapshots.deleteObsolete();
  }

  recordLease(lease: Lease): void {
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR IGNORE INTO lease (lease_id, record, manifest_cid) VALUES (?, ?, ?)')
        .run(lease.leaseId, encodeDagCbor(lease), lease.manifestCid);
      const insert = this.#database.prepare(
        "INSERT OR IGNORE INTO unit (lease_id, unit_index, state) VALUES (?, ?, 'open')",
      );
      for (const [first, count] of lease.ranges)
        for (let index = first; index < first + count; index++) insert.run(lease.leaseId, index);
    })();
  }

  /** Forgets units that are still to be computed; of settled ones their snapshots too. */
  dropUnits(leaseId: LeaseId, indexes: readonly number[], { isSettled }: { isSettled: boolean }): void {
    this.together(() => {
      if (isSettled) for (const index of indexes) this.#forgetSnapshot({ leaseId, index });
      const remove = this.#database.prepare(
        "DELETE FROM unit WHERE lease_id = ? AND unit_index = ? AND state = 'open'",
      );
      for (const index of indexes) remove.run(leaseId, index);
      this.#removeIfEmpty(leaseId);
    });
  }

  /** Keeps a result with its bundle. Does nothing for a unit that was given up or computed before. */
  async recordSuccess(unit: UnitRef, success: Success, bundle: Uint8Array): Promise<void> {
    const isRow = bundle.length <= INLINE_BUNDLE_MAXIMUM_BYTES;
    if (!isRow) await this.#files.put(unit, bundle);
    await this.#commits.add(() => {
      const { changes } = this.#database
        .prepare(
          `UPDATE unit SET state = 'computed', kind = 'success', digest = ?, bundle_bytes = ?, bundle = ?, elapsed_ms = ?,
             fuel = ?, mark_count = ?, chain_root = ?
           WHERE lease_id = ? AND unit_index = ? AND state = 'open'`,
        )
        .run(
          ...[success.digest, bundle.length, isRow ? bundle : null, success.elapsedMs],
          ...[success.fuel, success.markCount, success.chainRoot, unit.leaseId, unit.index],
        );
      if (changes > 0) this.#forgetSnapshot(unit);
      if (changes === 0 && !isRow && !this.#isComputed(unit)) this.#obsolete.push(unit);
    });
  }

  recordFailure(unit: UnitRef, failure: Failure): void {
    const { kind, code, exitCode, message, stderrTail, elapsedMs, fuel, markCount, chainRoot } = failure;
    this.together(() => {
      this.#database
        .prepare(
          `UPDATE unit SET state = 'computed', kind = ?, code = ?, exit_code = ?, message = ?, stderr_tail = ?,
             elapsed_ms = ?, fuel = ?, mark_count = ?, chain_root = ?
           WHERE lease_id = ? AND unit_index = ? AND state = 'open'`,
        )
        .run(
          ...[kind, code, exitCode, message, stderrTail],
          ...[elapsedMs, fuel, markCount, chainRoot, unit.leaseId, unit.index],
        );
      this.#forgetSnapshot(unit);
    });
  }

  /** Takes the result of a unit over to another lease of it, where the unit is open. */
  copyResult(from: UnitRef, to: UnitRef): void {
    this.together(() => {
      const copied = this.#database
        .prepare(
          `UPDATE unit SET state = 'computed', (kind, digest, bundle_bytes, bundle, elapsed_ms, fuel, mark_count, chain_root, code,
             exit_code, message, stderr_tail) = (SELECT kind, digest, bundle_bytes, bundle, elapsed_ms, fuel, mark_count, chain_root,
             code, exit_code, message, stderr_tail FROM unit WHERE lease_id = ? AND unit_index = ?)
           WHERE lease_id = ? AND unit_index = ? AND state = 'open' RETURNING kind = 'success' AND bundle IS NULL`,
        )
        .pluck()
        .get(from.leaseId, from.index, to.leaseId, to.index);
      if (copied === 1) this.#files.copy(from, to);
      this.#forgetSnapshot(to);
    });
  }

  /** The lease and its computed units of these indexes, for a receipt. Undefined when nothing of it is left. */
  results(leaseId: LeaseId, indexes: readonly number[]): { lease: Lease; results: RestoredResult[] } | undefined {
    const record = this.#database.prepare('SELECT record FROM lease WHERE lease_id = ?').pluck().get(leaseId);
    if (!(record instanceof Uint8Array)) return undefined;
    const wanted = new Set(indexes);
    const rows = this.#database
      .prepare("SELECT * FROM unit WHERE lease_id = ? AND state <> 'open' ORDER BY unit_index")
      .all(leaseId) as UnitRow[];
    const results = rows
      .filter(({ unit_index }) => wanted.has(unit_index))
      .map((row) => ({ ...refOf(row), ending: endingOf(row), isKept: row.state === 'kept' }));
    return { lease: leaseOf(record), results };
  }

  /** The large bundle of a success as the file that it is, with its hash. Undefined when the disk does not give it back. */
  bundleFile(unit: UnitRef): Promise<{ path: string; sha256: Uint8Array; sizeBytes: number } | undefined> {
    return this.#files.find(unit);
  }

  /** The bundle when it is small enough to be a row. */
  inlineBundle({ leaseId, index }: UnitRef): Uint8Array | undefined {
    const bundle = this.#database
      .prepare('SELECT bundle FROM unit WHERE lease_id = ? AND unit_index = ?')
      .pluck()
      .get(leaseId, index);
    return bundle instanceof Uint8Array ? Uint8Array.from(bundle) : undefined;
  }

  /** Acknowledged; the bundle may still be wanted. */
  keepResult({ leaseId, index }: UnitRef): void {
    this.#database
      .prepare("UPDATE unit SET state = 'kept' WHERE lease_id = ? AND unit_index = ? AND state = 'computed'")
      .run(leaseId, index);
  }

  deleteResult(unit: UnitRef): void {
    this.together(() => {
      const hadFile = this.#database
        .prepare(
          "DELETE FROM unit WHERE lease_id = ? AND unit_index = ? AND state <> 'open' RETURNING kind = 'success' AND bundle IS NULL",
        )
        .pluck()
        .get(unit.leaseId, unit.index);
      if (hadFile === 1) this.#obsolete.push(unit);
      this.#removeIfEmpty(unit.leaseId);
    });
  }

  /** Bytes of bundles that are waiting here. */
  bundleBytes(): number {
    const sum = this.#database.prepare("SELECT coalesce(sum(bundle_bytes), 0) FROM unit WHERE kind = 'success'");
    return sum.pluck().get() as number;
  }

  meta(name: string): string | undefined {
    return this.#database.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name) as string | undefined;
  }

  setMeta(name: string, value: string): void {
    this.#database
      .prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value);
  }

  close(): void {
    this.#database.close();
  }

  /** Whether the next run of the unit goes on from a snapshot. */
  #isBegun(lease: Lease, index: number): boolean {
    const stored = this.snapshots.find({ manifestCid: lease.manifestCid, index });
    return stored !== undefined && fitsLease(stored, lease);
  }

  #forgetSnapshot({ leaseId, index }: UnitRef): void {
    if (this.snapshots.count === 0) return;
    const query = 'SELECT manifest_cid FROM lease WHERE lease_id = ?';
    const manifestCid = this.#database.prepare(query).pluck().get(leaseId) as Cid | undefined;
    if (manifestCid !== undefined) this.snapshots.forget({ manifestCid, index });
  }

  #isComputed({ leaseId, index }: UnitRef): boolean {
    const query = "SELECT 1 FROM unit WHERE lease_id = ? AND unit_index = ? AND state <> 'open'";
    return this.#database.prepare(query).get(leaseId, index) !== undefined;
  }

  #removeIfEmpty(leaseId: LeaseId): void {
    this.#database
      .prepare(
        'DELETE FROM lease WHERE lease_id = ? AND NOT EXISTS (SELECT 1 FROM unit WHERE unit.lease_id = lease.lease_id)',
      )
      .run(leaseId);
  }
}
