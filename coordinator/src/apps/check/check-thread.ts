// The thread that checks one app version.
import { parentPort, workerData } from 'node:worker_threads';
import { loadPipeline } from '@manyhands/instrument';
import { type CheckRequest, checkModule } from './check-module.js';

await loadPipeline();
parentPort?.postMessage('loaded');
parentPort?.postMessage(await checkModule(workerData as CheckRequest));
