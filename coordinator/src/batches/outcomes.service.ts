// Units and outcomes of a batch as people see them: with their names and, when asked for, short outputs. All of it is kept, nothing is opened.
import {
  ManyhandsError,
  type outcomesQuerySchema,
  type outcomesSchema,
  type Unit,
  type unitsQuerySchema,
  type unitsSchema,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { UnitOutcome } from '../core/units/unit-shapes.js';
import { UnitsService } from '../core/units/units.service.js';
import { inWaitingPlace, metered } from '../http/read-budget.js';
import type { BatchRow } from './batches.repository.js';
import { BatchesService } from './batches.service.js';
import { UnitNames } from './unit-names.js';

/** Rows of one page: a unit has its replicas with it. */
const UNITS_LISTED_MAXIMUM = 100;

@Injectable()
export class OutcomesService {
  constructor(
    private readonly batches: BatchesService,
    private readonly names: UnitNames,
    private readonly work: UnitsService,
  ) {}

  /** Outcomes after a sequence; waits for the first one when there is none yet and the batch is not over. Ends without an answer when the caller leaves. */
  async list(
    batchId: string,
    query: z.infer<typeof outcomesQuerySchema>,
    signal: AbortSignal,
  ): Promise<z.infer<typeof outcomesSchema>> {
    const row = this.batches.require(batchId);
    const { after, limit, waitMs } = query;
    const read = (): UnitOutcome[] =>
      metered(() => this.work.outcomes(row.rowId, { after, limit, hasStdout: query.stdout === '1' }));
    let found = read();
    if (found.length === 0 && waitMs > 0 && this.batches.get(batchId).state === 'open') {
      await inWaitingPlace(() => this.work.waitForOutcome(row.rowId, after, waitMs, signal));
      signal.throwIfAborted();
      found = read();
    }
    const names = await this.namesOf(row, found);
    signal.throwIfAborted();
    const outcomes = names.map((name, at) => ({ ...(found[at] as UnitOutcome), name }));
    const last = outcomes.at(-1)?.sequence ?? null;
    const isMore = last !== null && this.work.hasOutcomeAfter(row.rowId, last);
    return { outcomes, next: isMore ? last : null, batch: this.batches.get(batchId) };
  }

  /** Ends without an answer when the caller leaves. */
  async units(
    batchId: string,
    query: z.infer<typeof unitsQuerySchema>,
    signal: AbortSignal,
  ): Promise<z.infer<typeof unitsSchema>> {
    const row = this.batches.require(batchId);
    const limit = Math.min(query.limit, UNITS_LISTED_MAXIMUM);
    const found = metered(() => this.work.listUnits(row.rowId, { ...query, limit }));
    const names = await this.namesOf(row, found.units);
    signal.throwIfAborted();
    const units = names.map((name, at) => ({ ...(found.units[at] as (typeof found.units)[number]), name }));
    const isCut = units.length < found.units.length;
    return { units, next: isCut ? (units.at(-1)?.index ?? null) : found.next };
  }

  /** Throws MH-GEN-003. */
  async unit(batchId: string, index: number): Promise<Unit> {
    const row = this.batches.require(batchId);
    const unit = index < row.unitCount ? this.work.unit(row.rowId, index) : undefined;
    if (!unit) throw new ManyhandsError('MH-GEN-003', { message: 'The batch has no such unit.' });
    return { ...unit, name: await this.names.nameOf(row, index) };
  }

  private namesOf(row: BatchRow, units: readonly { readonly index: number }[]): Promise<string[]> {
    return this.names.namesOf(
      row,
      units.map(({ index }) => index),
    );
  }
}
