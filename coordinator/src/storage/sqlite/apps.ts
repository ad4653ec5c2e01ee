// App versions in SQLite.
import type { ErrorBody } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import {
  AppsRepository,
  type AppVersionRow,
  type AppVersionState,
  type NewAppVersion,
} from '../../apps/apps.repository.js';
import { shown } from '../../http/domain/page-bounds.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

type Stored = Omit<AppVersionRow, 'refusal'> & { refusal: string | null };

/** More than these wait for others to be done. */
const PENDING_SEEN_MAXIMUM = 1000;

const SELECT = `SELECT app_version.id AS rowId, app_version_id AS appVersionId, project_row_id AS projectRowId,
  project.project_id AS projectId, app_version.name, record, memory_maximum_bytes AS memoryMaximumBytes,
  first_build AS firstBuild, app_version.state, refusal
  FROM app_version JOIN project ON project.id = project_row_id`;
const INSERT = `INSERT INTO app_version (app_version_id, project_row_id, name, record, memory_maximum_bytes, first_build, state,
  holder_row_id, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?) ON CONFLICT (app_version_id) DO NOTHING`;

@Injectable()
export class SqliteApps extends AppsRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  find(appVersionId: string): AppVersionRow | undefined {
    return this.first(`${SELECT} WHERE app_version_id = ?`, appVersionId);
  }

  findRow(rowId: number): AppVersionRow | undefined {
    return this.first(`${SELECT} WHERE app_version.id = ?`, rowId);
  }

  list(projectRowId: number, { afterRowId, limit }: { afterRowId: number; limit: number }): Iterable<AppVersionRow> {
    const sql = `${SELECT} WHERE project_row_id = ? AND app_version.id > ? ORDER BY app_version.id LIMIT ?`;
    return shown(
      this.database.read((db) => prepare<Stored>(db, sql).iterate(projectRowId, afterRowId, limit)),
      toRow,
    );
  }

  pending(): Pick<AppVersionRow, 'rowId' | 'projectRowId'>[] {
    const sql = `SELECT id AS rowId, project_row_id AS projectRowId FROM app_version WHERE state = 'pending' ORDER BY id LIMIT ?`;
    return this.database.read((db) =>
      prepare<Pick<AppVersionRow, 'rowId' | 'projectRowId'>>(db, sql).all(PENDING_SEEN_MAXIMUM),
    );
  }

  pendingCount(projectRowId?: number): number {
    const sql = `SELECT count(*) AS count FROM app_version WHERE state = 'pending' AND coalesce(?, project_row_id) = project_row_id`;
    return this.database.read((db) => prepare<{ count: number }>(db, sql).get(projectRowId ?? null))?.count ?? 0;
  }

  create(version: NewAppVersion): Promise<'created' | 'known' | 'full'> {
    const { appVersionId, projectRowId, name, record, memoryMaximumBytes, firstBuild, holderRowId, nowMs } = version;
    const values = [appVersionId, projectRowId, name, record, memoryMaximumBytes, firstBuild, holderRowId, nowMs];
    return this.database.write((db) => {
      if (this.find(appVersionId)) return 'known';
      if (this.pendingCount(projectRowId) >= version.pendingMaximum) return 'full';
      prepare(db, INSERT).run(...values);
      return 'created';
    });
  }

  checkAgain(rowId: number, pendingMaximum: number): Promise<'done' | 'full' | 'other'> {
    const sql = `UPDATE app_version SET state = 'pending', refusal = NULL WHERE id = ? AND state = 'refused'`;
    const select = 'SELECT project_row_id AS projectRowId FROM app_version WHERE id = ?';
    return this.database.write((db) => {
      const row = prepare<{ projectRowId: number }>(db, select).get(rowId);
      if (row && this.pendingCount(row.projectRowId) >= pendingMaximum) return 'full';
      return prepare(db, sql).run(rowId).changes === 1 ? 'done' : 'other';
    });
  }

  move(
    rowId: number,
    { from, to, refusal }: { from: AppVersionState; to: AppVersionState; refusal: ErrorBody | null },
  ): Promise<boolean> {
    const sql = 'UPDATE app_version SET state = ?, refusal = ? WHERE id = ? AND state = ?';
    const text = refusal && JSON.stringify(refusal);
    return this.database.write((db) => prepare(db, sql).run(to, text, rowId, from).changes === 1);
  }

  private first(sql: string, ...values: unknown[]): AppVersionRow | undefined {
    const row = this.database.read((db) => prepare<Stored>(db, sql).get(...values));
    return row && toRow(row);
  }
}

function toRow({ refusal, ...row }: Stored): AppVersionRow {
  return { ...row, refusal: refusal === null ? null : (JSON.parse(refusal) as ErrorBody) };
}
