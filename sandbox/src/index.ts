// Starts Node processes that meet programs of strangers behind the walls of the operating system.
export { Confined, launch, type Program } from './launch.js';
export {
  describeWall,
  LAYERS,
  type Layer,
  type MissingLayer,
  SANDBOX_POLICIES,
  type SandboxPolicy,
  type WallKind,
  type WallReport,
} from './layers.js';
export { watchMemory } from './memory-watch.js';
export { readablePaths } from './shown/zone.js';
export type { Wall } from './standing-wall.js';
export { findWall } from './wall.js';
