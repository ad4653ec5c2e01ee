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
const ACTIVATE = `UPDATE project SET state = 'active' WHERE project_id = ? AND state = ? AND texts_sequence = ?`;

type Stored = Omit<ProjectRow, 'isInvited'> & { isInvited: 0 | 1 };

/** More projects than this do not wait for approval at one time. */
const PENDING_MAXIMUM = 100;
const SELECT = `SELECT id AS rowId, project_id AS projectId, name, title, question, description, input_licence AS inputLicence,
  result_licence AS resultLicence, contact, run_by AS runBy, texts_sequence AS textsSequence, texts, owner_key AS ownerKey, genesis, state,
  is_invited AS isInvited, created_at_ms AS createdAtMs, block_bytes AS blockBytes FROM project`;

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
      "SELECT project_id AS projectId FROM project WHERE owner_key = ? AND state <> 'pending' ORDER BY id LIMIT 1";
    return this.database.read((db) => prepare<{ projectId: ProjectId }>(db, sql).get(ownerKey))?.projectId;
  }

  list({ afterRowId, isPendingWanted, limit }: Parameters<ProjectsRepository['list']>[0]): Iterable<ProjectRow> {
    const sql = `${SELECT} WHERE id > ? ${isPendingWanted ? '' : "AND state <> 'pending'"} ORDER BY id LIMIT ?`;
    return shown(
      this.database.read((db) => prepare<Stored>(db, sql).iterate(afterRowId, limit)),
      toRow,
    );
  }

  create(project: NewProject): Promise<CreatedProject> {
    return this.database.write((db) => {
      if (prepare(db, 'SELECT 1 FROM project WHERE project_id = ?').get(project.projectId)) return 'exists';
      if (prepare(db, 'SELECT 1 FROM project WHERE name = ?').get(project.genesis.name)) return 'name-taken';
      const isInvited = project.invitationHash !== null;
      if (isInvited && !isOpenInvitation(db, project)) return 'invitation-refused';
      if (!project.isActive && !isInvited && countPending(db) >= PENDING_MAXIMUM) return 'too-many-pending';
      const rowId = insert(db, project);
      if (isInvited)
        prepare(db, 'UPDATE invitation SET project_row_id = ? WHERE invitation_hash = ?').run(
          rowId,
          project.invitationHash,
        );
      return 'created';
    });
  }

  async setState(projectId: string, state: ProjectState): Promise<void> {
    await this.database.write((db) =>
      prepare(db, 'UPDATE project SET state = ? WHERE project_id = ?').run(state, projectId),
    );
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
  return { ...row, isInvited: row.isInvited === 1 };
}

function isOpenInvitation(db: Database, { invitationHash, nowMs }: NewProject): boolean {
  const sql = 'SELECT 1 FROM invitation WHERE invitation_hash = ? AND project_row_id IS NULL AND expires_at_ms > ?';
  return prepare(db, sql).get(invitationHash, nowMs) !== undefined;
}

function countPending(db: Database): number {
  return (
    prepare<{ count: number }>(db, "SELECT count(*) AS count FROM project WHERE state = 'pending'").get()?.count ?? 0
  );
}

function insert(db: Database, { projectId, genesis, envelope, isActive, invitationHash, nowMs }: NewProject): number {
  const sql = `INSERT INTO project (project_id, name, title, question, description, owner_key, genesis, state, is_invited, created_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const state = isActive ? 'active' : 'pending';
  const isInvited = Number(invitationHash !== null);
  const { name, title, question, description, ownerKey } = genesis;
  const words = [name, title, question, description];
  const values = [projectId satisfies ProjectId, ...words, ownerKey, envelope, state, isInvited, nowMs];
  const rowId = Number(prepare(db, sql).run(...values).lastInsertRowid);
  prepare(db, 'INSERT INTO project_work (project_row_id, last_activity_ms) VALUES (?, ?)').run(rowId, nowMs);
  return rowId;
}
