// App versions: published by a signed record, ready once the pinned pipeline was run again and made the same module.
import {
  type AppVersionStatus,
  appVersionIdOf,
  appVersionSchema,
  type Cid,
  decodeFileList,
  type FileRef,
  firstBuildOf,
  hasFileList,
  ManyhandsError,
  type PageQuery,
  toBase64Url,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { openRecord } from '../auth/envelopes.js';
import { BlocksService, missingBlocks } from '../blocks/blocks.service.js';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import { shown, takePage } from '../http/domain/page-bounds.js';
import type { Page } from '../http/paged.js';
import { ProjectsService } from '../projects/projects.service.js';
import { AppChecker } from './app-checker.js';
import { AppsRepository, type AppVersionRow } from './apps.repository.js';

@Injectable()
export class AppsService {
  constructor(
    private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly blocks: BlocksService,
    private readonly apps: AppsRepository,
    private readonly checker: AppChecker,
    private readonly changes: Changes,
  ) {}

  /**
   * Publishes an app version. Idempotent. `isOwnCall`: whether the owner's key signed this very call, as anybody can send the public record again; only asked
   * where it matters. Throws MH-SIG-…, MH-PRJ-003, MH-BAT-002, MH-BAT-003, MH-GEN-012.
   */
  async publish(
    projectId: string,
    recordText: string,
    isOwnCall: (ownerKey: Uint8Array) => Promise<boolean>,
  ): Promise<AppVersionStatus> {
    const project = this.projects.require(projectId);
    const { value, payload, envelope } = openRecord(recordText, this.settings, {
      type: 'app-version',
      schema: appVersionSchema,
      publicKey: project.ownerKey,
    });
    this.projects.requireActive(projectId);
    if (value.projectId !== projectId)
      throw new ManyhandsError('MH-SIG-004', { message: 'The record belongs to another project.' });
    const appVersionId = appVersionIdOf(payload);
    const known = this.apps.find(appVersionId);
    if (known) return toStatus(await this.checkAgainIfTroubled(known, () => isOwnCall(project.ownerKey)));
    const modules = [value.original, ...Object.values(value.builds)];
    const blocks = await Promise.all(modules.map((module) => this.blocksOf(module)));
    const holderRowId = await this.blocks.hold(new Set(blocks.flat()));
    const { pendingAppVersionsMaximum: pendingMaximum } = this.settings.options;
    const created = await this.apps.create({
      appVersionId,
      projectRowId: project.rowId,
      name: value.name,
      record: envelope,
      memoryMaximumBytes: value.memoryMaximumBytes,
      firstBuild: firstBuildOf(value),
      holderRowId,
      pendingMaximum,
      nowMs: Date.now(),
    });
    if (created !== 'created') await this.blocks.release(holderRowId); // `known`: the same record came twice at the same time
    if (created === 'full') throw tooMany(pendingMaximum);
    this.checker.wake();
    return toStatus(this.require(appVersionId));
  }

  get(appVersionId: string): AppVersionStatus {
    return toStatus(this.require(appVersionId));
  }

  /** Oldest first. Throws MH-GEN-003 for an `after` that is no app version. */
  list(projectId: string, { after, limit }: PageQuery): Page<AppVersionStatus> {
    const { rowId } = this.projects.require(projectId);
    const afterRowId = after === undefined ? 0 : this.require(after).rowId;
    const { taken, isMore } = takePage(shown(this.apps.list(rowId, { afterRowId, limit: limit + 1 }), toStatus), limit);
    return { rows: taken, next: isMore ? (taken.at(-1)?.appVersionId ?? null) : null };
  }

  /** Throws MH-GEN-003. */
  require(appVersionId: string): AppVersionRow {
    const row = this.apps.find(appVersionId);
    if (!row) throw new ManyhandsError('MH-GEN-003', { message: 'There is no such app version.' });
    return row;
  }

  /** Throws MH-BAT-003 when it belongs to another project, MH-APP-001 while it is checked, MH-APP-002 when refused or stopped. */
  requireReady(appVersionId: string, projectRowId: number): AppVersionRow {
    const row = this.apps.find(appVersionId);
    if (row?.projectRowId !== projectRowId)
      throw new ManyhandsError('MH-BAT-003', {
        message: 'The manifest names an app version that its project does not have.',
      });
    if (row.state === 'pending') throw new ManyhandsError('MH-APP-001');
    if (row.state !== 'ready') throw new ManyhandsError('MH-APP-002', { meta: { state: row.state } });
    return row;
  }

  /** Ends an app version for good. Returns its row. */
  async stop(appVersionId: string): Promise<AppVersionRow> {
    const row = this.require(appVersionId);
    await this.apps.move(row.rowId, { from: row.state, to: 'stopped', refusal: row.refusal });
    this.changes.emit({ kind: 'app-version', appVersionRowId: row.rowId });
    return this.require(appVersionId);
  }

  /** A refusal for trouble on our side (time, memory) is not the last word, for its owner; it takes a place like a new version. */
  private async checkAgainIfTroubled(row: AppVersionRow, isOwnCall: () => Promise<boolean>): Promise<AppVersionRow> {
    if (row.state !== 'refused' || row.refusal?.retryable !== true || !(await isOwnCall())) return row;
    const { pendingAppVersionsMaximum } = this.settings.options;
    if ((await this.apps.checkAgain(row.rowId, pendingAppVersionsMaximum)) === 'full')
      throw tooMany(pendingAppVersionsMaximum);
    this.checker.wake();
    return this.require(row.appVersionId);
  }

  private async blocksOf(module: FileRef): Promise<Cid[]> {
    if (!hasFileList(module)) return [module.cid];
    if (this.blocks.sizeOf(module.cid) === undefined) throw missingBlocks([module.cid]);
    const list = decodeFileList(module, await this.blocks.read(module.cid));
    return [module.cid, ...list.blocks];
  }
}

function tooMany(pendingMaximum: number): ManyhandsError {
  return new ManyhandsError('MH-GEN-012', {
    message: `At most ${pendingMaximum} app versions of a project are checked at one time; wait until one is.`,
  });
}

function toStatus(row: AppVersionRow): AppVersionStatus {
  const { appVersionId, projectId, name, record, state, refusal } = row;
  return { appVersionId, projectId, name, record: toBase64Url(record), state, refusal };
}
