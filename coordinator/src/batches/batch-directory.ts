// What the core may lease: the open batches of active projects with ready app versions.
import { Injectable } from '@nestjs/common';
import { Changes } from '../config/changes.js';
import { Settings } from '../config/settings.js';
import type { ActiveBatch, BatchDirectory, BatchTerms } from '../core/ports/batch-directory.js';
import { BatchesRepository } from './batches.repository.js';

@Injectable()
export class StoredBatchDirectory implements BatchDirectory {
  constructor(
    private readonly settings: Settings,
    private readonly batches: BatchesRepository,
    private readonly changes: Changes,
  ) {}

  activeBatches(): ActiveBatch[] {
    return this.batches.listActive().flatMap((row): ActiveBatch | [] => {
      if (row.firstBuild === null || row.fuelMaximum === null) return []; // of an engine that hosts do not run any more
      return {
        batchRowId: row.rowId,
        projectRowId: row.projectRowId,
        projectId: row.projectId,
        batchId: row.batchId,
        appVersionId: row.appVersionId,
        manifestCid: row.manifestCid,
        quorum: row.quorum,
        priority: row.priority,
        firstBuild: row.firstBuild,
        memoryMaximumBytes: row.memoryMaximumBytes,
        expectedDurationMs: row.expectedDurationMs,
        timeoutMs: row.timeoutMs,
        unitCount: row.unitCount,
      };
    });
  }

  terms(batchRowId: number): BatchTerms | undefined {
    const row = this.batches.findRow(batchRowId);
    if (!row || row.fuelMaximum === null || row.fuelPerCobblestone === null) return undefined;
    const { appVersionId, manifestCid, fuelMaximum, fuelPerCobblestone } = row;
    const { creditPerReplicaMaximumMilli } = this.settings.options;
    return { appVersionId, manifestCid, fuelMaximum, fuelPerCobblestone, creditPerReplicaMaximumMilli };
  }

  onChange(listener: () => void): () => void {
    return this.changes.onChange(() => listener());
  }
}
