// The thread that runs one unit: apart from the main thread, so that an endless loop can be ended.
import { parentPort, workerData } from 'node:worker_threads';
import { runUnit } from '@manyhands/runtime';
import type { LocalUnit } from './run-thread.js';

const { wasm, input, options } = workerData as LocalUnit;
const startedAtMs = performance.now();
const outcome = runUnit(new WebAssembly.Module(wasm), input, options);
parentPort?.postMessage({ outcome, elapsedMs: performance.now() - startedAtMs });
