// How far a host has come with its leases: signed, and told with each renewal. It proves nothing; a lease without it is not renewed.
import { z } from 'zod';
import { hostIdSchema, leaseIdSchema } from '../ids/ids.js';
import { LEASES_PER_PROGRESS_MAXIMUM } from '../limits.js';

const countSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Of one lease since its host took it up: bytes fetched while it waited for them, fuel used, marks passed, of all its units together. */
export const leaseProgressSchema = z.tuple([leaseIdSchema, countSchema, countSchema, countSchema]);
export type LeaseProgress = z.infer<typeof leaseProgressSchema>;

/** Signed by the host as `progress`. */
export const progressSchema = z.strictObject({
  version: z.literal(1),
  hostId: hostIdSchema,
  leases: z.array(leaseProgressSchema).min(1).max(LEASES_PER_PROGRESS_MAXIMUM),
});
export type Progress = z.infer<typeof progressSchema>;
