// The thread that runs one unit: apart from the main thread, so that an endless loop can be ended.
import { parentPort, workerData } from 'node:worker_threads';
import { runUnit, type UnitInput } from '@manyhands/runtime';

const { wasm, input } = workerData as { wasm: Uint8Array<ArrayBuffer>; input: UnitInput };
const startedAtMs = performance.now();
const outcome = runUnit(new WebAssembly.Module(wasm), input);
parentPort?.postMessage({ outcome, elapsedMs: performance.now() - startedAtMs });
