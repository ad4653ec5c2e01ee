// The thread that instruments one module.
import { parentPort, workerData } from 'node:worker_threads';
import { ManyhandsError } from '@manyhands/contract';
import { type BuildOptions, buildApp } from '@manyhands/instrument';
import type { BuildMessage } from './build-in-thread.js';

const { wasm, options } = workerData as { wasm: Uint8Array; options: BuildOptions };
let message: BuildMessage;
try {
  message = { built: await buildApp(wasm, options) };
} catch (error) {
  message = { error: ManyhandsError.from(error).toObject() };
}
parentPort?.postMessage(message);
