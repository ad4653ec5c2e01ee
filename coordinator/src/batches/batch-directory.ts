// What the core may lease: the open batches of active projects with ready app versions.
import { Injectable } from '@nestjs/common';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import type { ActiveBatch, BatchDirectory } from '../core-ports.js';
import { BatchesRepository, type BatchRow } from './batches.repository.js';

@Injectable()
export class StoredBatchDirectory implements BatchDirectory {
  constructor(
    private readonly settings: Settings,
    private readonly batches: BatchesRepository,
    private readonly changes: Changes,
  ) {}

  activeBatches(): ActiveBatch[] {
    return this.batches.listActive().map((row) => ({
      batchRowId: row.rowId,
      projectRowId: row.projectRowId,
      projectId: row.projectId,
      batchId: row.batchId,
      appVersionId: row.appVersionId,
      manifestCid: row.manifestCid,
      quorum: row.quorum,
      priority: row.priority,
      creditPerReplicaMilli: this.cappedCredit(row),
      memoryMaximumBytes: row.memoryMaximumBytes,
      expectedDurationMs: row.expectedDurationMs,
      timeoutMs: row.timeoutMs,
      unitCount: row.unitCount,
    }));
  }

  creditPerReplicaMilli(batchRowId: number): number {
    const row = this.batches.findRow(batchRowId);
    return row ? this.cappedCredit(row) : 0;
  }

  onChange(listener: () => void): () => void {
    return this.changes.onChange(() => listener());
  }

  private cappedCredit({ creditPerReplicaMilli }: BatchRow): number {
    return Math.min(creditPerReplicaMilli, this.settings.options.creditPerReplicaMaximumMilli);
  }
}
