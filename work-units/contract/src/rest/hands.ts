// What the story of a project and that of a batch share: accepted units over time, and who helps.
import { z } from 'zod';

/** Accepted units per interval, oldest first. */
export const throughputSchema = z.object({
  intervalMs: z.int(),
  points: z.array(z.object({ startMs: z.int(), accepted: z.int() })),
});

/** Tells two of one name apart: a few characters, the same for ever; empty from coordinators that have none. */
export const tagSchema = z.string().max(16).default('');

/** An account at work or with answers. */
export const handSchema = z.object({
  name: z.string(),
  tag: tagSchema,
  isOnline: z.boolean(),
  hosts: z.int(),
  /** Computed now, as its computers say; of older ones, leased now. */
  runningUnits: z.int(),
  /** Units that it answered and that are not settled yet: they wait for others. */
  answeredUnits: z.int().default(0),
  acceptedReplicas: z.int(),
  creditMilli: z.int(),
});
export type Hand = z.infer<typeof handSchema>;
