// Accepted results by digest or unit. Nothing is shown before acceptance.
import { ManyhandsError } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { OutcomesService } from '../batches/outcomes.service.js';
import type { StoredBundle } from '../core/results/stored-bundle.js';
import { ResultsService } from '../core/validation/results.service.js';

export type AcceptedUnit = { readonly name: string; readonly digest: string };

@Injectable()
export class AcceptedResults {
  constructor(
    private readonly outcomes: OutcomesService,
    private readonly results: ResultsService,
  ) {}

  /** Throws MH-BAT-009 when there is no accepted result of that digest (any more). */
  async bundle(digest: string): Promise<StoredBundle> {
    const bundle = await this.results.readBundle(digest);
    if (!bundle) throw new ManyhandsError('MH-BAT-009');
    return bundle;
  }

  /** Name and digest of an accepted unit. Throws MH-GEN-003, MH-BAT-009. */
  async ofUnit(batchId: string, index: number): Promise<AcceptedUnit> {
    const { name, digest, state } = await this.outcomes.unit(batchId, index);
    if (digest === null || state !== 'accepted') throw new ManyhandsError('MH-BAT-009');
    return { name, digest };
  }
}
