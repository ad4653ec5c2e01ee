// Names that the instrumentation adds to a module: the only way in which host and instrumented code meet.

/** The one import beside WASI: called at a yield point when the fuel is used up. */
export const YIELD_IMPORT = { module: 'manyhands', name: 'yield' } as const;

export const EngineExport = {
  /** i64, fuel left until the next stop; counts down. */
  fuel: 'manyhands:fuel',
  /** i64; a check that cannot yield traps when fuel is below it. */
  floor: 'manyhands:floor',
  /** i64, bytes of stack left for metered functions. */
  depth: 'manyhands:depth',
  /** i32; 1 after a growth was refused below the maximum. */
  growthRefused: 'manyhands:growth-refused',
  /** The second memory, which holds the stack of a program that stopped. */
  stack: 'manyhands:stack',
} as const;

/** Mutable globals of the program are exported under this and their number, from 0. */
export const GLOBAL_EXPORT_PREFIX = 'manyhands:global:';

/** Functions that Asyncify adds, by name: how many i32 they take and give. */
export const ASYNCIFY_FUNCTIONS: ReadonlyMap<string, { parameters: number; results: number }> = new Map([
  ['asyncify_start_unwind', { parameters: 1, results: 0 }],
  ['asyncify_stop_unwind', { parameters: 0, results: 0 }],
  ['asyncify_start_rewind', { parameters: 1, results: 0 }],
  ['asyncify_stop_rewind', { parameters: 0, results: 0 }],
  ['asyncify_get_state', { parameters: 0, results: 1 }],
]);

/** How a program is run: once from _start, or step by step. */
export type Abi = 'command' | 'step';

/** `nonleaf` and `all` differ in where a command can stop; `step` stops between steps only. */
export type Build = 'nonleaf' | 'all' | 'step';

/** Functions that the host calls, by ABI. */
export const ENTRY_EXPORTS: Readonly<Record<Abi, readonly string[]>> = {
  command: ['_start'],
  step: ['_initialize', 'init', 'step', 'finish'],
};

export function abiOf(build: Build): Abi {
  return build === 'step' ? 'step' : 'command';
}
