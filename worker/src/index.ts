export { createExecutor } from './executor/executor.js';
