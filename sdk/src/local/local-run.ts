// What a confined process says of the unit that it ran: checked before it is believed.
import { type ErrorCode, FUEL_MAXIMUM, isErrorCode, MARKS_MAXIMUM } from '@manyhands/contract';
import type { UnitOutcome } from '@manyhands/runtime';
import { z } from 'zod';

export type LocalRun = { outcome: UnitOutcome; elapsedMs: number };

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const hashSchema = bytesSchema.refine((bytes) => bytes.length === 32);
const codeSchema = z.custom<ErrorCode>((value) => isErrorCode(value));
const fuelSchema = z.int().min(0).max(FUEL_MAXIMUM);
const provenance = {
  fuel: fuelSchema,
  markCount: z.int().min(0).max(MARKS_MAXIMUM),
  chainRoot: hashSchema,
  links: z.array(hashSchema),
};
const told = { message: z.string(), stderrTail: z.string() };
const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('success'),
    exitCode: z.int().min(0).max(255),
    stdout: bytesSchema,
    files: z.array(z.object({ name: z.string(), bytes: bytesSchema.nullable() })),
    resultDigest: hashSchema,
    stderrTail: z.string(),
    ...provenance,
  }),
  z.object({
    kind: z.literal('unit-failure'),
    code: codeSchema,
    exitCode: z.int().min(0).max(255).nullable(),
    ...told,
    ...provenance,
  }),
  z.object({ kind: z.literal('host-failure'), code: codeSchema, ...told }),
  z.object({ kind: z.literal('needs-all'), code: z.literal('MH-UNIT-010'), fuel: fuelSchema, ...told }),
]) satisfies z.ZodType<UnitOutcome>;
const localRunSchema = z.object({ outcome: outcomeSchema, elapsedMs: z.number().min(0) });

/** Undefined when it is none. */
export function localRunOf(message: unknown): LocalRun | undefined {
  return localRunSchema.safeParse(message).data;
}
