// GET /api/v1/coordinator: who this coordinator is and how to reach its parts.
import { z } from 'zod';
import { coordinatorIdSchema } from '../ids/ids.js';
import { overlayNodeSchema } from '../wire/overlay.js';
import { base64UrlSchema } from './common.js';

export const coordinatorInfoSchema = z.object({
  coordinatorId: coordinatorIdSchema,
  publicKey: base64UrlSchema,
  version: z.string(),
  protocol: z.object({ minimum: z.int(), maximum: z.int() }),
  /** Whether anybody may create a project. */
  isOpen: z.boolean(),
  publicUrl: z.string(),
  /** Base address of the block gateway: GET <gatewayUrl>/blocks/<cid>. */
  gatewayUrl: z.string(),
  /** Address of the workers' WebSocket. */
  webSocketUrl: z.string(),
  overlay: overlayNodeSchema.nullable(),
  /** What it can do beside the protocol; older ones say nothing. Workers hear the same in `welcome`. */
  features: z.array(z.string().max(40)).max(32).default([]),
  limits: z.object({
    moduleMaximumBytes: z.int(),
    inputFileMaximumBytes: z.int(),
    outputMaximumBytes: z.int(),
    memoryMaximumBytes: z.int(),
    unitsPerBatchMaximum: z.int(),
    creditPerReplicaMaximumMilli: z.int(),
  }),
});
export type CoordinatorInfo = z.infer<typeof coordinatorInfoSchema>;
