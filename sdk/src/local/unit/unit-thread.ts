// The thread that runs one unit.
import { parentPort, workerData } from 'node:worker_threads';
import { type MachineOptions, runUnit, type UnitInput } from '@manyhands/runtime';

export type LocalUnit = { wasm: Uint8Array<ArrayBuffer>; input: UnitInput; options: MachineOptions };

const { wasm, input, options } = workerData as LocalUnit;
const startedAtMs = performance.now();
const outcome = runUnit(new WebAssembly.Module(wasm), input, options);
parentPort?.postMessage({ outcome, elapsedMs: performance.now() - startedAtMs });
