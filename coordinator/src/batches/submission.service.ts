// Submission of a batch: signed manifest and policy, complete and consistent, or refused as a whole. Idempotent by name and content.
import {
  type BatchPolicy,
  BLOCK_MAXIMUM_BYTES,
  batchIdOf,
  batchPolicySchema,
  dagCborCidOf,
  equalBytes,
  FUEL_PER_COBBLESTONE,
  type ManifestRoot,
  ManyhandsError,
  manifestRootSchema,
  type submitBatchSchema,
  toBase64Url,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AppsService } from '../apps/apps.service.js';
import { type OpenedRecord, openRecord } from '../auth/envelopes.js';
import { BlocksService, missingBlocks } from '../blocks/blocks.service.js';
import { DiskGuard } from '../blocks/disk-guard.js';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import { UnitsService } from '../core/units/units.service.js';
import type { ProjectRow } from '../projects/projects.repository.js';
import { ProjectsService } from '../projects/projects.service.js';
import { BatchesRepository, type BatchRow } from './batches.repository.js';
import { checkManifest } from './manifest-check.js';

type SubmittedBatch = z.output<typeof submitBatchSchema>;
type Submission = {
  project: ProjectRow;
  manifest: OpenedRecord<ManifestRoot>;
  policy: OpenedRecord<BatchPolicy>;
};

@Injectable()
export class SubmissionService {
  constructor(
    private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly apps: AppsService,
    private readonly blocks: BlocksService,
    private readonly disk: DiskGuard,
    private readonly batches: BatchesRepository,
    private readonly units: UnitsService,
    private readonly changes: Changes,
  ) {}

  /** Throws MH-SIG-…, MH-PRJ-003, MH-PRJ-004, MH-APP-001, MH-APP-002, MH-BAT-001, -002, -003, -006, MH-GEN-010. */
  async submit(projectId: string, { manifest, policy }: SubmittedBatch): Promise<BatchRow> {
    const submission = this.open(projectId, { manifest: await this.rootOf(manifest), policy });
    const { batchId } = submission.policy.value;
    const known = this.batches.find(batchId);
    if (known) return this.assertSame(known, submission);
    const root = submission.manifest.value;
    const app = this.apps.requireReady(root.appVersionId, submission.project.rowId);
    this.disk.requireRoom(0);
    const needed = await checkManifest(root, this.blocks);
    const manifestCid = dagCborCidOf(submission.manifest.envelope);
    await this.blocks.put(manifestCid, submission.manifest.envelope, submission.project.rowId);
    const holderRowId = await this.blocks.hold([manifestCid, ...needed]);
    const rowId = await this.create(submission, { appVersionRowId: app.rowId, manifestCid, holderRowId });
    if (rowId === undefined) {
      await this.blocks.release(holderRowId); // another submission of the same name was faster
      return this.assertSame(this.require(batchId), submission);
    }
    this.changes.emit({ kind: 'batch', batchRowId: rowId });
    return this.require(batchId);
  }

  /** The envelope of the root, which may be among the blocks already. Throws MH-BAT-002 when it is not. */
  private async rootOf(manifest: SubmittedBatch['manifest']): Promise<string> {
    if (typeof manifest === 'string') return manifest;
    if (this.blocks.sizeOf(manifest.cid) === undefined) throw missingBlocks([manifest.cid]);
    return toBase64Url(await this.blocks.read(manifest.cid));
  }

  private open(projectId: string, body: { manifest: string; policy: string }): Submission {
    const project = this.projects.require(projectId);
    const signer = { publicKey: project.ownerKey };
    const manifest = openRecord(body.manifest, this.settings, {
      type: 'manifest',
      schema: manifestRootSchema,
      ...signer,
    });
    const policy = openRecord(body.policy, this.settings, { type: 'policy', schema: batchPolicySchema, ...signer });
    this.projects.requireActive(projectId);
    this.assertFitting(project, manifest, policy.value);
    return { project, manifest, policy };
  }

  private assertFitting(project: ProjectRow, manifest: OpenedRecord<ManifestRoot>, policy: BatchPolicy): void {
    const root = manifest.value;
    const { outputMaximumBytes } = this.settings.options;
    if (root.projectId !== project.projectId) throw inconsistent('it belongs to another project');
    if (policy.batchId !== batchIdOf(project.projectId, root.batchName))
      throw inconsistent('the policy is for another batch');
    if (policy.sequence !== 0) throw inconsistent('the first policy has sequence 0');
    if (root.limits.outputMaximumBytes > outputMaximumBytes)
      throw inconsistent(`units may write at most ${outputMaximumBytes} bytes here`);
    if (manifest.envelope.length > BLOCK_MAXIMUM_BYTES) throw inconsistent('its root is larger than a block');
  }

  private create(
    { project, manifest, policy }: Submission,
    rows: Pick<BatchRow, 'appVersionRowId' | 'manifestCid'> & { holderRowId: number },
  ): Promise<number | undefined> {
    const projectRowId = project.rowId;
    const { unitCount } = manifest.value;
    const { quorum, batchId } = policy.value;
    return this.batches.create(
      {
        ...rows,
        batchId,
        projectRowId,
        root: manifest.value,
        manifest: manifest.envelope,
        policy: policy.value,
        policyEnvelope: policy.envelope,
        fuelPerCobblestone: FUEL_PER_COBBLESTONE,
        nowMs: Date.now(),
      },
      (batchRowId) => this.units.createBatchUnits({ batchRowId, projectRowId, unitCount, quorum }),
    );
  }

  private require(batchId: string): BatchRow {
    const row = this.batches.find(batchId);
    if (!row) throw new ManyhandsError('MH-GEN-001', { message: 'a batch vanished' });
    return row;
  }

  private assertSame(known: BatchRow, { manifest }: Submission): BatchRow {
    const stored = this.batches.envelopes(known.rowId)?.manifest;
    const opened = stored && this.openStored(stored);
    if (opened && equalBytes(opened, manifest.payload)) return known;
    throw new ManyhandsError('MH-BAT-001', { meta: { batchId: known.batchId, name: known.name } });
  }

  private openStored(envelope: Uint8Array): Uint8Array {
    const text = Buffer.from(envelope).toString('base64url');
    return openRecord(text, this.settings, { type: 'manifest', schema: manifestRootSchema }).payload;
  }
}

function inconsistent(reason: string): ManyhandsError {
  return new ManyhandsError('MH-BAT-003', { message: `The batch is inconsistent: ${reason}.`, meta: { reason } });
}
