// Projects: founded by a signed genesis, active after the operator's approval, an invitation and its facts, or at once on an open coordinator.
import { createHash, randomBytes } from 'node:crypto';
import {
  type ErrorCode,
  ManyhandsError,
  type PageQuery,
  type Project,
  projectGenesisSchema,
  projectIdOf,
  projectTextsSchema,
  toBase64Url,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { Foundings } from '../admission/foundings.js';
import { openRecord } from '../auth/envelopes.js';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import { NetworkNames } from '../core/hosts/network-names.js';
import { shown, takePage } from '../http/domain/page-bounds.js';
import type { Page } from '../http/paged.js';
import { askForFacts, missingFacts } from './domain/facts.js';
import { type CreatedProject, type ProjectRow, type ProjectState, ProjectsRepository } from './projects.repository.js';

const INVITATION_LIFETIME_MS = 14 * 24 * 60 * 60_000;
/** A project that nobody has approved for so long is gone; its owner may found it anew. */
const PENDING_LIFETIME_MS = 14 * 24 * 60 * 60_000;

const REFUSALS: Partial<Record<CreatedProject, { code: ErrorCode; message: string }>> = {
  'name-taken': {
    code: 'MH-PRJ-001',
    message: 'A project of that name exists already with another key; names that differ in case alone are one name.',
  },
  'too-many-founded': { code: 'MH-GEN-012', message: 'Too many new projects come from this address; try again later.' },
  'invitation-refused': { code: 'MH-PRJ-002', message: 'The invitation is unknown, used or expired.' },
  'too-many-pending': {
    code: 'MH-PRJ-002',
    message: 'Too many projects wait for approval here; ask for an invitation.',
  },
};

@Injectable()
export class ProjectsService {
  private readonly networks: NetworkNames;

  constructor(
    private readonly settings: Settings,
    private readonly projects: ProjectsRepository,
    private readonly foundings: Foundings,
    private readonly changes: Changes,
  ) {
    this.networks = new NetworkNames(settings.keyPair, () => false);
  }

  /** Founds a project for whoever calls from an address, or finds it again. Throws MH-SIG-…, MH-PRJ-001, MH-PRJ-002, MH-GEN-012. */
  async create(genesisText: string, invitation: string | null, address: string): Promise<Project> {
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
    const { isOpen } = this.settings.options;
    await this.removeExpired();
    const created = await this.projects.create({
      projectId,
      genesis,
      envelope,
      isActive: isOpen,
      invitationHash: invitation === null ? null : hashOf(invitation),
      nowMs: Date.now(),
      network: this.networks.of(address).name,
      mayBeFounded: () => this.foundings.admit(isOpen ? 'open-project' : 'pending-project', address),
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

  /** The one of that name, whatever its state. */
  named(name: string): Project | undefined {
    const row = this.projects.findByName(name);
    return row && toProject(row);
  }

  /** Oldest first; those that wait for approval only when they are wanted. Throws MH-GEN-003 for an `after` that is no project. */
  list({ after, limit }: PageQuery, { isPendingWanted }: { isPendingWanted: boolean }): Page<Project> {
    const afterRowId = after === undefined ? 0 : this.require(after).rowId;
    const found = this.projects.list({ afterRowId, isPendingWanted, limit: limit + 1 });
    const { taken, isMore } = takePage(shown(found, toProject), limit);
    return { rows: taken, next: isMore ? (taken.at(-1)?.projectId ?? null) : null };
  }

  /**
   * Texts of a higher sequence replace those before; a project that was invited becomes active once its facts are stated. Idempotent.
   * Throws MH-SIG-…, MH-GEN-003, MH-PRJ-006, or MH-PRJ-005 when they would take back what an active project has to state.
   */
  async putTexts(projectId: string, text: string): Promise<Project> {
    const row = this.require(projectId);
    const { value, envelope } = openRecord(text, this.settings, {
      type: 'project-texts',
      schema: projectTextsSchema,
      publicKey: row.ownerKey,
    });
    if (value.projectId !== projectId)
      throw new ManyhandsError('MH-SIG-004', { message: 'The texts are for another project.' });
    const mayBeSilent = this.settings.options.isOpen || row.state === 'pending' || missingFacts(row).length > 0;
    if (!mayBeSilent) requireFacts({ ...value, name: row.name });
    if (!(await this.projects.putTexts(value, envelope, row.state))) {
      const now = this.require(projectId);
      // What was allowed for a project that waits need not be for the active one that it has become meanwhile.
      if (now.state !== row.state) return this.putTexts(projectId, text);
      assertRepeated(now, envelope);
    }
    const now = this.require(projectId);
    if (now.state === 'pending' && now.isInvited && missingFacts(now).length === 0) await this.activate(now);
    return this.get(projectId);
  }

  /** Lets the project begin. Throws MH-GEN-003, or MH-PRJ-005 when it does not state what volunteers have to know. */
  async approve(projectId: string): Promise<Project> {
    const row = this.require(projectId);
    requireFacts(row);
    return (await this.activate(row)) ? this.get(projectId) : this.approve(projectId);
  }

  /** Only as it was read: its owner may have taken the facts back meanwhile, the operator may have paused it. */
  private async activate(row: ProjectRow): Promise<boolean> {
    const isDone = await this.projects.activate(row);
    if (isDone) this.changes.emit({ kind: 'project', projectRowId: row.rowId });
    return isDone;
  }

  /** Pauses a project. One that waits for approval stays as hidden as it was. Throws MH-GEN-003. */
  async pause(projectId: string): Promise<Project> {
    return this.setState(projectId, 'paused');
  }

  /** Lets a paused project go on. Throws MH-GEN-003, or MH-PRJ-003 for one that was never approved. */
  async resume(projectId: string): Promise<Project> {
    const { isApproved, name } = this.require(projectId);
    if (!isApproved)
      throw new ManyhandsError('MH-PRJ-003', {
        message: `${name} was never approved: approve it (manyhands project approve ${name}), or reject it.`,
      });
    return this.setState(projectId, 'active');
  }

  /** Removes a project that was never approved, and frees its name. Returns it as it was. Throws MH-GEN-003, MH-PRJ-008. */
  async reject(projectId: string): Promise<Project> {
    const project = this.get(projectId);
    if (!(await this.projects.remove(projectId))) throw new ManyhandsError('MH-PRJ-008');
    return project;
  }

  /** Those that nobody has approved for so long are gone, and their names free. */
  async removeExpired(): Promise<void> {
    await this.projects.removeWaiting(Date.now() - PENDING_LIFETIME_MS);
  }

  private async setState(projectId: string, to: Exclude<ProjectState, 'pending'>): Promise<Project> {
    const { rowId, state } = this.require(projectId);
    if (!(await this.projects.setState(projectId, state, to))) return this.setState(projectId, to);
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
  const { projectId, name, title, question, description, state, createdAtMs, genesis, texts } = row;
  const { inputLicence, resultLicence, contact, runBy, textsSequence } = row;
  return {
    ...{ projectId, name, title, question, description, inputLicence, resultLicence, contact, runBy, textsSequence },
    ...{ state, createdAtMs, genesis: toBase64Url(genesis), texts: texts && toBase64Url(texts) },
  };
}

function requireFacts(
  project: Pick<ProjectRow, 'name' | 'inputLicence' | 'resultLicence' | 'contact' | 'runBy'>,
): void {
  const missing = missingFacts(project);
  if (missing.length === 0) return;
  throw new ManyhandsError('MH-PRJ-005', {
    message: askForFacts(project.name, missing),
    meta: { missing: missing.map(({ option }) => option) },
  });
}

function assertRepeated({ texts, textsSequence }: ProjectRow, envelope: Uint8Array): void {
  if (texts && Buffer.compare(texts, envelope) === 0) return;
  throw new ManyhandsError('MH-PRJ-006', {
    message: `The project has texts of sequence ${textsSequence} already: read them, and sign the change with a higher sequence.`,
    meta: { textsSequence },
  });
}

function hashOf(invitation: string): Uint8Array {
  return createHash('sha256').update(invitation).digest();
}
