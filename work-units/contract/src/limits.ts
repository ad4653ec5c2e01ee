// The bounds of the contract. LIMITS.md documents each with its reason; an operator may tighten some of them.

export const BLOCK_MAXIMUM_BYTES = 1024 * 1024;
/** One frame of the worker's WebSocket. */
export const FRAME_MAXIMUM_BYTES = 1024 * 1024;
export const UNITS_PER_PAGE = 1024;
export const UNITS_PER_BATCH_MAXIMUM = 1_000_000;
export const UNITS_PER_LEASE_MAXIMUM = 256;
export const MODULE_MAXIMUM_BYTES = 64 * 1024 * 1024;
/** Computing that instrumenting a module may take, for whoever builds it and for the coordinator that builds it again. */
export const BUILD_CPU_MAXIMUM_MS = 120_000;
export const INPUT_FILE_MAXIMUM_BYTES = 4 * 1024 * 1024 * 1024;
/** Linear memory of one unit. */
export const MEMORY_MAXIMUM_BYTES = 2 * 1024 * 1024 * 1024;
/** stdout and collected files of one unit together. */
export const OUTPUT_MAXIMUM_BYTES = 64 * 1024 * 1024;
export const STDERR_TAIL_BYTES = 4096;
/** Result bundles up to this size travel inside the receipt's frame; larger ones are uploaded when asked for. */
export const INLINE_BUNDLE_MAXIMUM_BYTES = 16 * 1024;
export const ARGUMENTS_MAXIMUM = 256;
export const ARGUMENT_MAXIMUM_BYTES = 4096;
export const FILES_PER_UNIT_MAXIMUM = 64;
export const NAME_MAXIMUM_CHARACTERS = 128;
/** Licence, contact and the like of a project. */
export const FACT_MAXIMUM_CHARACTERS = 200;
export const QUORUM_MAXIMUM = 5;
/** Milli-cobblestones that one replica may earn at most; an operator may lower it. */
export const CREDIT_PER_REPLICA_MAXIMUM_MILLI = 1_000_000;
/** Fuel of one unit: the largest exact integer. */
export const FUEL_MAXIMUM = Number.MAX_SAFE_INTEGER;
/** End of the year 2199, which fits the nanoseconds of WASI. */
export const CLOCK_MAXIMUM_MS = 7_258_118_399_999;
/** Marks of one unit: a day of work has about twenty thousand. */
export const MARKS_MAXIMUM = 1_000_000;
/** An encrypted checkpoint kept for a successor. */
export const CHECKPOINT_MAXIMUM_BYTES = 512 * 1024 * 1024;
/** One part of an upload: half of what proxies let through by default, and some seconds of a slow line. */
export const PART_MAXIMUM_BYTES = 512 * 1024;
/** Hosts that may work on one replica one after the other. */
export const HAND_OVERS_MAXIMUM = 8;
export const UNIT_TIMEOUT_MAXIMUM_MS = 24 * 60 * 60_000;

/** Leases of one renewal that tells progress, so that it stays within the bound of the versions before. */
export const LEASES_PER_PROGRESS_MAXIMUM = 32;
/** An envelope with so many leases. */
export const PROGRESS_MAXIMUM_BYTES = 4096;
