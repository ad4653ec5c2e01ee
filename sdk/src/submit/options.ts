// What a batch is made of, as scientists state it.
import { FUEL_MAXIMUM, FUEL_PER_COBBLESTONE, type Presentation } from '@manyhands/contract';
import type { Batch } from '../results/batch.js';
import type { Source } from './source.js';

/** The input of one unit. */
export type Input = {
  /** A relative path, unique in the batch; results carry it. */
  name: string;
  /** Words after the arguments that all units share. */
  args?: readonly string[];
  /** What the program reads from standard input; nothing when absent. */
  stdin?: Source;
  /** Files that the program finds by these names. */
  files?: Readonly<Record<string, Source>>;
};

/** Many inputs: an array, a generator, or anything that yields them one after the other. */
export type Inputs = Iterable<Input> | AsyncIterable<Input>;

export type Progress = { unitsPrepared: number; blocks: number; uploadedBlocks: number; uploadedBytes: number };

export type BatchOptions = {
  /** By default derived from program, arguments and inputs, so that the same call finds the same batch again. */
  name?: string;
  /** The first word of the command line; by default the app's name. */
  programName?: string;
  /** Arguments that every unit starts with. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Files that every unit finds; a unit's own file of the same name goes first. */
  files?: Readonly<Record<string, Source>>;
  /** Output files that belong to the result. */
  collect?: readonly string[];
  /** Exit codes that mean success; by default 0 only. */
  okExitCodes?: readonly number[];
  /** How many hosts of different accounts must agree; by default 2. With 1, results are shown as unverified. */
  quorum?: number;
  /** Higher goes first among the project's batches; from -100 to 100, by default 0. */
  priority?: number;
  /** Computing time of one run on one host, asleep or stopped not counted; by default one hour. A host that needs longer hands the unit back. */
  timeoutMs?: number;
  /**
   * Fuel of one run: a unit that needs more fails, alike on every host. By default what a fast core can use within the timeout
   * (20 million for each of its milliseconds), so that only what never ends meets it.
   */
  fuelMaximum?: number;
  /** What the clocks say to the program, in ms since 1970; by default the fixed time of the unit ABI. They stand still all the same. */
  clockMs?: number;
  /** What one run takes on an ordinary core; by default one minute, or the timeout if that is shorter. */
  expectedDurationMs?: number;
  /** Standard output and collected files of one unit together; by default 16 MiB. */
  outputMaximumBytes?: number;
  /** Time after submission at which open units end; by default, and with null, never. */
  expiresAfterMs?: number | null;
  /** How the project's page shows the results. */
  presentation?: Presentation;
  /**
   * For inputs in an array: told, before anything is sent, of the batch of the same name and contents that exists already, or null. What it
   * throws ends the submission.
   */
  onFound?: (existing: Batch | null) => void | Promise<void>;
  /** Told while inputs go up. */
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
};

export const DEFAULT_QUORUM = 2;
export const DEFAULT_TIMEOUT_MS = 60 * 60_000;
/** A core that uses so much is about four times as fast as an ordinary one. */
const DEFAULT_FUEL_PER_TIMEOUT_MS = 20_000_000;
/** What an ordinary core of one GFLOPS uses: 200 cobblestones in a day. */
const ORDINARY_FUEL_PER_MS = Math.round((200 * FUEL_PER_COBBLESTONE) / (24 * 60 * 60_000));
export const DEFAULT_EXPECTED_DURATION_MS = 60_000;
export const DEFAULT_OUTPUT_MAXIMUM_BYTES = 16 * 1024 * 1024;

/** The limit of fuel that goes with a timeout. */
function defaultFuelMaximum(timeoutMs: number): number {
  return Math.min(FUEL_MAXIMUM, timeoutMs * DEFAULT_FUEL_PER_TIMEOUT_MS);
}

/** The limit of fuel of each unit of a batch. */
export function fuelMaximumOf({ fuelMaximum, timeoutMs = DEFAULT_TIMEOUT_MS }: BatchOptions): number {
  return fuelMaximum ?? defaultFuelMaximum(timeoutMs);
}

/** What an amount of fuel takes on an ordinary core, at least one millisecond. */
export function expectedDurationMsOf(fuel: number): number {
  return Math.max(1, Math.round(fuel / ORDINARY_FUEL_PER_MS));
}
