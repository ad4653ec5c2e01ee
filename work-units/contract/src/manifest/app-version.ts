// The app version: one immutable, content-addressed build of a program, signed by its project.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { projectIdSchema } from '../ids/ids.js';
import { MEMORY_MAXIMUM_BYTES, MODULE_MAXIMUM_BYTES } from '../limits.js';
import { type FileRef, fileRefSchema } from './file-ref.js';
import { slugSchema } from './names.js';

/** The version of the unit host that an app version is pinned to. */
export const HOST_ABI = 2;
/** The pipeline that makes the builds of a module. Any changed bit of its output is another name. */
export const INSTRUMENTER = 'engine-v1';
/** What each instruction costs. Sealed batches never change it. */
export const COST_TABLE = 'fuel-v1';

const moduleSchema = fileRefSchema.extend({ sizeBytes: z.int().min(8).max(MODULE_MAXIMUM_BYTES) });
/**
 * How a build yields. Command: `nonleaf` at loops that contain a loop or a call, `all` at every loop; equal output and fuel. Step: between the calls of a
 * program that cuts its work itself.
 */
export const buildSchema = z.enum(['nonleaf', 'all', 'step']);
export type Build = z.infer<typeof buildSchema>;

export const appVersionSchema = z.strictObject({
  version: z.literal(1),
  projectId: projectIdSchema,
  name: slugSchema,
  /** The module as its author made it: what the builds are made of, again and again with the same bytes. */
  original: moduleSchema,
  /** What workers run: either both builds of a command, or the one of a step program. */
  builds: z.union([
    z.strictObject({ nonleaf: moduleSchema, all: moduleSchema }),
    z.strictObject({ step: moduleSchema }),
  ]),
  hostAbi: z.literal(HOST_ABI),
  /** The coordinator runs the pipeline again and compares. */
  instrumenter: z.literal(INSTRUMENTER),
  costTable: z.literal(COST_TABLE),
  memoryMaximumBytes: z.int().min(65536).max(MEMORY_MAXIMUM_BYTES),
  /** Reserved: the program's source and the record of its build. */
  sourceCid: cidSchema.nullable(),
  buildRecord: cidSchema.nullable(),
});
export type AppVersion = z.infer<typeof appVersionSchema>;

/** The build that a unit starts with. */
export function firstBuildOf({ builds }: AppVersion): Build {
  return 'step' in builds ? 'step' : 'nonleaf';
}

/** The module of one build; undefined when the app version has none such. */
export function moduleOf({ builds }: AppVersion, build: Build): FileRef | undefined {
  return (builds as Partial<Record<Build, FileRef>>)[build];
}

/** Below it, hashing of even small memories would show. */
const MARK_SPACING_MINIMUM = 2 ** 32;
/**
 * Hashing memory that was changed everywhere takes about 2.2 ns a byte; fast code uses 20 fuel in a ns. Hence a mark costs as much as 44 fuel for each byte, which
 * is 2 % of this.
 */
const FUEL_PER_MEMORY_BYTE = 2048;

/** Fuel between two marks of the chain of state hashes: hashing costs at most about 2 %, whatever the program does with its memory. */
export function markSpacingOf(memoryMaximumBytes: number): number {
  return Math.max(MARK_SPACING_MINIMUM, memoryMaximumBytes * FUEL_PER_MEMORY_BYTE);
}
