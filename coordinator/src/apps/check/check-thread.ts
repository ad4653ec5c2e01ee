// The thread that checks one app version.
import { parentPort, workerData } from 'node:worker_threads';
import { loadPipeline } from '@manyhands/instrument';
import { type CheckRequest, checkModule } from './check-module.js';

const request = workerData as CheckRequest;
// A program in steps is checked without. One that only says so pays for the loading itself.
if (!('step' in request.builds)) await loadPipeline();
parentPort?.postMessage('loaded');
parentPort?.postMessage(await checkModule(request));
