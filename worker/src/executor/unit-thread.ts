// A thread of the executor: runs units one after the other, in slices, and hears between slices what it is asked. It sees no environment, key, socket or database.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Collector } from './collector.js';
import type { ResultMessage } from './messages.js';
import { RunAsks } from './run-asks.js';
import { SlicePacer } from './slice-pacer.js';
import type { FromThread, ThreadBatch, ToThread } from './thread-messages.js';
import { runInSlices, type SliceHost } from './unit-run.js';

/** Results wait so long for others of their batch: long enough to be worth a message, short enough that nobody notices. */
const REPORT_MS = 20;
/** By module: programs differ in how fast they burn fuel. */
const pacers = new Map<string, SlicePacer>();
const PACERS_MAXIMUM = 64;
const collector = new Collector();

/** What the pool calls. Resolves when all results have been reported over the batch's port. */
export async function runBatch({ module, tasks, port, endedCount }: ThreadBatch): Promise<void> {
  const asks = new RunAsks();
  const say = (message: FromThread): void => port.postMessage(message);
  const host: SliceHost = {
    ...{ asks, say, pacerFor },
    sayWithBytes: (message) => port.postMessage(message, [message.bytes.buffer]),
    hear: () => hear(port, asks),
  };
  let results: ResultMessage[] = [];
  let reportedAtMs = performance.now();
  for (const task of tasks) {
    const beganAtMs = performance.now();
    results.push(await runInSlices(module, task, host));
    Atomics.add(endedCount, 0, 1);
    collector.afterUnit(task.input.limits.memoryMaximumBytes, performance.now() - beganAtMs);
    if (performance.now() - reportedAtMs < REPORT_MS) continue;
    say({ kind: 'results', results });
    results = [];
    reportedAtMs = performance.now();
  }
  if (results.length > 0) say({ kind: 'results', results });
  collector.touch();
}

function hear(port: MessagePort, asks: RunAsks): void {
  for (let heard = receiveMessageOnPort(port); heard; heard = receiveMessageOnPort(port)) {
    const message: ToThread = heard.message;
    if (message.kind === 'ask') asks.ask(message.id, message.ask);
    else asks.kept(message.id);
  }
}

function pacerFor(moduleCid: string): SlicePacer {
  const known = pacers.get(moduleCid);
  if (known) return known;
  if (pacers.size >= PACERS_MAXIMUM) pacers.clear();
  const pacer = new SlicePacer();
  pacers.set(moduleCid, pacer);
  return pacer;
}
