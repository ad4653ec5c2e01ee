// What a lease says of a unit that others have begun: who signed what, and how to open the checkpoint.
import { z } from 'zod';
import { HAND_OVERS_MAXIMUM } from '../limits.js';
import { bytesSchema, exactBytesSchema } from './definition.js';

/** The checkpoint itself is fetched from `/api/v1/leases/<lease id>/units/<index>/checkpoint`, by the holder of the lease only. */
export const checkpointOfferSchema = z.object({
  /** Envelopes of the hand-overs of all predecessors, oldest first. The last one describes this checkpoint. */
  handOvers: z.array(bytesSchema(2048)).min(1).max(HAND_OVERS_MAXIMUM),
  /** AES-256-GCM key of the checkpoint. */
  key: exactBytesSchema(32),
});
export type CheckpointOffer = z.infer<typeof checkpointOfferSchema>;
