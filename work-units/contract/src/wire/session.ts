// Messages about the connection itself: acknowledgement, error, hints, the worker's state and its farewell.
import { z } from 'zod';
import { leaseIdSchema } from '../ids/ids.js';
import { UNITS_PER_LEASE_MAXIMUM } from '../limits.js';
import { defineMessage, requestIdSchema } from './definition.js';
import { durationMsSchema, unitRangeSchema } from './leases.js';

export const ack = defineMessage(
  'ack',
  { id: requestIdSchema },
  { direction: 'to-worker', maximumBytes: 128, perMinute: 6000 },
);

/** The answer to a request that was refused, or (id null) to a frame that could not be read. */
export const wireError = defineMessage(
  'error',
  {
    id: requestIdSchema.nullable(),
    code: z.string().max(20),
    message: z.string().max(500),
    retryAfterMs: durationMsSchema.nullable(),
  },
  { direction: 'to-worker', maximumBytes: 2048, perMinute: 6000 },
);

/** Push: there may be work again; ask now rather than at the time named by `lease.later`. */
export const work = defineMessage('work', {}, { direction: 'to-worker', maximumBytes: 64, perMinute: 600 });

export const workerState = defineMessage(
  'state',
  {
    state: z.enum(['working', 'idle', 'paused']),
    runningUnits: z.int().min(0).max(4096),
    /** The units that it computes now, by lease. Absent from older workers; only for coordinators with the feature `computing`. */
    computing: z
      .array(z.tuple([leaseIdSchema, z.array(unitRangeSchema).min(1).max(UNITS_PER_LEASE_MAXIMUM)]))
      .max(64)
      .optional(),
  },
  { direction: 'to-coordinator', maximumBytes: 16384, perMinute: 60 },
);

/** The host leaves for now: its open leases are given back. Answered by `ack`. */
export const leave = defineMessage(
  'leave',
  { id: requestIdSchema },
  { direction: 'to-coordinator', maximumBytes: 128, perMinute: 10 },
);
