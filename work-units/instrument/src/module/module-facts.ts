// What the checks found out about a module; filled section by section.
import type { FunctionType } from './types.js';

export type Limits = { minimum: number; maximum: number | null };
type GlobalType = { type: number; isMutable: boolean };
export const ExportKind = { function: 0, table: 1, memory: 2, global: 3 } as const;
export type Export = { name: string; kind: number; index: number };
/** Where a memory.grow stands: number of its function in the code section, and bytes within that function's body. */
type GrowSite = { body: number; start: number; end: number };

export type ModuleFacts = {
  types: FunctionType[];
  /** Names of the imported functions, in order. */
  imports: string[];
  /** Index into `types` for each function, imported ones first. */
  functionTypes: number[];
  tableCount: number;
  memory: Limits;
  globals: GlobalType[];
  exports: Export[];
  /** From the data count section, or null without one. */
  dataCount: number | null;
  /** Bodies as in the code section, without their length. */
  bodies: Uint8Array[];
  growSites: GrowSite[];
  /** By body: indices of the globals that it names. */
  globalsUsed: Set<number>[];
  hasFloat: boolean;
};

export function emptyFacts(): ModuleFacts {
  return {
    types: [],
    imports: [],
    functionTypes: [],
    tableCount: 0,
    memory: { minimum: 0, maximum: null },
    globals: [],
    exports: [],
    dataCount: null,
    bodies: [],
    growSites: [],
    globalsUsed: [],
    hasFloat: false,
  };
}
