// The thread that checks one app version.
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckRequest, checkModule } from './check-module.js';

parentPort?.postMessage(await checkModule(workerData as CheckRequest));
