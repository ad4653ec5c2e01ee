// What one process of the benchmark is asked and answers.
import type { Build } from '@manyhands/contract';

export type MeasureTask = {
  wasmFile: string;
  /** Null: the plain module, run by the WASI that Node has. */
  build: Build | null;
  /** The program's own name first. */
  args: string[];
  /** A folder with the input files, or null. */
  inputFolder: string | null;
  memoryMaximumBytes: number;
  markSpacing: number;
  /** Runs in this process: the first is cold, later ones are hot. */
  runs: number;
  /** Also measures a snapshot about half-way (by fuel) and what hashing costs; the times of such a run are not compared. */
  probe: { halfFuel: number; everyFuel: number } | null;
};

/** CPU time of the whole process, compiling included. */
export type RunTimes = { cpuMs: number; wallMs: number };
export type ProbeFigures = {
  snapshotBytes: number;
  snapshotMs: number;
  /** CPU time of all state hashes, one after each stretch of `everyFuel`. */
  hashMs: number;
  hashCount: number;
  totalMs: number;
};
export type MeasureAnswer = {
  runs: RunTimes[];
  /** SHA-256 of standard output: the same in every variant. */
  outputDigest: string;
  fuel: number | null;
  markCount: number | null;
  chainRoot: string | null;
  sliceCount: number | null;
  residentBytes: number;
  probe: ProbeFigures | null;
};
