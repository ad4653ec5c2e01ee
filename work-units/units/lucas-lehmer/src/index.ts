// The Lucas-Lehmer example: is 2^p - 1 a prime number? See SPEC.md.
export { LucasLehmerError, type LucasLehmerErrorCode } from './errors.js';
export { lucasLehmerModule } from './files.js';
export { mergeResults, type Search } from './merge.js';
export { parseOutput, type Residue, type TestResult, type Verdict } from './output.js';
export { benchmarkUnit, MAX_EXPONENT, type PlannedUnit, type PlanOptions, planUnits } from './plan.js';
