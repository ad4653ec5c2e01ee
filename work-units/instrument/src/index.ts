// Checks modules and prepares them for volunteers' machines.

export { type Abi, type Build, EngineExport, GLOBAL_EXPORT_PREFIX, YIELD_IMPORT } from './abi/engine-names.js';
export { type AppFacts, type CodeFacts, inspectApp } from './analysis/app-facts.js';
export { loadPipeline } from './asyncify.js';
export {
  BUILD_STACK_MIB,
  type BuildOptions,
  type BuildReport,
  type BuiltApp,
  buildApp,
  INSTRUMENTER,
} from './build-app.js';
export { COST_TABLE } from './layout/cost-table.js';
export { MODULE_LIMITS } from './limits.js';
export type { PreparedExpectation } from './validate-prepared.js';
export { validatePrepared } from './validate-prepared.js';
