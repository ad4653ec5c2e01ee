// The identity that a coordinator showed first is the one it must show ever after.
import { join } from 'node:path';
import { type CoordinatorId, coordinatorIdSchema, ManyhandsError } from '@manyhands/contract';
import { z } from 'zod';
import { readRecord, writeRecord } from './data-directory.js';

const pinsSchema = z.object({ version: z.literal(1), coordinators: z.record(z.string(), coordinatorIdSchema) });

/** Remembers the coordinator of an address, or compares it with the one remembered. Throws MH-SIG-007 when it is another. */
export async function pinCoordinator(
  dataDirectory: string,
  { origin, coordinatorId }: { origin: string; coordinatorId: CoordinatorId },
): Promise<void> {
  const file = join(dataDirectory, 'coordinators.json');
  const pins = (await readRecord(file, pinsSchema)) ?? { version: 1 as const, coordinators: {} };
  const pinned = pins.coordinators[origin];
  if (pinned === coordinatorId) return;
  if (pinned)
    throw new ManyhandsError('MH-SIG-007', {
      message: `The coordinator at ${origin} is not the one you used before: its key has changed. If you set it up anew yourself, remove its line in ${file} and try again.`,
      meta: { origin, pinned, found: coordinatorId, file },
    });
  await writeRecord(file, { version: 1, coordinators: { ...pins.coordinators, [origin]: coordinatorId } });
}
