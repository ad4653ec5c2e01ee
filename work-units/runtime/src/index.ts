// The one deterministic host of units, the same in worker threads, browsers and local runs.
export {
  type Bisection,
  bisect,
  type ChainParty,
  type ProvenLink,
  proveLink,
} from './chain/bisect.js';
export { chainRootOf, type MarkLink, markLink } from './chain/links.js';
export { type KeptSnapshot, RetainedSnapshots, snapshotsToDrop } from './chain/retained-snapshots.js';
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
export type { ExpectedState } from './machine/checkpoint-checks.js';
export { type MachineOptions, type SliceEnd, UnitMachine } from './machine/unit-machine.js';
export { type SnapshotAtMarkOptions, snapshotAtMark } from './replay/snapshot-at-mark.js';
export { type SegmentEnd, type SegmentOptions, type SegmentStart, verifySegment } from './replay/verify-segment.js';
export { runUnit } from './run-unit.js';
export type {
  HostFailure,
  NeedsAll,
  Provenance,
  RunOptions,
  UnitFailure,
  UnitFile,
  UnitInput,
  UnitOutcome,
  UnitSuccess,
} from './unit.js';
