// The one deterministic host of units, the same in worker threads, browsers and local runs.
export {
  ARGUMENTS_MAXIMUM_BYTES,
  BUFFERS_MAXIMUM,
  DEFAULT_UNIT_LIMITS,
  FILE_NAME_MAXIMUM_BYTES,
  FILE_NODE_COST_BYTES,
  PATH_MAXIMUM_BYTES,
  SEED_MAXIMUM_BYTES,
  SUBSCRIPTIONS_MAXIMUM,
  type UnitLimits,
} from './limits.js';
export { runUnit } from './run-unit.js';
export type { HostFailure, UnitFailure, UnitFile, UnitInput, UnitOutcome, UnitSuccess } from './unit.js';
