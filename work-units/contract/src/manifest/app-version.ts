// The app version: one immutable, content-addressed build of a program, signed by its project.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { projectIdSchema } from '../ids/ids.js';
import { CREDIT_PER_REPLICA_MAXIMUM_MILLI, MEMORY_MAXIMUM_BYTES, MODULE_MAXIMUM_BYTES } from '../limits.js';
import { fileRefSchema } from './file-ref.js';
import { slugSchema } from './names.js';

/** The version of the unit host that an app version is pinned to. */
export const HOST_ABI = 1;

export const appVersionSchema = z.strictObject({
  version: z.literal(1),
  projectId: projectIdSchema,
  name: slugSchema,
  /** The module after the pinned pipeline: what workers run. */
  module: fileRefSchema.extend({ sizeBytes: z.int().min(8).max(MODULE_MAXIMUM_BYTES) }),
  hostAbi: z.literal(HOST_ABI),
  /** The pipeline that made the module; the coordinator runs it again and compares. */
  instrumenter: z.literal('cap-v1'),
  memoryMaximumBytes: z.int().min(65536).max(MEMORY_MAXIMUM_BYTES),
  /** Flat credit of one accepted replica, in milli-cobblestones; the operator's cap applies. */
  creditPerReplicaMilli: z.int().min(0).max(CREDIT_PER_REPLICA_MAXIMUM_MILLI),
  /** Reserved: the program's source and the record of its build. */
  sourceCid: cidSchema.nullable(),
  buildRecord: cidSchema.nullable(),
  /** Reserved: the cost table of metered fuel. */
  costTable: z.null(),
});
export type AppVersion = z.infer<typeof appVersionSchema>;
