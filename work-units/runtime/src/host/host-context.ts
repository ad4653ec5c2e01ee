// What every import function works on.
import type { GuestMemory } from './guest-memory.js';
import type { HostState } from './host-state.js';

export type HostContext = { state: HostState; memory: GuestMemory };
/** Import functions by name. WASI fixes their parameters, hence more than the house's three. */
export type ImportGroup = Readonly<Record<string, (...parameters: never[]) => number>>;
