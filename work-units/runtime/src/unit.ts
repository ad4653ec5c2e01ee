// What goes into one run of a unit and what comes out of it.
import type { Build, ErrorCode } from '@manyhands/contract';
import type { UnitLimits } from './limits.js';

/** A file by its path below the root folder, without a leading slash; folders on the way are made as needed. */
export type UnitFile = { name: string; bytes: Uint8Array };

export type UnitInput = {
  /** `args[0]` is the program's own name. */
  args: readonly string[];
  /** The whole environment of the program; empty when absent. */
  env?: Readonly<Record<string, string>>;
  stdin: Uint8Array;
  /** Input files; their bytes are never changed, only copied when the program writes to them. */
  files: readonly UnitFile[];
  /** Paths of the files to hand back; one that does not exist at the end comes back as null. */
  collect: readonly string[];
  /** Exit codes that mean success. */
  okExitCodes: readonly number[];
  /** At most 32 bytes; the same seed gives the same randomness everywhere. */
  seed: Uint8Array;
  limits: UnitLimits;
  /** Fuel that the unit may use at most, a safe integer; using more is a failure of the unit. One that allows more than MARKS_MAXIMUM marks acts as the highest that does not. */
  fuelMaximum: number;
  /** What the clocks say, in ms since 1970; null or absent: the fixed time of the host ABI. */
  clockMs?: number | null;
};

/** How a module is to be run. All of it is part of the chain. */
export type RunOptions = {
  build: Build;
  /** The CID of the module's bytes. */
  moduleCid: string;
  /** Fuel between two marks: `markSpacingOf(memoryMaximumBytes)` of the contract. */
  markSpacing: number;
};

/** What hosts agree on besides the result: fuel and the chain of state hashes. */
export type Provenance = {
  fuel: number;
  /** Links of the chain, the last one, for the end, included. */
  markCount: number;
  /** The Merkle root over the links. 32 bytes. */
  chainRoot: Uint8Array;
  links: readonly Uint8Array[];
};

/** The program did its work: the only outcome that has a result. */
export type UnitSuccess = Provenance & {
  kind: 'success';
  exitCode: number;
  stdout: Uint8Array;
  /** In the order of `collect`, each name once. */
  files: { name: string; bytes: Uint8Array | null }[];
  /** As `digestResult` of the contract gives it. */
  resultDigest: Uint8Array;
  stderrTail: string;
};

/** The program failed, in the same way on every host: `code`, `exitCode` and `fuel` are comparable, `message` is for people. */
export type UnitFailure = Provenance & {
  kind: 'unit-failure';
  code: ErrorCode;
  /** Set only when the program ended by itself. */
  exitCode: number | null;
  message: string;
  stderrTail: string;
};

/** This host could not run the unit to its end; says nothing about the program and is never compared. */
export type HostFailure = { kind: 'host-failure'; code: ErrorCode; message: string; stderrTail: string };

/** The build `nonleaf` cannot run this unit, on no host: it is to be run with the build `all`. */
export type NeedsAll = { kind: 'needs-all'; code: 'MH-UNIT-010'; fuel: number; message: string; stderrTail: string };

export type UnitOutcome = UnitSuccess | UnitFailure | HostFailure | NeedsAll;
