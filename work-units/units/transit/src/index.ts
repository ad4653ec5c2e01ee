// The transit example: does a planet pass in front of this star? See SPEC.md.
export { type MadeUpCurve, makeCurve, type Planet, type Point, printCurve } from './curve.js';
export { TransitError, type TransitErrorCode } from './errors.js';
export { transitModule } from './files.js';
export { type Candidate, DETECTION_THRESHOLD, mergeRanges, type Spectrum } from './merge.js';
export { type Box, parseOutput, type Range } from './output.js';
export { benchmarkUnit, FREQUENCY_UNITS, type PlannedUnit, type PlanOptions, planUnits } from './plan.js';
