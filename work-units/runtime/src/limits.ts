// Numbers that bound a unit: those that a project may choose (UnitLimits) and those that the host ABI fixes for every unit.

/** Bounds of one unit. Crossing one ends the unit with the same documented failure on every host. */
export type UnitLimits = {
  /** The largest linear memory, which the prepared module must declare itself; multiple of 65,536. */
  memoryMaximumBytes: number;
  /** Standard output plus the collected files. */
  outputMaximumBytes: number;
  /** How much of the end of standard error is kept. Writing more is not a failure: older bytes are dropped. */
  stderrTailBytes: number;
  /** File descriptors open at one time, the three standard streams and the root folder included. */
  openFilesMaximum: number;
  /** Standard input, input files and everything written, plus FILE_NODE_COST_BYTES for each file or folder. */
  fileTreeMaximumBytes: number;
};

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_UNIT_LIMITS: UnitLimits = {
  memoryMaximumBytes: 512 * MEBIBYTE,
  outputMaximumBytes: 64 * MEBIBYTE,
  stderrTailBytes: 4 * 1024,
  openFilesMaximum: 128,
  fileTreeMaximumBytes: 256 * MEBIBYTE,
};

/** What a file or folder costs besides its bytes, so that millions of empty files are bounded too. */
export const FILE_NODE_COST_BYTES = 512;
/** Longest name of a file or folder (as in POSIX). */
export const FILE_NAME_MAXIMUM_BYTES = 255;
/** Longest path handed to one call (as in Linux). */
export const PATH_MAXIMUM_BYTES = 4096;
/** Most buffers in one scattered read or write (IOV_MAX of Linux). */
export const BUFFERS_MAXIMUM = 1024;
/** Most subscriptions of one poll_oneoff. */
export const SUBSCRIPTIONS_MAXIMUM = 1024;
/** Most bytes of randomness in one call, which takes some 0.1 s then. */
export const RANDOM_MAXIMUM_BYTES = 16 * MEBIBYTE;
/** Arguments and environment together, their terminating zeros included. */
export const ARGUMENTS_MAXIMUM_BYTES = MEBIBYTE;
/** Longest seed of the randomness. */
export const SEED_MAXIMUM_BYTES = 32;
