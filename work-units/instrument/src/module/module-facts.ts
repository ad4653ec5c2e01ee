// What the checks found out about a module; filled section by section.
import type { Build } from '../abi/engine-names.js';
import type { FunctionType } from '../binary/types.js';
import { MODULE_LIMITS, type ModuleLimits, PREPARED_LIMITS } from '../limits.js';

export type Limits = { minimum: number; maximum: number | null };
type GlobalType = { type: number; isMutable: boolean };
export const ExportKind = { function: 0, table: 1, memory: 2, global: 3 } as const;
export type Export = { name: string; kind: number; index: number };
/** Where a memory.grow stands: number of its function in the code section, and bytes within that function's body. */
type GrowSite = { body: number; start: number; end: number };

/** `offset` is the constant with its end; null is an empty place. */
export type ElementSegment = { offset: Uint8Array; functions: (number | null)[] };
type DataSegment = { isPassive: boolean };

export type ModuleFacts = {
  /** Which build of the pipeline the module is said to be; null for a module as the compiler wrote it. */
  build: Build | null;
  limits: ModuleLimits;
  types: FunctionType[];
  /** Names of the imported functions, in order. */
  imports: string[];
  /** How many functions are imported: those of WASI and, in builds of commands, the one that is called to stop. */
  importCount: number;
  /** Number of the function that is called to stop, which only builds of commands import. */
  yieldFunction: number | null;
  /** The second memory of builds of commands. */
  stackMemory: Limits | null;
  /** Index into `types` for each function, imported ones first. */
  functionTypes: number[];
  tableCount: number;
  /** Entries that the table has at the start. */
  tableMinimum: number;
  memory: Limits;
  globals: GlobalType[];
  exports: Export[];
  elements: ElementSegment[];
  data: DataSegment[];
  /** From the data count section, or null without one. */
  dataCount: number | null;
  /** Bodies as in the code section, without their length. */
  bodies: Uint8Array[];
  growSites: GrowSite[];
  /** Of all functions, without their parameters. */
  localsTotal: number;
  /** By body: indices of the globals that it names. */
  globalsUsed: Set<number>[];
  hasFloat: boolean;
};

export function emptyFacts(build: Build | null): ModuleFacts {
  return {
    build,
    limits: build === null ? MODULE_LIMITS : PREPARED_LIMITS,
    importCount: 0,
    yieldFunction: null,
    stackMemory: null,
    types: [],
    imports: [],
    functionTypes: [],
    tableCount: 0,
    tableMinimum: 0,
    memory: { minimum: 0, maximum: null },
    globals: [],
    exports: [],
    elements: [],
    data: [],
    dataCount: null,
    bodies: [],
    growSites: [],
    localsTotal: 0,
    globalsUsed: [],
    hasFloat: false,
  };
}
