// Shapes that several REST answers share. JSON: identifiers and CIDs as text, keys and envelopes as base64url, sizes in bytes.
import { z } from 'zod';

export const base64UrlSchema = z
  .string()
  .max(8 * 1024 * 1024)
  .regex(/^[A-Za-z0-9_-]*$/);

/** Every answer with a status of 400 or more. */
export const errorBodySchema = z.object({
  code: z.string(),
  message: z.string(),
  meta: z.record(z.string(), z.unknown()),
  retryable: z.boolean(),
  fault: z.enum(['peer', 'user', 'platform', 'self']),
});

/** How many units are in which state. `running` counts units that a host says it computes; of a host that does not say so, those that it has leased. */
export const unitCountsSchema = z.object({
  total: z.int(),
  /** Those that are held included (`openCounts` of the words takes them out). */
  waiting: z.int(),
  /** Units that only ever ran out: nobody gets them until their owner opens them again. A batch that has some is not complete. */
  held: z.int().default(0),
  running: z.int(),
  checking: z.int(),
  accepted: z.int(),
  /** All that came to an end without a result, those of `ended` included (`endedCounts` of the words takes them out). */
  failed: z.int(),
  /** Units that never failed: they were ended with their batch. */
  ended: z
    .object({ cancelled: z.int(), expired: z.int(), stopped: z.int() })
    .default({ cancelled: 0, expired: 0, stopped: 0 }),
});
export type UnitCounts = z.infer<typeof unitCountsSchema>;

/** The states of a unit as people see them. */
export const unitStateSchema = z.enum(['waiting', 'running', 'checking', 'accepted', 'failed']);
export type UnitState = z.infer<typeof unitStateSchema>;
