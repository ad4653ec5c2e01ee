// Projects: founded by a signed genesis, active after an invitation, the operator's approval, or at once on an open coordinator.
import { createHash, randomBytes } from 'node:crypto';
import {
  type ErrorCode,
  ManyhandsError,
  type Project,
  projectGenesisSchema,
  projectIdOf,
  toBase64Url,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { openRecord } from '../auth/envelopes.js';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import { type CreatedProject, type ProjectRow, type ProjectState, ProjectsRepository } from './projects.repository.js';

const INVITATION_LIFETIME_MS = 14 * 24 * 60 * 60_000;

const REFUSALS: Partial<Record<CreatedProject, { code: ErrorCode; message: string }>> = {
  'name-taken': { code: 'MH-PRJ-001', message: 'A project of that name exists already with another key.' },
  'invitation-refused': { code: 'MH-PRJ-002', message: 'The invitation is unknown, used or expired.' },
  'too-many-pending': {
    code: 'MH-PRJ-002',
    message: 'Too many projects wait for approval here; ask for an invitation.',
  },
};

@Injectable()
export class ProjectsService {
  constructor(
    private readonly settings: Settings,
    private readonly projects: ProjectsRepository,
    private readonly changes: Changes,
  ) {}

  /** Founds a project, or finds it again. Throws MH-SIG-…, MH-PRJ-001, MH-PRJ-002. */
  async create(genesisText: string, invitation: string | null): Promise<Project> {
    const {
      value: genesis,
      payload,
      publicKey,
      envelope,
    } = openRecord(genesisText, this.settings, {
      type: 'project-genesis',
      schema: projectGenesisSchema,
    });
    if (Buffer.compare(genesis.ownerKey, publicKey) !== 0) throw new ManyhandsError('MH-SIG-004');
    const projectId = projectIdOf(payload);
    const created = await this.projects.create({
      projectId,
      genesis,
      envelope,
      isActive: this.settings.options.isOpen,
      invitationHash: invitation === null ? null : hashOf(invitation),
      nowMs: Date.now(),
    });
    const refusal = REFUSALS[created];
    if (refusal) throw new ManyhandsError(refusal.code, { message: refusal.message });
    return toProject(this.require(projectId));
  }

  /** Throws MH-GEN-003. */
  require(projectId: string): ProjectRow {
    const row = this.projects.find(projectId);
    if (!row) throw new ManyhandsError('MH-GEN-003', { message: 'There is no such project.' });
    return row;
  }

  /** Throws MH-GEN-003, or MH-PRJ-003 when the project may not do anything now. */
  requireActive(projectId: string): ProjectRow {
    const row = this.require(projectId);
    if (row.state !== 'active') throw new ManyhandsError('MH-PRJ-003', { meta: { state: row.state } });
    return row;
  }

  get(projectId: string): Project {
    return toProject(this.require(projectId));
  }

  /** All public projects, or the one of that name whatever its state. */
  list(name: string | undefined): Project[] {
    if (name === undefined) return this.projects.listPublic().map(toProject);
    const row = this.projects.findByName(name);
    return row ? [toProject(row)] : [];
  }

  listAll(): Project[] {
    return this.projects.listAll().map(toProject);
  }

  async setState(projectId: string, state: Exclude<ProjectState, 'pending'>): Promise<Project> {
    const { rowId } = this.require(projectId);
    await this.projects.setState(projectId, state);
    this.changes.emit({ kind: 'project', projectRowId: rowId });
    return this.get(projectId);
  }

  async invite(): Promise<{ invitation: string; expiresAtMs: number }> {
    const invitation = randomBytes(18).toString('base64url');
    const expiresAtMs = Date.now() + INVITATION_LIFETIME_MS;
    await this.projects.addInvitation(hashOf(invitation), expiresAtMs);
    return { invitation, expiresAtMs };
  }
}

export function toProject(row: ProjectRow): Project {
  const { projectId, name, title, question, description, state, createdAtMs, genesis } = row;
  return {
    ...{ projectId, name, title, question, description, state, createdAtMs, genesis: toBase64Url(genesis) },
    ...{ inputLicence: '', resultLicence: '', contact: '', runBy: '', textsSequence: 0, texts: null },
  };
}

function hashOf(invitation: string): Uint8Array {
  return createHash('sha256').update(invitation).digest();
}
