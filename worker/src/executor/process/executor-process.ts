// The executor process: lowest priority, no environment, keys, database or socket. Holds the threads; is killed and respawned freely.
import { getPriority, setPriority } from 'node:os';
import { hostFailure } from '../messages/failures.js';
import type { FromExecutor, ResultMessage, RunMessage, ToExecutor } from '../messages/messages.js';
import { PieceCollector } from '../messages/pieces.js';
import type { ThreadTask } from '../messages/thread-messages.js';
import { BlobCache } from './blob-cache.js';
import { Collector } from './collector.js';
import { ModuleCache } from './module-cache.js';
import { Outbox } from './outbox.js';
import { SnapshotStreams } from './snapshot-stream.js';
import { ThreadPool } from './thread-pool.js';

// Threads started later inherit it. Never above what the worker was started with: the system forbids it, and whoever used `nice` meant it.
setPriority(Math.max(getPriority(), Number(process.argv[3])));
const ALIVE_MS = 5000;
const PROGRESS_MS = 1000;
/** What was said before the end must get out. */
const LAST_WORDS_MS = 1000;

const collector = new Collector();
const say = (message: FromExecutor): void => {
  process.send?.(message);
  collector.touch();
};
const blobs = new BlobCache();
const modules = new ModuleCache({ blobs, onEndless: () => setTimeout(() => process.exit(1), LAST_WORDS_MS) });
const outbox = new Outbox(say);
const streams = new SnapshotStreams(say);
/** Snapshots that runs will go on from, as far as they have come. */
const arriving = new Map<number, PieceCollector>();
/** Asked to end before they got to a thread. */
const compiling = new Map<number, { isStopped: boolean }>();
const pool = new ThreadPool(
  { threadCount: Number(process.argv[2]) },
  {
    say,
    onResults: (results) => results.forEach(report),
    onSnapshot: ({ id, head, bytes }) => streams.begin(id, head, bytes),
  },
);

process.on('message', (message: ToExecutor) => {
  switch (message.kind) {
    case 'blob':
      blobs.put(message.name, message.bytes);
      break;
    case 'forget':
      blobs.forget(message.name);
      modules.forget(message.name);
      break;
    case 'piece':
      collectorOf(message.id).add(message.bytes);
      break;
    case 'runs':
      for (const run of message.runs) void start(run);
      break;
    case 'ask':
      ask(message);
      break;
    case 'more':
      streams.more(message.id);
      break;
    case 'kept':
      streams.kept(message.id);
      pool.kept(message.id);
      break;
  }
});
setInterval(() => process.send?.({ kind: 'alive' } satisfies FromExecutor), ALIVE_MS);
setInterval(() => {
  const runs = pool.progress();
  if (runs.length > 0) process.send?.({ kind: 'progress', runs } satisfies FromExecutor);
}, PROGRESS_MS);
// The daemon has died: nothing may be left running.
process.on('disconnect', () => process.exit(0));
// A terminal, or a service manager, tells the whole group; the daemon still hands over what is begun, and decides when this ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

/** A stop is told only once the snapshot before it is safe; any other result makes it useless. */
function report(result: ResultMessage): void {
  if (result.kind !== 'stopped') streams.drop(result.id);
  streams.after(result.id, () => outbox.add(result));
}

function collectorOf(id: number): PieceCollector {
  const collector = arriving.get(id) ?? new PieceCollector();
  arriving.set(id, collector);
  return collector;
}

function ask({ id, ask: asked }: Extract<ToExecutor, { kind: 'ask' }>): void {
  const waiting = compiling.get(id);
  if (waiting) waiting.isStopped = true;
  else pool.ask(id, asked);
}

async function start(message: RunMessage): Promise<void> {
  const { id } = message;
  const waiting = { isStopped: false };
  compiling.set(id, waiting);
  try {
    const task = taskOf(message);
    const module = await modules.compile(message.module);
    if (waiting.isStopped) report({ kind: 'stopped', id });
    else pool.add({ module, task });
  } catch (error) {
    const isMemory = error instanceof RangeError;
    const text = `The module could not be compiled: ${(error as Error).message}`;
    const code = isMemory ? 'MH-HOST-001' : 'MH-HOST-005';
    report({ kind: 'execution', id, execution: hostFailure({ code, message: text, elapsedMs: 0 }) });
  } finally {
    compiling.delete(id);
  }
}

function taskOf(message: RunMessage): ThreadTask {
  const { id, build, markSpacing, timeoutMs, resume, snapshotIntervalMs } = message;
  const { args, env, collect, okExitCodes, seed, limits, fuelMaximum, clockMs } = message;
  const snapshot = arriving.get(id)?.take();
  arriving.delete(id);
  return {
    ...{ id, build, markSpacing, timeoutMs, snapshotIntervalMs, moduleCid: message.module },
    resume: resume && snapshot ? { ...resume, bytes: snapshot } : null,
    input: {
      ...{ args, env, collect, okExitCodes, seed, limits, fuelMaximum },
      ...(clockMs === null ? {} : { clockMs }),
      stdin: message.stdin === null ? new Uint8Array() : blobs.get(message.stdin),
      files: message.files.map(({ name, blob }) => ({ name, bytes: blobs.get(blob) })),
    },
  };
}
