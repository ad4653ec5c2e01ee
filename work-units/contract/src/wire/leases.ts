// Leases: asking for work, renewing, returning, and the coordinator taking back.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { appVersionIdSchema, batchIdSchema, leaseIdSchema, projectIdSchema } from '../ids/ids.js';
import { PROGRESS_MAXIMUM_BYTES, UNITS_PER_BATCH_MAXIMUM, UNITS_PER_LEASE_MAXIMUM } from '../limits.js';
import { buildSchema } from '../manifest/app-version.js';
import { checkpointOfferSchema } from './checkpoint-offer.js';
import { bytesSchema, defineMessage, requestIdSchema } from './definition.js';

export const unitIndexSchema = z.int().min(0).max(UNITS_PER_BATCH_MAXIMUM);
/** Consecutive units: first index and count. */
export const unitRangeSchema = z.tuple([unitIndexSchema, z.int().min(1).max(UNITS_PER_LEASE_MAXIMUM)]);
export const DURATION_MAXIMUM_MS = 30 * 24 * 60 * 60_000;
export const durationMsSchema = z.int().min(0).max(DURATION_MAXIMUM_MS);

/** A host that works under more names none. */
export const HELD_LEASES_MAXIMUM = 64;

export const leaseRequest = defineMessage(
  'lease.request',
  {
    id: requestIdSchema,
    maximumUnits: z.int().min(1).max(UNITS_PER_LEASE_MAXIMUM),
    /** Memory that one unit may have on this host. */
    memoryBytes: z.int().min(0),
    /** How long the host expects to stay; null: no end in sight. */
    availableMs: durationMsSchema.nullable(),
    /** Only these projects; null: all. */
    projectIds: z.array(projectIdSchema).max(100).nullable(),
    /** Manifests whose blocks the host already has; preferred at equal rank. */
    cachedManifests: z.array(cidSchema).max(16),
    /** All leases that the host works under. Others of its are taken back: their grants were lost with a connection. Workers of the version before name none. */
    heldLeases: z.array(leaseIdSchema).max(HELD_LEASES_MAXIMUM).optional(),
  },
  { direction: 'to-coordinator', maximumBytes: 16384, perMinute: 600 },
);

export const leaseSchema = z.object({
  leaseId: leaseIdSchema,
  /** From receipt of this message; renew before it is over. */
  durationMs: durationMsSchema,
  manifestCid: cidSchema,
  projectId: projectIdSchema,
  batchId: batchIdSchema,
  appVersionId: appVersionIdSchema,
  ranges: z.array(unitRangeSchema).min(1).max(UNITS_PER_LEASE_MAXIMUM),
  /** The build that these units run. */
  build: buildSchema,
  /** Set for a lease of one unit that others have begun. */
  checkpoint: checkpointOfferSchema.nullable(),
});
export type Lease = z.infer<typeof leaseSchema>;

export const leaseGrant = defineMessage(
  'lease.grant',
  { id: requestIdSchema, leases: z.array(leaseSchema).min(1).max(16) },
  { direction: 'to-worker', maximumBytes: 64 * 1024, perMinute: 600 },
);

/** No work now: why, and when to ask again. A `work` push may come earlier. */
export const leaseLater = defineMessage(
  'lease.later',
  {
    id: requestIdSchema,
    code: z.string().max(20),
    message: z.string().max(300),
    retryAfterMs: durationMsSchema,
    /** Units in the chosen projects that are not settled yet; 0 lets `--once` end. */
    openUnitCount: z.int().min(0),
  },
  { direction: 'to-worker', maximumBytes: 1024, perMinute: 600 },
);

export const leaseRenew = defineMessage(
  'lease.renew',
  {
    id: requestIdSchema,
    leaseIds: z.array(leaseIdSchema).min(1).max(64),
    /** Envelope of how far the host has come; a lease that has not moved since the last one is not renewed. Workers of the version before send none. */
    progress: bytesSchema(PROGRESS_MAXIMUM_BYTES).optional(),
  },
  { direction: 'to-coordinator', maximumBytes: 8192, perMinute: 120 },
);

/** Leases not named have ended: their units are to be stopped. `durationMs`: what is left of each, renewed or not. */
export const leaseRenewed = defineMessage(
  'lease.renewed',
  { id: requestIdSchema, leases: z.array(z.object({ leaseId: leaseIdSchema, durationMs: durationMsSchema })).max(64) },
  { direction: 'to-worker', maximumBytes: 8192, perMinute: 120 },
);

/** Gives units back without a receipt. Answered by `ack`. */
export const leaseReturn = defineMessage(
  'lease.return',
  {
    id: requestIdSchema,
    leaseId: leaseIdSchema,
    ranges: z.array(unitRangeSchema).min(1).max(UNITS_PER_LEASE_MAXIMUM),
    /** The code of a host failure when the host could not run them; null when it merely leaves or pauses. */
    code: z.string().max(20).nullable(),
  },
  { direction: 'to-coordinator', maximumBytes: 16384, perMinute: 300 },
);

/** Push: units of the lease are to be stopped (cancelled, expired, settled by others). */
export const leaseCancel = defineMessage(
  'lease.cancel',
  { leaseId: leaseIdSchema, code: z.string().max(20) },
  { direction: 'to-worker', maximumBytes: 512, perMinute: 6000 },
);
