// Batches in SQLite.
import type { BatchPolicy, Presentation } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import {
  BatchesRepository,
  type BatchPosition,
  type BatchRow,
  type BatchState,
  type NewBatch,
} from '../../batches/batches.repository.js';
import { shown } from '../../http/domain/page-bounds.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

type Stored = Omit<BatchRow, 'presentation'> & { presentation: string | null };

const SELECT = `SELECT batch.id AS rowId, batch_id AS batchId, batch.project_row_id AS projectRowId,
  project.project_id AS projectId, app_version_row_id AS appVersionRowId, app_version.app_version_id AS appVersionId,
  batch.name, manifest_cid AS manifestCid, policy_sequence AS policySequence, quorum, priority,
  expires_at_ms AS expiresAtMs, unit_count AS unitCount, timeout_ms AS timeoutMs,
  expected_duration_ms AS expectedDurationMs, app_version.memory_maximum_bytes AS memoryMaximumBytes,
  app_version.first_build AS firstBuild, fuel_maximum AS fuelMaximum, fuel_per_cobblestone AS fuelPerCobblestone, presentation, batch.holder_row_id AS holderRowId,
  batch.state, submitted_at_ms AS submittedAtMs, completed_at_ms AS completedAtMs, removed_at_ms AS removedAtMs
  FROM batch JOIN project ON project.id = batch.project_row_id
  JOIN app_version ON app_version.id = batch.app_version_row_id`;
const INSERT = `INSERT INTO batch (batch_id, project_row_id, app_version_row_id, name, manifest, manifest_cid, policy,
  policy_sequence, quorum, priority, expires_at_ms, unit_count, timeout_ms, expected_duration_ms, presentation,
  holder_row_id, fuel_maximum, fuel_per_cobblestone, state, submitted_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`;
const UPDATE_POLICY = `UPDATE batch SET policy = ?, policy_sequence = ?, quorum = ?, priority = ?,
  expires_at_ms = submitted_at_ms + ? WHERE id = ? AND policy_sequence < ?`;

const NEWEST: BatchPosition = { submittedAtMs: Number.MAX_SAFE_INTEGER, rowId: Number.MAX_SAFE_INTEGER };

@Injectable()
export class SqliteBatches extends BatchesRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  find(batchId: string): BatchRow | undefined {
    return this.all(`${SELECT} WHERE batch_id = ?`, batchId)[0];
  }

  findRow(rowId: number): BatchRow | undefined {
    return this.all(`${SELECT} WHERE batch.id = ?`, rowId)[0];
  }

  list(
    projectRowId: number,
    { after = NEWEST, limit }: { after?: BatchPosition | undefined; limit: number },
  ): Iterable<BatchRow> {
    const sql = `${SELECT} WHERE batch.project_row_id = ? AND (submitted_at_ms, batch.id) < (?, ?)
      ORDER BY submitted_at_ms DESC, batch.id DESC LIMIT ?`;
    const values = [projectRowId, after.submittedAtMs, after.rowId, limit];
    return shown(
      this.database.read((db) => prepare<Stored>(db, sql).iterate(...values)),
      toRow,
    );
  }

  listOpen(): BatchRow[] {
    return this.all(`${SELECT} WHERE batch.state = 'open' ORDER BY batch.id`);
  }

  listStopped(): BatchRow[] {
    return this.all(`${SELECT} WHERE batch.state = 'open' AND app_version.state = 'stopped' ORDER BY batch.id`);
  }

  listActive(): BatchRow[] {
    return this.all(
      `${SELECT} WHERE batch.state = 'open' AND project.state = 'active' AND app_version.state = 'ready'`,
    );
  }

  listEndedBefore(atMs: number): BatchRow[] {
    const isLeft = '(removed_at_ms IS NULL OR batch.holder_row_id IS NOT NULL)';
    return this.all(`${SELECT} WHERE completed_at_ms < ? AND ${isLeft} ORDER BY batch.id LIMIT 10`, atMs);
  }

  envelopes(rowId: number): { manifest: Uint8Array; policy: Uint8Array } | undefined {
    const sql = 'SELECT manifest, policy FROM batch WHERE id = ?';
    return this.database.read((db) => prepare<{ manifest: Uint8Array; policy: Uint8Array }>(db, sql).get(rowId));
  }

  create(batch: NewBatch, createUnits: (batchRowId: number) => void): Promise<number | undefined> {
    return this.database.write((db) => {
      if (prepare(db, 'SELECT 1 FROM batch WHERE batch_id = ?').get(batch.batchId)) return undefined;
      const rowId = Number(prepare(db, INSERT).run(...valuesOf(batch)).lastInsertRowid);
      createUnits(rowId);
      return rowId;
    });
  }

  putPolicy(rowId: number, policy: BatchPolicy, envelope: Uint8Array): Promise<boolean> {
    const { sequence, quorum, priority, expiresAfterMs } = policy;
    const values = [envelope, sequence, quorum, priority, expiresAfterMs, rowId, sequence];
    return this.database.write((db) => prepare(db, UPDATE_POLICY).run(...values).changes === 1);
  }

  async setState(rowId: number, state: BatchState, completedAtMs: number | null): Promise<void> {
    const sql = 'UPDATE batch SET state = ?, completed_at_ms = ? WHERE id = ?';
    await this.database.write((db) => prepare(db, sql).run(state, completedAtMs, rowId));
  }

  async setRemoved(rowId: number, atMs: number): Promise<void> {
    const sql = 'UPDATE batch SET removed_at_ms = ? WHERE id = ?';
    await this.database.write((db) => prepare(db, sql).run(atMs, rowId));
  }

  async dropHolder(rowId: number): Promise<void> {
    const sql = 'UPDATE batch SET holder_row_id = NULL WHERE id = ?';
    await this.database.write((db) => prepare(db, sql).run(rowId));
  }

  private all(sql: string, ...values: unknown[]): BatchRow[] {
    return this.database.read((db) => prepare<Stored>(db, sql).all(...values)).map(toRow);
  }
}

function toRow({ presentation, ...row }: Stored): BatchRow {
  return { ...row, presentation: presentation === null ? null : (JSON.parse(presentation) as Presentation) };
}

function valuesOf({
  batchId,
  projectRowId,
  appVersionRowId,
  root,
  manifest,
  manifestCid,
  ...rest
}: NewBatch): unknown[] {
  const { policy, policyEnvelope, holderRowId, fuelPerCobblestone, nowMs } = rest;
  const identity = [batchId, projectRowId, appVersionRowId, root.batchName, manifest, manifestCid];
  const expiresAtMs = policy.expiresAfterMs === null ? null : nowMs + policy.expiresAfterMs;
  const rules = [policyEnvelope, policy.sequence, policy.quorum, policy.priority, expiresAtMs];
  const { timeoutMs, expectedDurationMs, fuelMaximum } = root.limits;
  const presentation = root.presentation && JSON.stringify(root.presentation);
  const limits = [root.unitCount, timeoutMs, expectedDurationMs];
  return [...identity, ...rules, ...limits, presentation, holderRowId, fuelMaximum, fuelPerCobblestone, nowMs];
}
