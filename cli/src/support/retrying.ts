// Which units `manyhands batch retry --unit` means: those that failed or are held.
import { ManyhandsError } from '@manyhands/contract';
import { wordOfBatch } from '@manyhands/contract/words';
import type { Batch } from '@manyhands/sdk';

/** The indexes of units given by index or name. Throws MH-GEN-003 for one that is neither, and MH-BAT-004 where nothing can be tried again. */
export async function indexesOf(batch: Batch, units: readonly string[]): Promise<number[]> {
  const { state, endedCode } = batch.initialStatus;
  if (endedCode !== null)
    throw new ManyhandsError('MH-BAT-004', {
      message: `${batch.name} is ${wordOfBatch({ state, endedCode })}: none of its units can be tried again. Submit what is still wanted as a batch of another name.`,
    });
  const stopped = [...(await batch.failed()), ...(await batch.held())];
  return units.map((unit) => {
    const found = stopped.find(({ name }) => name === unit) ?? stopped.find(({ index }) => String(index) === unit);
    if (found) return found.index;
    throw new ManyhandsError('MH-GEN-003', {
      message: `${unit} is not among the ${stopped.length} units of ${batch.name} that failed or are held.`,
    });
  });
}
