// REST shapes of batches, units and their outcomes.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { appVersionIdSchema, batchIdSchema, projectIdSchema } from '../ids/ids.js';
import { buildSchema } from '../manifest/app-version.js';
import { filePathSchema } from '../manifest/names.js';
import { presentationSchema } from '../manifest/presentation.js';
import { base64UrlSchema, unitCountsSchema, unitStateSchema } from './common.js';

/**
 * POST /api/v1/projects/:projectId/batches. Envelopes of a manifest root and of policy sequence 0; all blocks were put before. Idempotent by content and name.
 * A coordinator with the feature `manifest-by-cid` takes the root's identifier instead of the root, which is one of those blocks: a large one would make
 * the call longer than proxies let through.
 */
export const submitBatchSchema = z.object({
  manifest: z.union([base64UrlSchema, z.strictObject({ cid: cidSchema })]),
  policy: base64UrlSchema,
});

export const batchStateSchema = z.enum(['open', 'complete', 'cancelled', 'expired']);
/** GET /api/v1/batches/:batchId, and pages of it (see paging.ts), newest first, at /api/v1/projects/:projectId/batches. `complete`: every unit is accepted or failed. */
export const batchSchema = z.object({
  batchId: batchIdSchema,
  projectId: projectIdSchema,
  name: z.string(),
  appVersionId: appVersionIdSchema,
  manifestCid: cidSchema,
  state: batchStateSchema,
  /** Why the units that were open were ended: MH-VAL-004 cancelled, -005 expired, -006 stopped by the operator; null: they were not. */
  endedCode: z.string().nullable().default(null),
  quorum: z.int(),
  /** False when a single replica suffices, or sufficed for units that were accepted before the quorum was raised: results are shown as unverified. */
  isVerified: z.boolean(),
  /** Copies that are to agree go to different networks, and the computers that are connected come from too few. Absent from coordinators of older versions. */
  isWaitingForNetwork: z.boolean().optional(),
  priority: z.int(),
  policySequence: z.int(),
  submittedAtMs: z.int(),
  /** When its open units end; null: never. Absent from coordinators of older versions. */
  expiresAtMs: z.int().nullable().optional(),
  completedAtMs: z.int().nullable(),
  counts: unitCountsSchema,
  /** Replicas handed out so far, and those that ended in a receipt. */
  replicas: z.object({ leased: z.int(), reported: z.int(), agreed: z.int() }),
  creditMilli: z.int(),
  presentation: presentationSchema.nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

/** PUT /api/v1/batches/:batchId/policy: the envelope of a policy with a higher sequence. */
export const putPolicySchema = z.object({ policy: base64UrlSchema });

/** POST /api/v1/batches/:batchId/retry: units that failed or are held are opened again; null: all. A batch that was ended stays so (MH-BAT-004). */
export const retryUnitsSchema = z.object({ indexes: z.array(z.int().min(0)).max(10_000).nullable() });
export const retriedUnitsSchema = z.object({ retried: z.int() });

/** One settled unit. Failed ones carry what the hosts reported. */
export const outcomeSchema = z.object({
  /** Position in the order in which the units of the batch were settled; a retried unit gets a second, higher one. */
  sequence: z.int(),
  index: z.int(),
  /** A path below the folder of results, whatever the coordinator says. */
  name: filePathSchema,
  state: z.enum(['accepted', 'failed']),
  /** Hex of the result digest; null when failed. GET /api/v1/results/:digest gives the bundle. */
  digest: z.string().nullable(),
  bundleSizeBytes: z.int().nullable(),
  exitCode: z.int().nullable(),
  /** Agreed fuel; null when the hosts did not agree. */
  fuel: z.int().nullable(),
  /** Why it failed for good (MH-VAL-…). */
  code: z.string().nullable(),
  /** What the hosts said (MH-UNIT-… or MH-HOST-…), with the end of stderr. */
  cause: z.string().nullable(),
  message: z.string().nullable(),
  stderrTail: z.string().nullable(),
  /** Text of stdout up to 4 KiB, when asked for with `stdout=1` and accepted. Null, like `exitCode`, for a moment after a coordinator was upgraded, too. */
  stdout: z.string().nullable(),
  settledAtMs: z.int(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** GET /api/v1/batches/:batchId/outcomes?after=<sequence>&limit=&waitMs=&stdout=: waits up to `waitMs` (at most 25,000) for the first one. */
export const outcomesQuerySchema = z.object({
  after: z.coerce.number().int().min(-1).default(-1),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  waitMs: z.coerce.number().int().min(0).max(25_000).default(0),
  stdout: z.enum(['0', '1']).default('0'),
});
export const outcomesSchema = z.object({
  outcomes: z.array(outcomeSchema),
  /** The `after` of the next page: a page ends at `limit`, and before it gets large. Null: that was all for now; absent from older coordinators. */
  next: z.int().nullable().optional(),
  batch: batchSchema,
});

/** One execution of a unit, by pseudonym. The digest is shown only once the unit is accepted: a failed one may be tried again. */
export const replicaSchema = z.object({
  host: z.string(),
  state: z.enum(['running', 'reported', 'agreed', 'disagreed', 'failed', 'expired', 'returned', 'handed-over']),
  digest: z.string().nullable(),
  code: z.string().nullable(),
  exitCode: z.int().nullable(),
  message: z.string().nullable(),
  stderrTail: z.string().nullable(),
  elapsedMs: z.int().nullable(),
  build: buildSchema,
  /** As the host reported it; shown, like the digest, only once the unit is accepted. */
  fuel: z.int().nullable(),
  markCount: z.int().nullable(),
  /** Hex. */
  chainRoot: z.string().nullable(),
  /** Engine and architecture. */
  engine: z.string().nullable(),
});
/** GET /api/v1/batches/:batchId/units/:index */
export const unitSchema = z.object({
  index: z.int(),
  name: filePathSchema,
  state: unitStateSchema,
  /** It waits, because it only ever ran out, until its owner opens it again. */
  isHeld: z.boolean().default(false),
  digest: z.string().nullable(),
  /** Why it has failed or is held. */
  code: z.string().nullable(),
  replicas: z.array(replicaSchema),
});
export type Unit = z.infer<typeof unitSchema>;

/**
 * GET /api/v1/batches/:batchId/units?state=&after=<index>&limit=. A page may have fewer units than `limit`, even none, and a next one: `next` is its `after`.
 */
export const unitsQuerySchema = z.object({
  state: z.enum([...unitStateSchema.options, 'held']).optional(),
  after: z.coerce.number().int().min(-1).default(-1),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const unitsSchema = z.object({ units: z.array(unitSchema), next: z.int().nullable() });
