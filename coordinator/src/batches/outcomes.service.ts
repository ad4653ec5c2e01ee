// Units and outcomes of a batch as people see them: with their names and, when asked for, short outputs.
import {
  ManyhandsError,
  type Outcome,
  openBundle,
  type outcomesQuerySchema,
  type outcomesSchema,
  type Unit,
  type unitsQuerySchema,
  type unitsSchema,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { UnitOutcome, UnitView } from '../core-ports.js';
import { UnitsService } from '../units/units.service.js';
import { ResultsService } from '../validation/results.service.js';
import type { BatchRow } from './batches.repository.js';
import { BatchesService } from './batches.service.js';
import { UnitNames } from './unit-names.js';

/** Longer outputs are left out of lists; they have an address of their own. */
const SHOWN_STDOUT_MAXIMUM_BYTES = 4096;
/** Bundles above this are not opened only to show a few lines. */
const OPENED_BUNDLE_MAXIMUM_BYTES = 256 * 1024;

@Injectable()
export class OutcomesService {
  constructor(
    private readonly batches: BatchesService,
    private readonly names: UnitNames,
    private readonly work: UnitsService,
    private readonly results: ResultsService,
  ) {}

  /** Outcomes after a sequence; waits for the first one when there is none yet and the batch is not over. */
  async list(
    batchId: string,
    query: z.infer<typeof outcomesQuerySchema>,
    signal: AbortSignal,
  ): Promise<z.infer<typeof outcomesSchema>> {
    const row = this.batches.require(batchId);
    const { after, limit, waitMs } = query;
    let found = this.work.outcomes(row.rowId, { after, limit });
    if (found.length === 0 && waitMs > 0 && this.batches.get(batchId).state === 'open') {
      await this.work.waitForOutcome(row.rowId, after, waitMs, signal);
      found = this.work.outcomes(row.rowId, { after, limit });
    }
    const outcomes = await Promise.all(found.map((outcome) => this.show(row, outcome, query.stdout === '1')));
    return { outcomes, batch: this.batches.get(batchId) };
  }

  async units(batchId: string, query: z.infer<typeof unitsQuerySchema>): Promise<z.infer<typeof unitsSchema>> {
    const row = this.batches.require(batchId);
    const found = this.work.listUnits(row.rowId, query);
    return { units: await Promise.all(found.units.map((unit) => this.name(row, unit))), next: found.next };
  }

  /** Throws MH-GEN-003. */
  async unit(batchId: string, index: number): Promise<Unit> {
    const row = this.batches.require(batchId);
    const unit = index < row.unitCount ? this.work.unit(row.rowId, index) : undefined;
    if (!unit) throw new ManyhandsError('MH-GEN-003', { message: 'The batch has no such unit.' });
    return this.name(row, unit);
  }

  private async name(row: BatchRow, unit: UnitView): Promise<Unit> {
    return { ...unit, name: await this.names.nameOf(row, unit.index) };
  }

  private async show(row: BatchRow, outcome: UnitOutcome, hasStdout: boolean): Promise<Outcome> {
    const name = await this.names.nameOf(row, outcome.index);
    const opened = hasStdout ? await this.openShort(outcome) : undefined;
    if (!opened) return { ...outcome, name, stdout: null };
    const { exitCode, stdout } = opened.result;
    const isShort = stdout.length <= SHOWN_STDOUT_MAXIMUM_BYTES;
    return { ...outcome, name, exitCode, stdout: isShort ? new TextDecoder().decode(stdout) : null };
  }

  private async openShort({ digest, bundleSizeBytes }: UnitOutcome): Promise<ReturnType<typeof openBundle>> {
    if (digest === null || (bundleSizeBytes ?? 0) > OPENED_BUNDLE_MAXIMUM_BYTES) return undefined;
    const bundle = await this.results.readBundle(digest);
    return bundle && openBundle(bundle, Buffer.from(digest, 'hex'));
  }
}
