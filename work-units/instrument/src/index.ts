// Checks modules and prepares them for volunteers' machines.
export { MODULE_LIMITS } from './limits.js';
export { INSTRUMENTER_VERSION, type PreparedModule, type PrepareOptions, prepareModule } from './prepare-module.js';
export { GROWTH_REFUSED_EXPORT } from './rewrite/growth-guard.js';
export { validatePrepared } from './validate-prepared.js';
