// A thread of the plain implementation: one input in, one output out. Node runs this file as it is, hence the .ts below.
import { parentPort } from 'node:worker_threads';
import { type PlainInput, plainOutput } from './plain-gotoh.ts';

parentPort?.on('message', (input: PlainInput) => parentPort?.postMessage(plainOutput(input)));
