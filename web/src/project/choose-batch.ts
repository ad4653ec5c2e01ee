// Which batch a project's page shows.
import type { Batch } from '@manyhands/contract';

/** `older`: named in the address, but not among the newest, so that it must be asked for. */
export type ChosenBatch =
  | { readonly kind: 'listed'; readonly batch: Batch | undefined }
  | { readonly kind: 'older'; readonly batchId: string };

/** The one that the address names; else the newest that is open; else the newest. `batches`: newest first. */
export function chooseBatch(batches: readonly Batch[], batchId: string | undefined): ChosenBatch {
  if (batchId !== undefined) {
    const batch = batches.find((one) => one.batchId === batchId);
    return batch ? { kind: 'listed', batch } : { kind: 'older', batchId };
  }
  return { kind: 'listed', batch: batches.find(({ state }) => state === 'open') ?? batches[0] };
}
