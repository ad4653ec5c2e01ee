// Structural bounds of a module, so that checking and compiling it stays cheap whoever wrote it. Reasons on each line.

export const MODULE_LIMITS = {
  /** Large C++ and Rust programs have a few thousand. */
  types: 10_000,
  /** There are 46 functions in the ABI; a tool may import one more than once. */
  imports: 1_000,
  /** Rust programs of 6 MB have below 10,000; engines allocate per function. */
  functions: 50_000,
  /** Entries of the one table, as many as there can be functions. */
  tableEntries: 50_000,
  globals: 10_000,
  exports: 10_000,
  elementSegments: 10_000,
  dataSegments: 10_000,
  /** Bytes of all data segments together. */
  dataBytes: 32 * 1024 * 1024,
  /** Parameters and results of one function type each: the bound of the JavaScript interface. */
  typeValues: 1_000,
  /** Locals of one function without its parameters; each takes a slot of the native stack in baseline code. Optimised programs have below 500. */
  locals: 5_000,
  /** Locals of all functions together: the tools allocate for each. C++ programs of 1 MB have below 2,000. */
  localsTotal: 1_000_000,
  /** Loops of one function: making it able to stop takes more than linear time in them. The formatting of printf has 53. */
  loops: 1_000,
  /** Loops inside one another: as above. Programs have below 10. */
  loopNesting: 128,
  /** Operations inside one another: the tools recurse over them, and their stack ends at about 3,000. Programs have below 500. */
  expressionDepth: 1_500,
  /** Blocks inside one another; a switch of n cases nests n deep. */
  nesting: 4_096,
  /** Optimising compilers take more than linear time in it. */
  functionBytes: 2 * 1024 * 1024,
  /** Targets of one br_table: the bound of the JavaScript interface. */
  branchTargets: 65_520,
  /** Bytes of one import or export name. */
  nameBytes: 1_024,
} as const;

export type ModuleLimits = Readonly<Record<keyof typeof MODULE_LIMITS, number>>;

/** What a module within MODULE_LIMITS may grow to by being instrumented. */
export const PREPARED_LIMITS: ModuleLimits = {
  ...MODULE_LIMITS,
  /** One for calls that stop, one for the guard of memory.grow, and those of results of more than one value. */
  types: 20_010,
  imports: 1_001,
  /** The guard of memory.grow and what Asyncify adds. */
  functions: 50_010,
  /** Flags of data segments, and ours. */
  globals: 20_010,
  exports: 20_020,
  /** Flattening adds locals; the bound of the engines. */
  locals: 50_000,
  localsTotal: 10_000_000,
  /** Conditions of unwinding and rewinding stand around the program’s own blocks. */
  nesting: 16_384,
  /** The bound of the engines. */
  functionBytes: 7_654_321,
};

export const PAGE_BYTES = 65_536;
/** 4 GiB: what 32-bit addresses reach. */
export const PAGES_MAXIMUM = 65_536;

/** Most pages of the second memory, which holds the stack of a stopped program: no program that keeps to its depth needs more. */
export const STACK_PAGES_MAXIMUM = 16;
