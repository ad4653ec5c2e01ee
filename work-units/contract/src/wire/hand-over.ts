// Handing a begun unit over: a host signs how far it came, and the encrypted checkpoint is kept for a successor.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { appVersionIdSchema, hostIdSchema, leaseIdSchema } from '../ids/ids.js';
import { CHECKPOINT_MAXIMUM_BYTES, FUEL_MAXIMUM, MARKS_MAXIMUM } from '../limits.js';
import { buildSchema } from '../manifest/app-version.js';
import { bytesSchema, defineMessage, exactBytesSchema, requestIdSchema } from './definition.js';
import { unitIndexSchema } from './leases.js';

/** Signed by the host as `hand-over`. It vouches for the segments from `fromFuel` on; what was before it, its predecessors signed. */
export const handOverSchema = z.strictObject({
  version: z.literal(1),
  hostId: hostIdSchema,
  leaseId: leaseIdSchema,
  manifestCid: cidSchema,
  index: unitIndexSchema,
  appVersionId: appVersionIdSchema,
  build: buildSchema,
  /** 0, or the fuel of the predecessor's checkpoint. */
  fromFuel: z.int().min(0).max(FUEL_MAXIMUM),
  fuel: z.int().min(1).max(FUEL_MAXIMUM),
  markCount: z.int().min(0).max(MARKS_MAXIMUM),
  /** Merkle root over the links of the chain so far; null when there is none yet. */
  chainRoot: exactBytesSchema(32).nullable(),
  /** State hash of the checkpoint itself, which is seldom at a mark. */
  stateHash: exactBytesSchema(32),
  /** SHA-256 and size of the encrypted checkpoint. */
  checkpointDigest: exactBytesSchema(32),
  checkpointSizeBytes: z.int().min(1).max(CHECKPOINT_MAXIMUM_BYTES),
});
export type HandOver = z.infer<typeof handOverSchema>;

/**
 * Sent after the checkpoint was put to `/api/v1/leases/<lease id>/units/<index>/checkpoint`. `isFinal`: the host stops here and the unit may be leased to a
 * successor at once; otherwise it is kept for the case that the host goes away. A later one of the same lease replaces it. Answered by `ack`.
 */
export const handOver = defineMessage(
  'hand.over',
  { id: requestIdSchema, envelope: bytesSchema(2048), key: exactBytesSchema(32), isFinal: z.boolean() },
  { direction: 'to-coordinator', maximumBytes: 4096, perMinute: 300 },
);
