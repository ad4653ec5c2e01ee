// The volunteer's daemon: joins a coordinator, computes units in its executor process, exchanges blocks with other hosts.
export { type Machine, thisMachine } from './config/machine.js';
export { resolveOptions, type WorkerOptions, workerOptionsSchema } from './config/options.js';
export type { WorkerIdentity } from './daemon/owner/identity.js';
export { type Renewal, renewHost } from './daemon/owner/new-host.js';
export { accountLabelIn, controlWorker, hostIdIn, identityIn, purgeWorker } from './daemon/owner/owner.js';
export type { RunningWorker, WorkerEnd } from './daemon/running-worker.js';
export { type WorkerStatus, workerStatusSchema } from './daemon/status.js';
export { startWorker } from './daemon/worker.js';
export { createExecutor, type Executor, type ExecutorTask } from './executor/daemon/executor.js';
export type { ControlCommand } from './local-control/messages.js';
