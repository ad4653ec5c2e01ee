// Batches after their submission: shown, re-prioritised, cancelled, retried, ended.
import { type Batch, batchPolicySchema, ManyhandsError, type PageQuery } from '@manyhands/contract';
import { wordOfBatch } from '@manyhands/contract/words';
import { Injectable } from '@nestjs/common';
import { openRecord } from '../auth/envelopes.js';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { RunningUnits } from '../core/hosts/running-units.service.js';
import { UnitsService } from '../core/units/units.service.js';
import { shown, takePage } from '../http/domain/page-bounds.js';
import type { Page } from '../http/paged.js';
import type { ProjectRow } from '../projects/projects.repository.js';
import { ProjectsService } from '../projects/projects.service.js';
import { BatchesRepository, type BatchRow, type BatchState } from './batches.repository.js';

/** Batches of one page: some statements each. */
const LISTED_MAXIMUM = 200;

@Injectable()
export class BatchesService {
  constructor(
    private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly batches: BatchesRepository,
    private readonly units: UnitsService,
    private readonly running: RunningUnits,
    private readonly hosts: HostsService,
    private readonly changes: Changes,
  ) {}

  /** Throws MH-GEN-003. */
  require(batchId: string): BatchRow {
    const row = this.batches.find(batchId);
    if (!row) throw new ManyhandsError('MH-GEN-003', { message: 'There is no such batch.' });
    return row;
  }

  projectOf(batchId: string): ProjectRow {
    return this.projects.require(this.require(batchId).projectId);
  }

  get(batchId: string): Batch {
    return this.show(this.require(batchId));
  }

  /** Newest first, of a project. */
  newest(projectRowId: number, limit: number): Batch[] {
    return [...this.batches.list(projectRowId, { limit })].map((row) => this.show(row));
  }

  /** Newest first. Throws MH-GEN-003 for an `after` that is no batch. */
  page(projectId: string, { after, limit }: PageQuery): Page<Batch> {
    const { rowId } = this.projects.require(projectId);
    const position = after === undefined ? undefined : this.require(after);
    const rowsMaximum = Math.min(limit, LISTED_MAXIMUM);
    const found = this.batches.list(rowId, { after: position, limit: rowsMaximum + 1 });
    const { taken, isMore } = takePage(
      shown(found, (row) => this.show(row)),
      rowsMaximum,
    );
    return { rows: taken, next: isMore ? (taken.at(-1)?.batchId ?? null) : null };
  }

  show(row: BatchRow): Batch {
    const work = this.units.summary(row.rowId);
    const counts = this.running.shown(work.counts, { batchRowId: row.rowId });
    const { batchId, projectId, name, appVersionId, manifestCid, quorum, priority, policySequence, expiresAtMs } = row;
    const state = row.state === 'open' && work.isComplete ? 'complete' : row.state;
    return {
      ...{ batchId, projectId, name, appVersionId, manifestCid, quorum, priority, policySequence, expiresAtMs },
      state,
      isWaitingForNetwork: state === 'open' && this.hosts.isShortOfNetworks(quorum),
      endedCode: work.endedCode,
      isVerified: work.isVerified,
      submittedAtMs: row.submittedAtMs,
      completedAtMs: row.completedAtMs,
      counts,
      replicas: work.replicas,
      creditMilli: work.creditMilli,
      presentation: row.presentation,
    };
  }

  /** A policy of a higher sequence replaces the one before. Idempotent. Throws MH-SIG-…, MH-BAT-003, MH-BAT-004, MH-BAT-010. */
  async putPolicy(batchId: string, policyText: string): Promise<Batch> {
    const row = this.require(batchId);
    const { ownerKey } = this.projects.require(row.projectId);
    const { value, envelope } = openRecord(policyText, this.settings, {
      type: 'policy',
      schema: batchPolicySchema,
      publicKey: ownerKey,
    });
    if (value.batchId !== batchId)
      throw new ManyhandsError('MH-BAT-003', { message: 'The policy is for another batch.' });
    assertNotEnded(row, this.units.endedCode(row.rowId));
    this.assertQuorumInReach(row, value.quorum);
    if (!(await this.batches.putPolicy(row.rowId, value, envelope))) this.assertRepeated(row, envelope);
    this.changes.emit({ kind: 'batch', batchRowId: row.rowId });
    await this.units.batchChanged(row.rowId, { quorum: this.require(batchId).quorum });
    return this.get(batchId);
  }

  /** Ends the open units of a batch. Idempotent. */
  async cancel(batchId: string): Promise<Batch> {
    const row = this.require(batchId);
    if (row.state === 'open') await this.end(row, 'cancelled', 'MH-VAL-004');
    return this.get(batchId);
  }

  /** Opens units again that failed or are held; null: all. Returns how many. Throws MH-BAT-004. */
  async retry(batchId: string, indexes: readonly number[] | null): Promise<number> {
    const row = this.require(batchId);
    assertNotEnded(row, this.units.endedCode(row.rowId));
    if (row.removedAtMs !== null) throw new ManyhandsError('MH-BAT-009');
    const retried = await this.units.retry(row.rowId, indexes);
    if (retried > 0 && row.state === 'complete') await this.batches.setState(row.rowId, 'open', null);
    this.changes.emit({ kind: 'batch', batchRowId: row.rowId });
    return retried;
  }

  /** Ends a batch and its open units, which fail with the code. */
  async end(
    row: BatchRow,
    state: Exclude<BatchState, 'open'>,
    code: 'MH-VAL-004' | 'MH-VAL-005' | 'MH-VAL-006' | null,
  ) {
    await this.batches.setState(row.rowId, state, Date.now());
    if (code) await this.units.cancelBatch(row.rowId, code);
    this.changes.emit({ kind: 'batch', batchRowId: row.rowId });
  }

  /** Of a complete batch no unit is computed again: its results would be shown as checked by more hosts than they were. */
  private assertQuorumInReach(row: BatchRow, quorum: number): void {
    if (quorum <= row.quorum || this.show(row).state !== 'complete') return;
    throw new ManyhandsError('MH-BAT-010', { meta: { batch: row.name, quorum: row.quorum, asked: quorum } });
  }

  private assertRepeated(row: BatchRow, envelope: Uint8Array): void {
    const stored = this.batches.envelopes(row.rowId)?.policy;
    if (stored && Buffer.compare(stored, envelope) === 0) return;
    throw new ManyhandsError('MH-SIG-006', { message: 'The batch has a newer policy already.' });
  }
}

function assertNotEnded({ state, name }: BatchRow, endedCode: string | null): void {
  if (state !== 'cancelled' && state !== 'expired') return;
  const word = wordOfBatch({ state, endedCode });
  throw new ManyhandsError('MH-BAT-004', {
    message: `${name} is ${word}: its units are not computed any more, and none can be tried again. Submit what is still wanted as a batch of another name.`,
    meta: { state, endedCode },
  });
}
