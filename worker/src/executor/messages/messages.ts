// What daemon and executor process say to each other over the IPC channel. The executor's answers are checked before they are believed.
import { type Build, FUEL_MAXIMUM, MARKS_MAXIMUM, OUTPUT_MAXIMUM_BYTES } from '@manyhands/contract';
import type { UnitLimits } from '@manyhands/runtime';
import { z } from 'zod';
import { PIECE_BYTES } from './pieces.js';

/** What a checkpoint of another host must turn out to be. */
export type ExpectedState = { fuel: number; stateHash: Uint8Array; chainRoot: Uint8Array | null };

/** A snapshot to go on from; its pieces were sent before the run. */
export type ResumeMessage = {
  sizeBytes: number;
  isCompressed: boolean;
  /** Time that the unit took before it. */
  elapsedMs: number;
  /** Set for a checkpoint of another host. */
  expected: ExpectedState | null;
};

/** One run; its module and files are named by content, their bytes were sent before with `blob`. */
export type RunMessage = {
  id: number;
  module: string;
  build: Build;
  /** Fuel between two marks. */
  markSpacing: number;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  stdin: string | null;
  files: readonly { name: string; blob: string }[];
  collect: readonly string[];
  okExitCodes: readonly number[];
  seed: Uint8Array;
  /** null: the fixed time of the host ABI. */
  clockMs: number | null;
  fuelMaximum: number;
  limits: UnitLimits;
  timeoutMs: number;
  resume: ResumeMessage | null;
  /** Time between two snapshots; null: as often as costs next to nothing; `never`: nobody wants them. */
  snapshotIntervalMs: number | null | 'never';
};

/**
 * What a run may be asked to do at its next slice. `stop`: end, nothing is wanted any more. `pause`: end with a snapshot. `hand-over`: a snapshot with its
 * state hash, then go on; `final-hand-over`: then end.
 */
export type Ask = 'stop' | 'pause' | 'hand-over' | 'final-hand-over';

export type ToExecutor =
  | { kind: 'blob'; name: string; bytes: Uint8Array }
  | { kind: 'forget'; name: string }
  /** A piece of the snapshot that a run goes on from. */
  | { kind: 'piece'; id: number; bytes: Uint8Array }
  | { kind: 'runs'; runs: RunMessage[] }
  | { kind: 'ask'; id: number; ask: Ask }
  /** A piece of a run's snapshot has been written: send another. */
  | { kind: 'more'; id: number }
  /** The snapshot is durable, or not wanted. */
  | { kind: 'kept'; id: number };

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const hashSchema = bytesSchema.refine((bytes) => bytes.length === 32);
const idSchema = z.int().min(0);
/** A result's record and framing beside its bytes. */
const BUNDLE_FRAMING_BYTES = 1024 * 1024;
const proof = { fuel: z.int().min(0).max(FUEL_MAXIMUM), markCount: z.int().min(0).max(MARKS_MAXIMUM) };

const successSchema = z.object({
  kind: z.literal('success'),
  bundle: bytesSchema.refine((bytes) => bytes.length <= OUTPUT_MAXIMUM_BYTES + BUNDLE_FRAMING_BYTES),
  digest: hashSchema,
  elapsedMs: z.number().min(0),
  ...proof,
  chainRoot: hashSchema,
});
const failureSchema = z.object({
  kind: z.enum(['unit-failure', 'host-failure', 'needs-all']),
  code: z.string().max(20),
  exitCode: z.int().min(0).max(255).nullable(),
  message: z.string(),
  stderrTail: z.string(),
  elapsedMs: z.number().min(0),
  ...proof,
  chainRoot: hashSchema.nullable(),
});
const executionSchema = z.discriminatedUnion('kind', [successSchema, failureSchema]);
/** What became of a run that was not stopped. */
export type Execution = z.infer<typeof executionSchema>;

const resultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('execution'), id: idSchema, execution: executionSchema }),
  z.object({ kind: z.literal('stopped'), id: idSchema }),
  /** The snapshot cannot be gone on from (MH-CKP-…). */
  z.object({ kind: z.literal('refused'), id: idSchema, code: z.string().max(20), message: z.string() }),
]);
export type ResultMessage = z.infer<typeof resultSchema>;

/** What a snapshot says of itself; its bytes follow in pieces. */
const snapshotHeadSchema = z.object({
  reason: z.enum(['timer', 'pause', 'hand-over', 'final-hand-over']),
  sizeBytes: z.int().min(1),
  isCompressed: z.boolean(),
  ...proof,
  /** Merkle root over the links so far; null when there is none yet. */
  chainRoot: hashSchema.nullable(),
  /** Only for hand-overs. */
  stateHash: hashSchema.nullable(),
  elapsedMs: z.number().min(0),
});
export type SnapshotHead = z.infer<typeof snapshotHeadSchema>;

export const fromExecutorSchema = z.discriminatedUnion('kind', [
  /** Now and then, whatever happens. */
  z.object({ kind: z.literal('alive') }),
  /** How far runs have come that are under way: id, fuel, marks. */
  z.object({ kind: z.literal('progress'), runs: z.array(z.tuple([idSchema, proof.fuel, proof.markCount])) }),
  z.object({ kind: z.literal('begun'), ids: z.array(idSchema) }),
  /** In line again: their thread gave them back, or is gone. */
  z.object({ kind: z.literal('waiting'), ids: z.array(idSchema) }),
  z.object({ kind: z.literal('results'), results: z.array(resultSchema) }),
  /** The run goes on from its snapshot, at this fuel. */
  z.object({ kind: z.literal('resumed'), id: idSchema, fuel: proof.fuel }),
  z.object({ kind: z.literal('snapshot'), id: idSchema, head: snapshotHeadSchema }),
  z.object({
    kind: z.literal('piece'),
    id: idSchema,
    bytes: bytesSchema.refine((bytes) => bytes.length <= PIECE_BYTES),
  }),
]);
export type FromExecutor = z.infer<typeof fromExecutorSchema>;
