// A thread of the executor: runs units one after the other, in slices, and hears between slices what it is asked. It sees no environment, key, socket or database.
import { receiveMessageOnPort } from 'node:worker_threads';
import type { ResultMessage } from '../messages/messages.js';
import type { FromThread, ThreadBatch, ToThread } from '../messages/thread-messages.js';
import { Collector } from '../process/collector.js';
import { RunAsks } from './run-asks.js';
import { SlicePacer } from './slice-pacer.js';
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
  const waiting = [...tasks];
  const say = (message: FromThread): void => port.postMessage(message);
  let results: ResultMessage[] = [];
  let reportedAtMs = performance.now();
  const report = (): void => {
    if (results.length > 0) say({ kind: 'results', results });
    results = [];
    reportedAtMs = performance.now();
  };
  const hear = (): void => {
    report();
    for (let heard = receiveMessageOnPort(port); heard; heard = receiveMessageOnPort(port)) {
      const message: ToThread = heard.message;
      if (message.kind === 'ask') asks.ask(message.id, message.ask);
      else if (message.kind === 'kept') asks.kept(message.id);
      else say({ kind: 'shed', count: waiting.splice(0).length });
    }
  };
  const host: SliceHost = {
    ...{ asks, say, hear, pacerFor },
    sayWithBytes: (message) => port.postMessage(message, [message.bytes.buffer]),
  };
  for (let task = waiting.shift(); task; task = waiting.shift()) {
    const beganAtMs = performance.now();
    const result = await runInSlices(module, task, host);
    results.push(result);
    Atomics.add(endedCount, 0, 1);
    collector.afterUnit(task.input.limits.memoryMaximumBytes, performance.now() - beganAtMs);
    if (performance.now() - reportedAtMs >= REPORT_MS) report();
  }
  report();
  collector.touch();
}

function pacerFor(moduleCid: string): SlicePacer {
  const known = pacers.get(moduleCid);
  if (known) return known;
  if (pacers.size >= PACERS_MAXIMUM) pacers.clear();
  const pacer = new SlicePacer();
  pacers.set(moduleCid, pacer);
  return pacer;
}
