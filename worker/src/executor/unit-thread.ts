// A thread of the executor: runs units one after the other, in slices, and hears between slices what it is asked. It sees no environment, key, socket or database.
import { parentPort } from 'node:worker_threads';
import { Collector } from './collector.js';
import type { ResultMessage } from './messages.js';
import { RunAsks } from './run-asks.js';
import { SlicePacer } from './slice-pacer.js';
import type { FromThread, ThreadTask, ToThread } from './thread-messages.js';
import { runInSlices, type SliceHost } from './unit-run.js';

/** Results wait so long for others of their batch: long enough to be worth a message, short enough that nobody notices. */
const REPORT_MS = 20;

if (!parentPort) throw new Error('this is a thread of the executor');
const port = parentPort;
const asks = new RunAsks();
/** By module: programs differ in how fast they burn fuel. */
const pacers = new Map<string, SlicePacer>();
const PACERS_MAXIMUM = 64;
const collector = new Collector();

const host: SliceHost = {
  asks,
  say: (message) => port.postMessage(message),
  sayWithBytes: (message) => port.postMessage(message, [message.bytes.buffer]),
  pacerFor,
};

port.on('message', (message: ToThread) => {
  if (message.kind === 'ask') asks.ask(message.id, message.ask);
  else if (message.kind === 'kept') asks.kept(message.id);
  else void runBatch(message.module, message.tasks);
});

async function runBatch(module: WebAssembly.Module, tasks: readonly ThreadTask[]): Promise<void> {
  let results: ResultMessage[] = [];
  let reportedAtMs = performance.now();
  for (const task of tasks) {
    const beganAtMs = performance.now();
    const result = await runInSlices(module, task, host);
    asks.forget(task.id);
    results.push(result);
    collector.afterUnit(task.input.limits.memoryMaximumBytes, performance.now() - beganAtMs);
    if (performance.now() - reportedAtMs < REPORT_MS) continue;
    report(results);
    results = [];
    reportedAtMs = performance.now();
  }
  if (results.length > 0) report(results);
  collector.touch();
}

function report(results: ResultMessage[]): void {
  const message: FromThread = { kind: 'results', results };
  port.postMessage(message);
}

function pacerFor(moduleCid: string): SlicePacer {
  const known = pacers.get(moduleCid);
  if (known) return known;
  if (pacers.size >= PACERS_MAXIMUM) pacers.clear();
  const pacer = new SlicePacer();
  pacers.set(moduleCid, pacer);
  return pacer;
}
