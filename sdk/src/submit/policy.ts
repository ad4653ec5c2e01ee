// What becomes of quorum, priority and expiry when the batch exists already: a signed policy, a refusal, or a word that they had no use.
import { type Batch as BatchStatus, ManyhandsError } from '@manyhands/contract';
import { expiryOf } from '../policy/sealed-policy.js';
import type { Batch } from '../results/batch.js';
import type { BatchOptions } from './options.js';

type Policy = Pick<BatchOptions, 'quorum' | 'priority' | 'expiresAfterMs'>;

/**
 * Makes an open batch follow the options that are given; what is not given stays. Throws MH-BAT-010 when a batch that is complete would need a
 * higher quorum: nothing of it is computed any more.
 */
export async function applyPolicy(batch: Batch, options: BatchOptions): Promise<Batch> {
  const status = batch.initialStatus;
  const changes = changesOf(status, options);
  if (Object.keys(changes).length === 0) return batch;
  if (status.state === 'open') return batch.with(await batch.setPolicy(changes, options.signal));
  if (status.state === 'complete' && (changes.quorum ?? 0) > status.quorum)
    throw new ManyhandsError('MH-BAT-010', {
      message: `${status.name} is complete, and its results are those of a quorum of ${status.quorum}: with ${changes.quorum} all units have to be computed again, as a batch of another name.`,
      meta: { batch: status.name, quorum: status.quorum, asked: changes.quorum ?? 0 },
    });
  return batch.with(status, Object.keys(changes));
}

/** What is given and differs. An older coordinator does not tell the expiry: then one that is given counts as different. */
function changesOf(status: BatchStatus, { quorum, priority, expiresAfterMs }: Policy): Policy {
  const current = expiryOf(status);
  return {
    ...(quorum !== undefined && quorum !== status.quorum && { quorum }),
    ...(priority !== undefined && priority !== status.priority && { priority }),
    ...(expiresAfterMs !== undefined && expiresAfterMs !== current && { expiresAfterMs }),
  };
}
