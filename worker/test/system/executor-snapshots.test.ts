// Snapshots of units under way: paused, killed and handed-over units go on with the same output, fuel and chain.
import { until } from '@manyhands/testing';
import { afterEach, beforeAll, expect, test } from 'vitest';
import {
  createExecutor,
  type Executor,
  type ExecutorTask,
  type Keeping,
  type Run,
  type RunResult,
  type SavedSnapshot,
} from '../../dist/executor/daemon/executor.js';
import type { SnapshotHead } from '../../src/executor/messages/messages.js';
import { ENDLESS, HELLO, workFor } from '../support/modules.js';
import { taskOf } from '../support/tasks.js';

const executors: Executor[] = [];
/** What a run of WORK without a break ends with. */
let whole: RunResult;

function start(threadCount: number): Executor {
  const executor = createExecutor({ threadCount, memoryBytes: 256 * 1024 * 1024, nice: 0 });
  executors.push(executor);
  return executor;
}

beforeAll(async () => {
  whole = await start(1).run(await taskOf(WORK));
});

afterEach(async () => {
  await Promise.all(executors.splice(0).map((executor) => executor.stop()));
});

/** Keeps snapshots in memory, as the journal keeps them on the disk. */
class Shelf {
  saved: SavedSnapshot | null = null;
  readonly heads: SnapshotHead[] = [];
  readonly resumedAt: number[] = [];
  /** What a snapshot waits for before it is kept. */
  gate: Promise<void> = Promise.resolve();
  abortedCount = 0;
  #onNext = (): void => {};

  /** The moment at which the next snapshot comes: whoever waits for it acts before the run has got much further. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#onNext = resolve;
    });
  }

  keeping(intervalMs: number | null = null): Keeping {
    return {
      intervalMs,
      saved: this.saved,
      open: async (head) => {
        const pieces: Uint8Array[] = [];
        return {
          write: async (piece) => void pieces.push(piece),
          commit: async () => {
            this.#onNext();
            await this.gate;
            const { sizeBytes, isCompressed, elapsedMs } = head;
            const read = async function* () {
              yield* pieces;
            };
            this.heads.push(head);
            this.saved = { sizeBytes, isCompressed, elapsedMs, expected: null, read };
          },
          abort: async () => void this.abortedCount++,
        };
      },
      onResumed: (fuel) => this.resumedAt.push(fuel),
    };
  }
}

// Longer than three waits for a snapshot and three slices, on the quickest machine.
const WORK = workFor(100_000);

/** A run of which a first snapshot shows that it is under way. */
async function underWay(executor: Executor, task: ExecutorTask, shelf: Shelf): Promise<Run> {
  const next = shelf.next();
  const started = executor.start(task, shelf.keeping(100));
  await next;
  return started;
}

test('a paused unit goes on where it stopped, with the same output, fuel and chain', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  for (let pause = 0; pause < 3; pause++) {
    const paused = await underWay(executor, task, shelf);
    paused.pause();
    expect((await paused.finished).kind, `pause ${pause}`).toBe('stopped');
  }
  const finished = await executor.start(task, shelf.keeping()).finished;
  const pauses = shelf.heads.filter(({ reason }) => reason === 'pause');
  expect(pauses).toHaveLength(3);
  expect(shelf.resumedAt).toEqual(pauses.map(({ fuel }) => fuel));
  expect(withoutTime(finished)).toEqual(withoutTime(whole));
});

function withoutTime(result: RunResult): unknown {
  return result.kind === 'execution' ? { ...result.execution, elapsedMs: 0 } : result;
}

test('snapshots come on the timer, and a kill -9 of the executor costs what came after', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  const killed = await underWay(executor, task, shelf);
  process.kill(executor.pid() as number, 'SIGKILL');
  expect(await killed.finished).toEqual({ kind: 'crashed' });
  const last = shelf.heads.at(-1)?.fuel;
  const finished = await executor.start(task, shelf.keeping()).finished;
  expect(shelf.resumedAt).toEqual([last]);
  expect(withoutTime(finished)).toEqual(withoutTime(whole));
});

