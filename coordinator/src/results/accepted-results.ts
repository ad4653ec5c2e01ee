// Accepted results by digest or unit. Nothing is shown before acceptance.
import { ManyhandsError, openBundle, type UnitResult } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { OutcomesService } from '../batches/outcomes.service.js';
import { ResultsService } from '../validation/results.service.js';

@Injectable()
export class AcceptedResults {
  constructor(
    private readonly outcomes: OutcomesService,
    private readonly results: ResultsService,
  ) {}

  /** Throws MH-BAT-009 when there is no accepted result of that digest (any more). */
  async bundle(digest: string): Promise<Uint8Array> {
    const bundle = await this.results.readBundle(digest);
    if (!bundle) throw new ManyhandsError('MH-BAT-009');
    return bundle;
  }

  /** Throws MH-GEN-003, MH-BAT-009. */
  async ofUnit(batchId: string, index: number): Promise<{ name: string; result: UnitResult }> {
    const { name, digest, state } = await this.outcomes.unit(batchId, index);
    if (digest === null || state !== 'accepted') throw new ManyhandsError('MH-BAT-009');
    const opened = openBundle(await this.bundle(digest), Buffer.from(digest, 'hex'));
    if (!opened) throw new ManyhandsError('MH-GEN-001', { message: `the stored bundle ${digest} is damaged` });
    return { name, result: opened.result };
  }
}
