// The scientist's library: connect, project, app, map, results.

export { buildsOf } from './build/builds.js';
export { type Inspection, inspectProgram } from './build/inspect.js';
export {
  type BuildProgramOptions,
  type BuiltProgram,
  buildProgram,
  DEFAULT_MEMORY_MAXIMUM_BYTES,
  type ProgramSource,
  readProgram,
} from './build/program.js';
export { Account, openAccount } from './define/account.js';
export { App, type AppOptions } from './define/app.js';
export { type ConnectOptions, Coordinator, connect } from './define/coordinator.js';
export { Operator } from './define/operator.js';
export { Project, type ProjectOptions } from './define/project.js';
export type { Difference, ProjectText, ProjectWords } from './define/project-texts.js';
export { buildsDirectory, defaultDataDirectory } from './kept/data-directory.js';
export { type Reproduction, reproduceUnit, type Verdict } from './local/reproduce.js';
export {
  buildLocally,
  type Estimate,
  estimate,
  type LocalProgram,
  runLocally,
  type Trial,
} from './local/run-locally.js';
export type { Trouble } from './rest/client.js';
export type { Connected } from './rest/connected.js';
export { Batch, type ResultOptions } from './results/batch.js';
export type { OutcomeOptions } from './results/outcomes.js';
export { type AcceptedUnit, type Failure, Result } from './results/result.js';
export { type BatchOptions, fuelMaximumOf, type Input, type Inputs, type Progress } from './submit/options.js';
export type { Source } from './submit/source.js';
export { UnitNames } from './submit/unit-names.js';
