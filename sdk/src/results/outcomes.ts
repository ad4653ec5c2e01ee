// The settled units of a batch in their order, followed by long polling until nothing more is to come.
import {
  type BatchId,
  type Batch as BatchStatus,
  ManyhandsError,
  type Outcome,
  outcomesSchema,
} from '@manyhands/contract';
import { isOnlyHeld } from '@manyhands/contract/words';
import type { RestClient, Signer } from '../rest/client.js';

/** The longest that one call waits for the next unit. */
const WAIT_MS = 20_000;
const PAGE_MAXIMUM = 200;

export type OutcomeOptions = {
  /** Starts after this position; from the beginning when absent. */
  after?: number;
  /** `false`: ends when there is nothing more for now, instead of waiting. */
  follow?: boolean;
  /** Told the batch's state with every answer. */
  onStatus?: (status: BatchStatus) => void;
  /** Gives up waiting for one answer after this time, so that `onStatus` is told regularly; at most 20 s. */
  waitMs?: number;
  signal?: AbortSignal | undefined;
};

/** Yields every settled unit. Ends when the batch is no longer open, or only units that are held are left, and all was seen. Throws MH-BAT-009 when its results were removed. */
export async function* followOutcomes(
  batchId: BatchId,
  options: OutcomeOptions,
  { rest, signer }: { rest: RestClient; signer?: Signer | undefined },
): AsyncGenerator<Outcome, void, undefined> {
  let after = options.after ?? -1;
  let isLast = options.follow === false;
  for (;;) {
    const waitMs = isLast ? 0 : Math.min(WAIT_MS, options.waitMs ?? WAIT_MS);
    const { outcomes, batch } = await rest.json(
      {
        method: 'GET',
        path: `/api/v1/batches/${batchId}/outcomes?after=${after}&limit=${PAGE_MAXIMUM}&waitMs=${waitMs}`,
        // What the project reads counts for itself, not for everybody behind its address.
        signer,
        signal: options.signal,
        timeoutMs: waitMs + 30_000,
      },
      outcomesSchema,
    );
    options.onStatus?.(batch);
    for (const outcome of outcomes) {
      yield outcome;
      after = Math.max(after, outcome.sequence);
    }
    if (outcomes.length > 0) continue;
    if (isLast) {
      if (after === -1) refuseRemoved(batch);
      return;
    }
    // The last unit may have been settled between reading the outcomes and the state: look once more.
    // Units that are held wait for their owner: nobody works on them.
    isLast = batch.state !== 'open' || isOnlyHeld(batch.counts);
  }
}

/** A batch that has ended with accepted units has outcomes, unless the coordinator has removed them since. */
function refuseRemoved({ name, state, counts }: BatchStatus): void {
  if (state === 'open' || counts.accepted === 0) return;
  throw new ManyhandsError('MH-BAT-009', {
    message: `The results of ${name} are no longer on the coordinator: it keeps them for a while after a batch has ended. Submit it again under another name to compute them anew.`,
    meta: { batch: name, accepted: counts.accepted },
  });
}