test('a run that dies while its snapshot becomes durable has ended when it is: nobody goes on from the one before', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  let open = (): void => {};
  shelf.gate = new Promise((resolve) => {
    open = resolve;
  });
  const killed = await underWay(executor, task, shelf);
  let isFinished = false;
  const finished = killed.finished.finally(() => {
    isFinished = true;
  });
  const first = executor.pid() as number;
  process.kill(first, 'SIGKILL');
  await until('the death of the executor', () => executor.pid() === null);
  expect(isFinished).toBe(false);
  open();
  expect(await finished).toEqual({ kind: 'crashed' });
  expect(shelf.abortedCount, 'what is whole is not thrown away').toBe(0);
  await executor.start(task, shelf.keeping()).finished;
  expect(shelf.resumedAt).toEqual([shelf.heads[0]?.fuel]);
});

test('a hand-over takes a signed state along and lets the unit go on, unless it is final', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  const first = await underWay(executor, task, shelf);
  first.handOver(false);
  while (shelf.heads.at(-1)?.reason !== 'hand-over') await shelf.next();
  first.handOver(true);
  expect(await first.finished).toEqual({ kind: 'stopped' });
  const { reason, fuel, stateHash, chainRoot } = shelf.heads.at(-1) as SnapshotHead;
  expect(reason).toBe('final-hand-over');
  const saved = shelf.saved as SavedSnapshot;
  const expected = { fuel, stateHash: stateHash as Uint8Array, chainRoot };
  shelf.saved = { ...saved, expected };
  const successor = await executor.start(task, shelf.keeping()).finished;
  expect(withoutTime(successor)).toEqual(withoutTime(whole));
  shelf.saved = { ...saved, expected: { ...expected, stateHash: new Uint8Array(32) } };
  expect(await executor.start(task, shelf.keeping()).finished).toMatchObject({ kind: 'refused', code: 'MH-CKP-005' });
});

test('what stands still is handed over as soon as it is taken up again', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  const paused = await underWay(executor, task, shelf);
  paused.pause();
  await paused.finished;
  const before = shelf.heads.at(-1)?.fuel;
  const again = executor.start(task, shelf.keeping());
  again.handOver(true);
  expect(await again.finished).toEqual({ kind: 'stopped' });
  expect(shelf.heads.at(-1)).toMatchObject({ reason: 'final-hand-over', fuel: before });
});

test('a damaged snapshot is refused, and so is one of another unit', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  const paused = await underWay(executor, task, shelf);
  paused.pause();
  await paused.finished;
  const saved = shelf.saved as SavedSnapshot;
  const damaged = async function* () {
    for await (const piece of saved.read()) yield piece.map((byte, at) => (at % 1000 === 500 ? byte ^ 255 : byte));
  };
  shelf.saved = { ...saved, read: damaged };
  const result = await executor.start(task, shelf.keeping()).finished;
  expect(result).toMatchObject({ kind: 'refused', code: expect.stringMatching(/^MH-CKP-/) });
  shelf.saved = saved;
  const other = await executor.start({ ...task, seed: new Uint8Array(32).fill(1) }, shelf.keeping()).finished;
  expect(other).toMatchObject({ kind: 'refused', code: 'MH-CKP-002' });
});

test('a unit in line that is paused has nothing to keep', async () => {
  const executor = start(1);
  const endless = await underWay(executor, await taskOf(ENDLESS, { build: 'all' }), new Shelf());
  const shelf = new Shelf();
  const waiting = executor.start(await taskOf(HELLO), shelf.keeping());
  waiting.pause();
  expect(await waiting.finished).toEqual({ kind: 'stopped' });
  expect(shelf.heads).toEqual([]);
  endless.stop();
  expect(await endless.finished).toEqual({ kind: 'stopped' });
});
