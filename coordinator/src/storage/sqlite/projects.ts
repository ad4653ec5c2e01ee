// Projects and invitations in SQLite.
import type { ProjectId, ProjectTexts } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { Database } from 'better-sqlite3';
import { shown } from '../../http/domain/page-bounds.js';
import {
  type CreatedProject,
  type NewProject,
  type ProjectRow,
  type ProjectState,
  ProjectsRepository,
} from '../../projects/projects.repository.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

const UPDATE_TEXTS = `UPDATE project SET title = ?, question = ?, description = ?, input_licence = ?, result_licence = ?, contact = ?, run_by = ?,
  texts_sequence = ?, texts = ? WHERE project_id = ? AND texts_sequence < ? AND state = ?`;
const ACTIVATE = `UPDATE project SET state = 'active', is_approved = 1 WHERE project_id = ? AND state = ? AND texts_sequence = ?`;

type Stored = Omit<ProjectRow, 'isInvited' | 'isApproved'> & { isInvited: 0 | 1; isApproved: 0 | 1 };

/** More projects than this do not wait for approval at one time. */
const PENDING_MAXIMUM = 100;
const WAITING = "state = 'pending' AND is_invited = 0";
const SELECT = `SELECT id AS rowId, project_id AS projectId, name, title, question, description, input_licence AS inputLicence,
  result_licence AS resultLicence, contact, run_by AS runBy, texts_sequence AS textsSequence, texts, owner_key AS ownerKey, genesis, state,
  is_invited AS isInvited, is_approved AS isApproved, created_at_ms AS createdAtMs, block_bytes AS blockBytes FROM project`;

@Injectable()
export class SqliteProjects extends ProjectsRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  find(projectId: string): ProjectRow | undefined {
    return this.all('WHERE project_id = ?', projectId)[0];
  }

  findByName(name: string): ProjectRow | undefined {
    return this.all('WHERE name = ?', name)[0];
  }

  ownedBy(ownerKey: Uint8Array): ProjectId | undefined {
    const sql =
      'SELECT project_id AS projectId FROM project WHERE owner_key = ? AND is_approved = 1 ORDER BY id LIMIT 1';
    return this.database.read((db) => prepare<{ projectId: ProjectId }>(db, sql).get(ownerKey))?.projectId;
  }

  list({ afterRowId, isPendingWanted, limit }: Parameters<ProjectsRepository['list']>[0]): Iterable<ProjectRow> {
    const sql = `${SELECT} WHERE id > ? ${isPendingWanted ? '' : 'AND is_approved = 1'} ORDER BY id LIMIT ?`;
    return shown(
      this.database.read((db) => prepare<Stored>(db, sql).iterate(afterRowId, limit)),
      toRow,
    );
  }

  create(project: NewProject): Promise<CreatedProject> {
    return this.database.write((db) => {
      if (prepare(db, 'SELECT 1 FROM project WHERE project_id = ?').get(project.projectId)) return 'exists';
      if (prepare(db, 'SELECT 1 FROM project WHERE name = ? COLLATE NOCASE').get(project.genesis.name))
        return 'name-taken';
      const isInvited = project.invitationHash !== null;
      if (isInvited && !isOpenInvitation(db, project)) return 'invitation-refused';
      if (!isInvited && !project.mayBeFounded()) return 'too-many-founded';
      if (!project.isActive && !isInvited && !makeRoom(db, project.network)) return 'too-many-pending';
      const rowId = insert(db, project);
      if (isInvited)
        prepare(db, 'UPDATE invitation SET project_row_id = ? WHERE invitation_hash = ?').run(
          rowId,
          project.invitationHash,
        );
      return 'created';
    });
  }

  setState(projectId: string, from: ProjectState, to: ProjectState): Promise<boolean> {
    const sql = 'UPDATE project SET state = ? WHERE project_id = ? AND state = ?';
    return this.database.write((db) => prepare(db, sql).run(to, projectId, from).changes === 1);
  }

  remove(projectId: string): Promise<boolean> {
    return this.database.write((db) => remove(db, 'project_id = ?', projectId));
  }

  async removeWaiting(createdBeforeMs: number): Promise<void> {
    await this.database.write((db) => remove(db, `${WAITING} AND created_at_ms < ?`, createdBeforeMs));
  }

  putTexts(texts: ProjectTexts, envelope: Uint8Array, state: ProjectState): Promise<boolean> {
    const { projectId, sequence, title, question, description, inputLicence, resultLicence, contact, runBy } = texts;
    const words = [title, question, description, inputLicence, resultLicence, contact, runBy];
    return this.database.write(
      (db) => prepare(db, UPDATE_TEXTS).run(...words, sequence, envelope, projectId, sequence, state).changes === 1,
    );
  }

  activate({
    projectId,
    state,
    textsSequence,
  }: Pick<ProjectRow, 'projectId' | 'state' | 'textsSequence'>): Promise<boolean> {
    return this.database.write((db) => prepare(db, ACTIVATE).run(projectId, state, textsSequence).changes === 1);
  }

  async addInvitation(invitationHash: Uint8Array, expiresAtMs: number): Promise<void> {
    await this.database.write((db) =>
      prepare(db, 'INSERT INTO invitation (invitation_hash, expires_at_ms) VALUES (?, ?)').run(
        invitationHash,
        expiresAtMs,
      ),
    );
  }

  private all(rest: string, ...values: unknown[]): ProjectRow[] {
    const rows = this.database.read((db) => prepare<Stored>(db, `${SELECT} ${rest}`).all(...values));
    return rows.map(toRow);
  }
}

