// Projects and invitations in SQLite.
import type { ProjectId } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { Database } from 'better-sqlite3';
import {
  type CreatedProject,
  type NewProject,
  type ProjectRow,
  type ProjectState,
  ProjectsRepository,
} from '../../projects/projects.repository.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

/** More projects than this do not wait for approval at one time. */
const PENDING_MAXIMUM = 100;
const SELECT = `SELECT id AS rowId, project_id AS projectId, name, title, question, description, owner_key AS ownerKey, genesis,
  state, created_at_ms AS createdAtMs, block_bytes AS blockBytes FROM project`;

@Injectable()
export class SqliteProjects extends ProjectsRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  find(projectId: string): ProjectRow | undefined {
    return this.database.read((db) => prepare<ProjectRow>(db, `${SELECT} WHERE project_id = ?`).get(projectId));
  }

  findByName(name: string): ProjectRow | undefined {
    return this.database.read((db) => prepare<ProjectRow>(db, `${SELECT} WHERE name = ?`).get(name));
  }

  listPublic(): ProjectRow[] {
    return this.database.read((db) => prepare<ProjectRow>(db, `${SELECT} WHERE state <> 'pending' ORDER BY id`).all());
  }

  listAll(): ProjectRow[] {
    return this.database.read((db) => prepare<ProjectRow>(db, `${SELECT} ORDER BY id`).all());
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

  async addInvitation(invitationHash: Uint8Array, expiresAtMs: number): Promise<void> {
    await this.database.write((db) =>
      prepare(db, 'INSERT INTO invitation (invitation_hash, expires_at_ms) VALUES (?, ?)').run(
        invitationHash,
        expiresAtMs,
      ),
    );
  }
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
  const sql = `INSERT INTO project (project_id, name, title, question, description, owner_key, genesis, state, created_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const state = isActive || invitationHash !== null ? 'active' : 'pending';
  const { name, title, question, description, ownerKey } = genesis;
  const values = [projectId satisfies ProjectId, name, title, question, description, ownerKey, envelope, state, nowMs];
  return Number(prepare(db, sql).run(...values).lastInsertRowid);
}
