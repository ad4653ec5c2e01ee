// Receipts: a host's signed statement of what it computed, with the bundles of small results beside it.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { appVersionIdSchema, hostIdSchema, leaseIdSchema } from '../ids/ids.js';
import {
  FRAME_MAXIMUM_BYTES,
  FUEL_MAXIMUM,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  MARKS_MAXIMUM,
  OUTPUT_MAXIMUM_BYTES,
  STDERR_TAIL_BYTES,
  UNITS_PER_BATCH_MAXIMUM,
  UNITS_PER_LEASE_MAXIMUM,
} from '../limits.js';
import { buildSchema } from '../manifest/app-version.js';
import { bytesSchema, defineMessage, exactBytesSchema, requestIdSchema } from './definition.js';
import { DURATION_MAXIMUM_MS, durationMsSchema, unitIndexSchema } from './leases.js';

/** One success: unit index, result digest, size of the bundle, time taken, fuel used, number of marks and root of the chain of state hashes. */
export type SuccessItem = [
  index: number,
  digest: Uint8Array<ArrayBuffer>,
  bundleSizeBytes: number,
  elapsedMs: number,
  fuel: number,
  markCount: number,
  chainRoot: Uint8Array<ArrayBuffer>,
];
/** Checked by hand: the coordinator reads more of these than of anything else, and a tuple of schemas takes ten times as long. */
export const successItemSchema = z.custom<SuccessItem>(isSuccessItem, 'not a success item');

function isSuccessItem(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 7) return false;
  const [index, digest, bundleSizeBytes, elapsedMs, fuel, markCount, chainRoot] = value as unknown[];
  return (
    isIndex(index) &&
    digest instanceof Uint8Array &&
    digest.length === 32 &&
    isNatural(bundleSizeBytes, OUTPUT_MAXIMUM_BYTES + FRAME_MAXIMUM_BYTES) &&
    isNatural(elapsedMs, DURATION_MAXIMUM_MS) &&
    isNatural(fuel, FUEL_MAXIMUM) &&
    isNatural(markCount, MARKS_MAXIMUM) &&
    chainRoot instanceof Uint8Array &&
    chainRoot.length === 32
  );
}

function isNatural(value: unknown, maximum: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= maximum;
}

function isIndex(value: unknown): boolean {
  return isNatural(value, UNITS_PER_BATCH_MAXIMUM);
}

/** Unit index and bundle. */
export type InlineBundle = [index: number, bundle: Uint8Array<ArrayBuffer>];

function isInlineBundle(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [index, bundle] = value as unknown[];
  return isIndex(index) && bundle instanceof Uint8Array && bundle.length <= INLINE_BUNDLE_MAXIMUM_BYTES;
}

/**
 * One failure. A unit failure is deterministic and agreed on like a result: hosts that see the same code, exit code and fuel agree. `needs-all` (code
 * MH-UNIT-010) is no failure: the unit is leased again with the build `all`.
 */
export const failureItemSchema = z.strictObject({
  index: unitIndexSchema,
  kind: z.enum(['unit-failure', 'host-failure', 'needs-all']),
  code: z.string().max(20),
  exitCode: z.int().min(0).max(255).nullable(),
  message: z.string().max(500),
  stderrTail: z.string().max(STDERR_TAIL_BYTES),
  elapsedMs: durationMsSchema,
  /** As far as it is known: 0 for a host failure. */
  fuel: z.int().min(0).max(FUEL_MAXIMUM),
  markCount: z.int().min(0).max(MARKS_MAXIMUM),
  /** null for a host failure. */
  chainRoot: exactBytesSchema(32).nullable(),
});

/** Signed by the host as `receipt`. Idempotent by (lease id, unit index); covers any subset of the lease. */
export const receiptSchema = z.strictObject({
  version: z.literal(1),
  hostId: hostIdSchema,
  leaseId: leaseIdSchema,
  manifestCid: cidSchema,
  appVersionId: appVersionIdSchema,
  build: buildSchema,
  /** Name and version of the engine, and the architecture: «V8 13.6.233.17 arm64». */
  engine: z.string().max(80),
  successes: z.array(successItemSchema).max(UNITS_PER_LEASE_MAXIMUM),
  failures: z.array(failureItemSchema).max(UNITS_PER_LEASE_MAXIMUM),
});
export type Receipt = z.infer<typeof receiptSchema>;
export type FailureItem = z.infer<typeof failureItemSchema>;

export const receipts = defineMessage(
  'receipts',
  {
    id: requestIdSchema,
    envelope: bytesSchema(FRAME_MAXIMUM_BYTES),
    /** For bundles small enough. */
    bundles: z.array(z.custom<InlineBundle>(isInlineBundle, 'not an inline bundle')).max(UNITS_PER_LEASE_MAXIMUM),
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
