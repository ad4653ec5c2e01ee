// What every import function works on.
import type { GuestMemory } from './guest-memory.js';
import type { HostState } from './host-state.js';
import type { Meter } from './meter.js';

/** While a program is taken back to where it stopped, nothing of it runs: a call of the host can only come from a forged checkpoint. */
export type Suspension = { isRewinding: boolean };
export type HostContext = { state: HostState; memory: GuestMemory; meter: Meter; suspension: Suspension };
/** Import functions by name. WASI fixes their parameters, hence more than the house's three. */
export type ImportGroup = Readonly<Record<string, (...parameters: never[]) => number>>;
