// Which failed units `manyhands batch retry --unit` means.
import { ManyhandsError } from '@manyhands/contract';
import type { Batch } from '@manyhands/sdk';

/** The indexes of units given by index or name. Throws MH-GEN-003 for one that did not fail. */
export async function indexesOf(batch: Batch, units: readonly string[]): Promise<number[]> {
  const failed = await batch.failed();
  return units.map((unit) => {
    const found = failed.find(({ name }) => name === unit) ?? failed.find(({ index }) => String(index) === unit);
    if (found) return found.index;
    throw new ManyhandsError('MH-GEN-003', {
      message: `${unit} is not among the ${failed.length} failed units of ${batch.name}.`,
    });
  });
}
