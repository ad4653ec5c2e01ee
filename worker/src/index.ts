// The volunteer's daemon: joins a coordinator, computes units in its executor process, exchanges blocks with other hosts.
export { type Machine, thisMachine } from './config/machine.js';
export { resolveOptions, type WorkerOptions, workerOptionsSchema } from './config/options.js';
export { createExecutor, type Executor, type ExecutorTask } from './executor/daemon/executor.js';
export type { WorkerIdentity } from './identity.js';
export type { ControlCommand } from './local-control/messages.js';
export { type Renewal, renewHost } from './new-host.js';
export { accountLabelIn, controlWorker, hostIdIn, identityIn, purgeWorker } from './owner.js';
export type { RunningWorker, WorkerEnd } from './running-worker.js';
export { type WorkerStatus, workerStatusSchema } from './status.js';
export { startWorker } from './worker.js';
