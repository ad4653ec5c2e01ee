// What daemon and executor process say to each other over the IPC channel. The executor's answers are checked before they are believed.
import { OUTPUT_MAXIMUM_BYTES } from '@manyhands/contract';
import type { UnitLimits } from '@manyhands/runtime';
import { z } from 'zod';

/** One run; its module and files are named by content, their bytes were sent before with `blob`. */
export type RunMessage = {
  kind: 'run';
  id: number;
  module: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  stdin: string | null;
  files: readonly { name: string; blob: string }[];
  collect: readonly string[];
  okExitCodes: readonly number[];
  seed: Uint8Array;
  limits: UnitLimits;
  timeoutMs: number;
};

export type ToExecutor =
  | { kind: 'blob'; name: string; bytes: Uint8Array }
  | { kind: 'forget'; name: string }
  | RunMessage
  | { kind: 'stop'; id: number };

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const idSchema = z.int().min(0);
/** A result's record and framing beside its bytes. */
const BUNDLE_FRAMING_BYTES = 1024 * 1024;

const successSchema = z.object({
  kind: z.literal('success'),
  bundle: bytesSchema.refine((bytes) => bytes.length <= OUTPUT_MAXIMUM_BYTES + BUNDLE_FRAMING_BYTES),
  digest: bytesSchema.refine((bytes) => bytes.length === 32),
  elapsedMs: z.number().min(0),
});
const failureSchema = z.object({
  kind: z.enum(['unit-failure', 'host-failure']),
  code: z.string().max(20),
  exitCode: z.int().min(0).max(255).nullable(),
  message: z.string(),
  stderrTail: z.string(),
  elapsedMs: z.number().min(0),
});
const executionSchema = z.discriminatedUnion('kind', [successSchema, failureSchema]);
/** What became of a run that was not stopped. */
export type Execution = z.infer<typeof executionSchema>;

export const fromExecutorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: idSchema, execution: executionSchema }),
  z.object({ kind: z.literal('stopped'), id: idSchema }),
]);
export type FromExecutor = z.infer<typeof fromExecutorSchema>;
