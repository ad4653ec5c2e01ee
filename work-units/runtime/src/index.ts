// The one deterministic host of units, the same in worker threads, browsers and local runs.
export { DEFAULT_UNIT_LIMITS, type UnitLimits } from './limits.js';
export { runUnit } from './run-unit.js';
export type { HostFailure, UnitFailure, UnitFile, UnitInput, UnitOutcome, UnitSuccess } from './unit.js';
