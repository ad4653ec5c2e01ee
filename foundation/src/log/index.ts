// The log, apart from the rest: processes that write none do not load it.
export { type BoundedLogOptions, createBoundedLog } from './bounded-log.js';
