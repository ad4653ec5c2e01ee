// Which failed units `manyhands batch retry --unit` means.
import { ManyhandsError } from '@manyhands/contract';
import { wordOfBatch } from '@manyhands/contract/words';
import type { Batch } from '@manyhands/sdk';

/** The indexes of units given by index or name. Throws MH-GEN-003 for one that did not fail, and MH-BAT-004 where nothing can be tried again. */
export async function indexesOf(batch: Batch, units: readonly string[]): Promise<number[]> {
  const { state, endedCode } = batch.initialStatus;
  if (endedCode !== null)
    throw new ManyhandsError('MH-BAT-004', {
      message: `${batch.name} is ${wordOfBatch({ state, endedCode })}: none of its units can be tried again. Submit what is still wanted as a batch of another name.`,
    });
  const failed = await batch.failed();
  return units.map((unit) => {
    const found = failed.find(({ name }) => name === unit) ?? failed.find(({ index }) => String(index) === unit);
    if (found) return found.index;
    throw new ManyhandsError('MH-GEN-003', {
      message: `${unit} is not among the ${failed.length} failed units of ${batch.name}.`,
    });
  });
}
