// The worker's core: the whole behaviour of a volunteer's host without clock, randomness, sockets or disk. Browser-safe.
export { backOffMs } from './back-off.js';
export { DEFAULT_DISK_BYTES, defaultCores, defaultMemoryBytes, shareDisk } from './defaults.js';
export { type CheckedChain, checkHandOvers } from './hand-over-chain.js';
export { rangesOf } from './leases.js';
export { fitsLease, type Lineage, lineageOf } from './lineage.js';
export type {
  CoreOptions,
  Ending,
  Identity,
  Moment,
  PauseReason,
  RestoredLease,
  RestoredResult,
  RunProof,
  Trouble,
  UnitEnding,
  UnitNeeds,
  UnitRef,
  WorkerEffect,
  WorkerEvent,
} from './ports.js';
export { isInline } from './results.js';
export { initialState, unitKey, type WorkerState } from './state.js';
export { type CoreStatus, describe, type StatusWord } from './status.js';
export { type Step, step } from './step.js';
export { nextWakeMs } from './wake.js';
