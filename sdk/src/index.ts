// The scientist's library: connect, project, app, map, results.
export { App, type AppOptions } from './build/app.js';
export { type ConnectOptions, Coordinator, connect } from './define/coordinator.js';
export { defaultDataDirectory } from './define/data-directory.js';
export { Project, type ProjectOptions } from './define/project.js';
export type { Trouble } from './rest/client.js';
export { Batch, type ResultOptions } from './results/batch.js';
export type { OutcomeOptions } from './results/outcomes.js';
export { type Failure, Result } from './results/result.js';
export type { BatchOptions, Input, Inputs, Progress } from './submit/options.js';
export type { Source } from './submit/source.js';