function toRow(row: Stored): ProjectRow {
  return { ...row, isInvited: row.isInvited === 1, isApproved: row.isApproved === 1 };
}

function isOpenInvitation(db: Database, { invitationHash, nowMs }: NewProject): boolean {
  const sql = 'SELECT 1 FROM invitation WHERE invitation_hash = ? AND project_row_id IS NULL AND expires_at_ms > ?';
  return prepare(db, sql).get(invitationHash, nowMs) !== undefined;
}

/** Whether one more may wait. When as many do as may, the network that has most of them gives up its newest, unless the newcomer's has as many. */
function makeRoom(db: Database, network: string): boolean {
  const shares = prepare<{ network: string; count: number; newestId: number }>(
    db,
    `SELECT network, count(*) AS count, max(id) AS newestId FROM project WHERE ${WAITING} GROUP BY network ORDER BY count DESC`,
  ).all();
  if (shares.reduce((sum, { count }) => sum + count, 0) < PENDING_MAXIMUM) return true;
  const own = shares.find((share) => share.network === network)?.count ?? 0;
  const [largest] = shares;
  return largest !== undefined && largest.count > own + 1 && remove(db, 'id = ?', largest.newestId);
}

/** Nothing hangs on a project that was never active but its texts; the invitation that it came with stays used. */
function remove(db: Database, condition: string, value: string | number): boolean {
  const ids = `SELECT id FROM project WHERE is_approved = 0 AND ${condition}`;
  prepare(db, `DELETE FROM invitation WHERE project_row_id IN (${ids})`).run(value);
  prepare(db, `DELETE FROM project_work WHERE project_row_id IN (${ids})`).run(value);
  return prepare(db, `DELETE FROM project WHERE id IN (${ids})`).run(value).changes > 0;
}

function insert(db: Database, project: NewProject): number {
  const { projectId, genesis, envelope, isActive, invitationHash, network, nowMs } = project;
  const sql = `INSERT INTO project (project_id, name, title, question, description, owner_key, genesis, state, is_approved, is_invited, network, created_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const state = isActive ? 'active' : 'pending';
  const isInvited = Number(invitationHash !== null);
  const { name, title, question, description, ownerKey } = genesis;
  const words = [name, title, question, description];
  const place = [state, Number(isActive), isInvited, network, nowMs];
  const values = [projectId satisfies ProjectId, ...words, ownerKey, envelope, ...place];
  const rowId = Number(prepare(db, sql).run(...values).lastInsertRowid);
  prepare(db, 'INSERT INTO project_work (project_row_id, last_activity_ms) VALUES (?, ?)').run(rowId, nowMs);
  return rowId;
}
