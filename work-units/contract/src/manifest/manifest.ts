// The manifest of a batch: a signed root over pages of unit descriptors.
import { z } from 'zod';
import { decodeDagCborStrictly, encodeDagCbor } from '../encoding/dag-cbor.js';
import { ManyhandsError } from '../errors/manyhands-error.js';
import { shapeTrouble } from '../errors/shape-words.js';
import { cidSchema, dagCborCidOf } from '../ids/cid.js';
import { appVersionIdSchema, projectIdSchema } from '../ids/ids.js';
import {
  ARGUMENTS_MAXIMUM,
  CLOCK_MAXIMUM_MS,
  FILES_PER_UNIT_MAXIMUM,
  FUEL_MAXIMUM,
  OUTPUT_MAXIMUM_BYTES,
  UNIT_TIMEOUT_MAXIMUM_MS,
  UNITS_PER_BATCH_MAXIMUM,
  UNITS_PER_PAGE,
} from '../limits.js';
import { type Block, fileRefSchema } from './file-ref.js';
import { argumentSchema, filePathSchema, slugSchema } from './names.js';
import { presentationSchema } from './presentation.js';

const inputFileSchema = fileRefSchema.extend({ name: filePathSchema });

/** One unit: what it has beside the parts common to all. */
export const unitDescriptorSchema = z.strictObject({
  name: filePathSchema,
  /** Words after the common arguments. */
  args: z.array(argumentSchema).max(ARGUMENTS_MAXIMUM),
  stdin: fileRefSchema.nullable(),
  files: z.array(inputFileSchema).max(FILES_PER_UNIT_MAXIMUM),
});
export type UnitDescriptor = z.infer<typeof unitDescriptorSchema>;

export const manifestPageSchema = z.strictObject({
  version: z.literal(1),
  firstIndex: z.int().min(0).max(UNITS_PER_BATCH_MAXIMUM),
  units: z.array(unitDescriptorSchema).min(1).max(UNITS_PER_PAGE),
});
export type ManifestPage = z.infer<typeof manifestPageSchema>;

/** Deterministic: no times, no randomness, so that submitting the same inputs again makes the same manifest. */
export const manifestRootSchema = z.strictObject({
  version: z.literal(1),
  projectId: projectIdSchema,
  batchName: slugSchema,
  appVersionId: appVersionIdSchema,
  unitCount: z.int().min(1).max(UNITS_PER_BATCH_MAXIMUM),
  /** Page k holds the units from k times UNITS_PER_PAGE on; all but the last are full. Deeper nesting is reserved. */
  pages: z
    .array(cidSchema)
    .min(1)
    .max(Math.ceil(UNITS_PER_BATCH_MAXIMUM / UNITS_PER_PAGE)),
  /** The first word of the command line, then the arguments that every unit starts with. */
  common: z.strictObject({
    programName: z.string().min(1).max(255),
    args: z.array(argumentSchema).max(ARGUMENTS_MAXIMUM),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), argumentSchema),
    files: z.array(inputFileSchema).max(FILES_PER_UNIT_MAXIMUM),
    /** Output files that belong to the result, sorted by name. */
    collect: z.array(filePathSchema).max(FILES_PER_UNIT_MAXIMUM),
    okExitCodes: z.array(z.int().min(0).max(255)).min(1).max(256),
    /** What the clocks say to the program, in ms since 1970; null: the fixed time of the host ABI. */
    clockMs: z.int().min(0).max(CLOCK_MAXIMUM_MS).nullable(),
  }),
  limits: z.strictObject({
    /** Computing time of one replica; a host that needs longer fails, the unit does not. */
    timeoutMs: z.int().min(1000).max(UNIT_TIMEOUT_MAXIMUM_MS),
    outputMaximumBytes: z.int().min(0).max(OUTPUT_MAXIMUM_BYTES),
    /** Fuel of one replica; a unit that needs more fails, alike on every host. */
    fuelMaximum: z.int().min(1).max(FUEL_MAXIMUM),
    /** What one replica takes on an ordinary core, for matching and for the length of leases. */
    expectedDurationMs: z.int().min(1).max(UNIT_TIMEOUT_MAXIMUM_MS),
  }),
  presentation: presentationSchema.nullable(),
});
export type ManifestRoot = z.infer<typeof manifestRootSchema>;

/** Encodes one page as a block. Throws MH-BAT-003 when it does not fit the schema. */
export function encodeManifestPage(page: ManifestPage): Block {
  const checked = manifestPageSchema.safeParse(page);
  if (!checked.success) throw inconsistent(shapeTrouble(checked.error));
  const bytes = encodeDagCbor(checked.data);
  return { cid: dagCborCidOf(bytes), bytes };
}

/** Reads page `pageIndex` of a manifest, from bytes verified against its identifier. Throws MH-BAT-003. */
export function decodeManifestPage(root: ManifestRoot, pageIndex: number, bytes: Uint8Array): ManifestPage {
  let value: unknown;
  try {
    value = decodeDagCborStrictly(bytes);
  } catch (error) {
    throw inconsistent(String(error));
  }
  const page = manifestPageSchema.safeParse(value);
  if (!page.success) throw inconsistent(shapeTrouble(page.error));
  const firstIndex = pageIndex * UNITS_PER_PAGE;
  const count = Math.min(UNITS_PER_PAGE, root.unitCount - firstIndex);
  if (page.data.firstIndex !== firstIndex || page.data.units.length !== count)
    throw inconsistent(`page ${pageIndex} should hold ${count} units from ${firstIndex} on`);
  return page.data;
}

function inconsistent(reason: string): ManyhandsError {
  return new ManyhandsError('MH-BAT-003', { message: `The manifest is inconsistent: ${reason}`, meta: { reason } });
}
