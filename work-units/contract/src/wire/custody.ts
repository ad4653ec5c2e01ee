// Custody of results too large for a receipt: the host keeps the bundle until the coordinator has it durably or does not need it.
import { z } from 'zod';
import { leaseIdSchema } from '../ids/ids.js';
import { defineMessage, exactBytesSchema, requestIdSchema } from './definition.js';
import { unitIndexSchema } from './leases.js';

const bundleNameSchema = z.object({ leaseId: leaseIdSchema, index: unitIndexSchema });

/** What bundles the host keeps; sent after each connection and every minute. `lost`: those of them that its disk does not give back; older hosts leave it out. */
export const custody = defineMessage(
  'custody',
  {
    id: requestIdSchema,
    kept: z.array(bundleNameSchema).max(1000),
    lost: z.array(bundleNameSchema).max(100).optional(),
  },
  { direction: 'to-coordinator', maximumBytes: 128 * 1024, perMinute: 30 },
);

/** Wanted bundles are to be put to `/api/v1/leases/<lease id>/units/<index>/result`; released ones may be deleted; others are to be kept. */
export const custodyReply = defineMessage(
  'custody.reply',
  { id: requestIdSchema, wanted: z.array(bundleNameSchema).max(1000), released: z.array(bundleNameSchema).max(1000) },
  { direction: 'to-worker', maximumBytes: 256 * 1024, perMinute: 30 },
);

/** Push: upload this bundle now. */
export const bundleWanted = defineMessage(
  'bundle.wanted',
  { leaseId: leaseIdSchema, index: unitIndexSchema, digest: exactBytesSchema(32) },
  { direction: 'to-worker', maximumBytes: 512, perMinute: 6000 },
);

/** Push: these bundles are settled. */
export const bundleReleased = defineMessage(
  'bundle.released',
  { leaseId: leaseIdSchema, indexes: z.array(unitIndexSchema).max(1000) },
  { direction: 'to-worker', maximumBytes: 16384, perMinute: 6000 },
);
