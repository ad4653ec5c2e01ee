// Receipts: a host's signed statement of what it computed, with the bundles of small results beside it.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { hostIdSchema, leaseIdSchema } from '../ids/ids.js';
import {
  FRAME_MAXIMUM_BYTES,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  OUTPUT_MAXIMUM_BYTES,
  STDERR_TAIL_BYTES,
  UNITS_PER_LEASE_MAXIMUM,
} from '../limits.js';
import { bytesSchema, defineMessage, exactBytesSchema, requestIdSchema } from './definition.js';
import { durationMsSchema, unitIndexSchema } from './leases.js';

/** One success: unit index, result digest, size of the bundle, time taken, reserved fuel and chain root. */
export const successItemSchema = z.tuple([
  unitIndexSchema,
  exactBytesSchema(32),
  z
    .int()
    .min(0)
    .max(OUTPUT_MAXIMUM_BYTES + FRAME_MAXIMUM_BYTES),
  durationMsSchema,
  z.null(),
  z.null(),
]);

/** One failure. A unit failure is deterministic and agreed on like a result: hosts that see the same code and exit code agree. */
export const failureItemSchema = z.strictObject({
  index: unitIndexSchema,
  kind: z.enum(['unit-failure', 'host-failure']),
  code: z.string().max(20),
  exitCode: z.int().min(0).max(255).nullable(),
  message: z.string().max(500),
  stderrTail: z.string().max(STDERR_TAIL_BYTES),
  elapsedMs: durationMsSchema,
});

/** Signed by the host as `receipt`. Idempotent by (lease id, unit index); covers any subset of the lease. */
export const receiptSchema = z.strictObject({
  version: z.literal(1),
  hostId: hostIdSchema,
  leaseId: leaseIdSchema,
  manifestCid: cidSchema,
  engine: z.string().max(80),
  successes: z.array(successItemSchema).max(UNITS_PER_LEASE_MAXIMUM),
  failures: z.array(failureItemSchema).max(UNITS_PER_LEASE_MAXIMUM),
});
export type Receipt = z.infer<typeof receiptSchema>;
export type SuccessItem = z.infer<typeof successItemSchema>;
export type FailureItem = z.infer<typeof failureItemSchema>;

export const receipts = defineMessage(
  'receipts',
  {
    id: requestIdSchema,
    envelope: bytesSchema(FRAME_MAXIMUM_BYTES),
    /** Unit index and bundle, for bundles small enough. */
    bundles: z.array(z.tuple([unitIndexSchema, bytesSchema(INLINE_BUNDLE_MAXIMUM_BYTES)])).max(UNITS_PER_LEASE_MAXIMUM),
  },
  { direction: 'to-coordinator', maximumBytes: FRAME_MAXIMUM_BYTES, perMinute: 1200 },
);

/** What became of one item. `recorded`: keep the bundle; `settled`: the bundle is not needed (any more); `refused`: see the code. */
export const receiptStatusSchema = z.enum(['recorded', 'settled', 'refused']);
export type ReceiptStatus = z.infer<typeof receiptStatusSchema>;

/** Sent only once the receipt is durable. */
export const receiptsAck = defineMessage(
  'receipts.ack',
  {
    id: requestIdSchema,
    leaseId: leaseIdSchema,
    items: z
      .array(z.tuple([unitIndexSchema, receiptStatusSchema, z.string().max(20).nullable()]))
      .max(2 * UNITS_PER_LEASE_MAXIMUM),
  },
  { direction: 'to-worker', maximumBytes: 64 * 1024, perMinute: 1200 },
);
