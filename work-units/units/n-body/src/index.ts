// The N-body example: bodies that attract each other, moved step by step. See SPEC.md.
export { bitsOf, floatOf } from './bits.js';
export { type Body, parseBody, printBodies, type Vector } from './bodies.js';
export { NBodyError, type NBodyErrorCode } from './errors.js';
export { nBodyModule, nBodyStepModule } from './files.js';
export { angularMomentumOf, momentumOf, type NamedRun, type Summary, summarise } from './merge.js';
export { type EnergyPoint, parseOutput, type Run } from './output.js';
export { benchmarkUnit, MAX_BODIES, MAX_STEPS, type PlannedUnit, planUnits, type Simulation } from './plan.js';
export { type Binary, binary, FIGURE_EIGHT_PERIOD, figureEight, quietSphere, type Sphere } from './systems.js';
