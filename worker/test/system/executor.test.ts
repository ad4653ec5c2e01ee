// The executor as a real process: what it may see, and that no program can hurt its neighbours, the daemon or the machine.
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { type Build, openBundle, rawCidOf } from '@manyhands/contract';
import { afterEach, expect, test } from 'vitest';
import {
  createExecutor,
  type Executor,
  type ExecutorTask,
  type Keeping,
  type Run,
  type RunResult,
  type SavedSnapshot,
} from '../../dist/executor/executor.js';
import type { SnapshotHead } from '../../dist/executor/messages.js';
import { moduleOf } from '../support/apps.js';
import {
  CAT,
  ENDLESS,
  ENDLESS_CALLS,
  ENDLESS_LEAF,
  exiting,
  HELLO,
  memoryBomb,
  OUTPUT_BOMB,
  RECURSION,
  workFor,
} from '../support/modules.js';

const MEBIBYTE = 1024 * 1024;
const executors: Executor[] = [];

function start(threadCount = 2, memoryBytes = 256 * MEBIBYTE): Executor {
  const executor = createExecutor({ threadCount, memoryBytes });
  executors.push(executor);
  return executor;
}

afterEach(async () => {
  await Promise.all(executors.splice(0).map((executor) => executor.stop()));
});

const blobOf = (bytes: Uint8Array) => ({ name: rawCidOf(bytes), sizeBytes: bytes.length, read: async () => bytes });

async function taskOf(text: string, overrides: Partial<ExecutorTask> & { build?: Build } = {}): Promise<ExecutorTask> {
  return {
    ...(await moduleOf(text, overrides.build)),
    args: ['program'],
    env: {},
    stdin: null,
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    clockMs: null,
    fuelMaximum: Number.MAX_SAFE_INTEGER,
    limits: {
      memoryMaximumBytes: 64 * MEBIBYTE,
      outputMaximumBytes: 8 * MEBIBYTE,
      stderrTailBytes: 4096,
      openFilesMaximum: 16,
      fileTreeMaximumBytes: 64 * MEBIBYTE,
    },
    timeoutMs: 60_000,
    ...overrides,
  };
}

const run = async (executor: Executor, task: Promise<ExecutorTask>, signal?: AbortSignal): Promise<RunResult> =>
  executor.run(await task, signal);

function outputOf(result: RunResult): string {
  if (result.kind !== 'execution' || result.execution.kind !== 'success') throw new Error(JSON.stringify(result));
  const { bundle, digest } = result.execution;
  return new TextDecoder().decode(openBundle(bundle, digest)?.result.stdout);
}

test('runs units in a child of lowest priority without environment', async () => {
  process.env.MANYHANDS_TEST_SECRET = 'x';
  const executor = start();
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  const pid = executor.pid() as number;
  expect(getPriority(pid)).toBe(19);
  const flags = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  expect(flags).toContain('--permission');
  expect(flags.filter((flag) => flag.startsWith('--allow-fs'))).toEqual([
    expect.stringMatching(/^--allow-fs-read=.+[\\/]\*$/),
  ]);
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  const names = environment
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.split('=')[0]);
  expect(names.sort()).toEqual(['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']); // Node's own, for the channel
});

test('inputs and exit codes reach the program and come back', async () => {
  const executor = start();
  const input = new TextEncoder().encode('over and over\n'.repeat(10_000));
  const task = taskOf(CAT, { stdin: blobOf(input) });
  expect(outputOf(await run(executor, task))).toBe(new TextDecoder().decode(input));
  expect(await run(executor, taskOf(exiting(10), { okExitCodes: [10] }))).toMatchObject({
    execution: { kind: 'success' },
  });
  expect(await run(executor, taskOf(exiting(3)))).toMatchObject({
    execution: { kind: 'unit-failure', code: 'MH-UNIT-002', exitCode: 3 },
  });
});

test('bytes are read once and then known to the executor', async () => {
  const executor = start();
  let readCount = 0;
  const task = await taskOf(HELLO);
  const module = {
    ...task.module,
    read: () => {
      readCount += 1;
      return task.module.read();
    },
  };
  await Promise.all([1, 2, 3].map(() => executor.run({ ...task, module })));
  expect(readCount).toBe(1);
});

test('an endless loop ends at its time limit while other units go on', async () => {
  const executor = start(2);
  const endless = run(executor, taskOf(ENDLESS, { build: 'all', timeoutMs: 1500 }));
  for (let count = 0; count < 5; count++) expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  expect(await endless).toMatchObject({ execution: { kind: 'host-failure', code: 'MH-HOST-003' } });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('a run is stopped when asked, and the thread serves again', async () => {
  const executor = start(1);
  const controller = new AbortController();
  const endless = run(executor, taskOf(ENDLESS, { build: 'all' }), controller.signal);
  setTimeout(() => controller.abort(), 300);
  expect(await endless).toEqual({ kind: 'stopped' });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('a memory bomb stops at its declared maximum', async () => {
  const executor = start(1);
  const outcome = await run(executor, taskOf(memoryBomb(1024)));
  expect(outcome).toMatchObject({ execution: { kind: expect.stringMatching(/failure/) } });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('no memory grows beyond the cap of the process, whatever the module declares', async () => {
  const executor = start(1, 16 * MEBIBYTE);
  const outcome = await run(executor, taskOf(memoryBomb(16_384)));
  expect(outcome).toMatchObject({ execution: { kind: expect.stringMatching(/failure/) } });
});

test('an output bomb is a failure of the unit at its limit', async () => {
  const outcome = await run(start(1), taskOf(OUTPUT_BOMB));
  expect(outcome).toMatchObject({ execution: { kind: 'unit-failure', code: 'MH-UNIT-003' } });
});

test('endless recursion is a failure of the unit at its exact depth', async () => {
  const outcome = await run(start(1), taskOf(RECURSION));
  expect(outcome).toMatchObject({ execution: { kind: 'unit-failure', code: 'MH-UNIT-009' } });
});

test('kill -9 of the executor is seen, and the next unit finds a new one', async () => {
  const executor = start(2);
  const endless = [1, 2].map(() => run(executor, taskOf(ENDLESS, { build: 'all' })));
  await expect.poll(() => executor.pid() ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
  const pid = executor.pid() as number;
  process.kill(pid, 'SIGKILL');
  expect(await Promise.all(endless)).toEqual([{ kind: 'crashed' }, { kind: 'crashed' }]);
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  expect(executor.pid()).not.toBe(pid);
});

test('a file that is no module fails on the host without harm', async () => {
  const executor = start(1);
  const junk = { ...(await taskOf(HELLO)), module: blobOf(new Uint8Array([1, 2, 3])) };
  expect(await executor.run(junk)).toMatchObject({ execution: { kind: 'host-failure', code: 'MH-HOST-005' } });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('an innermost loop without an end needs the other build, and no more than that', async () => {
  const outcome = await run(start(1), taskOf(ENDLESS_LEAF, { markSpacing: 2 ** 24 }));
  expect(outcome).toMatchObject({ execution: { kind: 'needs-all', code: 'MH-UNIT-010', chainRoot: null } });
});

test('more fuel than the limit is a failure of the unit with exactly the limit', async () => {
  for (const build of ['nonleaf', 'all'] as const) {
    const outcome = await run(start(1), taskOf(ENDLESS_CALLS, { build, fuelMaximum: 123_456_789 }));
    expect(outcome, build).toMatchObject({
      execution: { kind: 'unit-failure', code: 'MH-UNIT-008', fuel: 123_456_789 },
    });
  }
});

test('many tiny units share messages, and each gets its own result', async () => {
  const executor = start(2);
  const inputs = Array.from({ length: 300 }, (_, index) => new TextEncoder().encode(`unit ${index}`));
  const tasks = await Promise.all(inputs.map((input) => taskOf(CAT, { stdin: blobOf(input) })));
  const results = await Promise.all(tasks.map((task) => executor.run(task)));
  expect(results.map(outputOf)).toEqual(inputs.map((_, index) => `unit ${index}`));
});

test('memory is released between units', async () => {
  const executor = start(1);
  const task = await taskOf(memoryBomb(256));
  const residentBytes = async (): Promise<number> => {
    const pages = (await readFile(`/proc/${executor.pid()}/statm`, 'utf8')).split(' ')[1];
    return Number(pages) * 4096;
  };
  for (let count = 0; count < 30; count++) await executor.run(task);
  const before = await residentBytes();
  for (let count = 0; count < 120; count++) await executor.run(task);
  // 120 memories of 16 MiB, all touched, would be 1.9 GiB.
  expect((await residentBytes()) - before).toBeLessThan(300 * MEBIBYTE);
});

/** Keeps snapshots in memory, as the journal keeps them on the disk. */
class Shelf {
  saved: SavedSnapshot | null = null;
  readonly heads: SnapshotHead[] = [];
  readonly resumedAt: number[] = [];

  keeping(intervalMs: number | null = null): Keeping {
    return {
      intervalMs,
      saved: this.saved,
      open: async (head) => {
        const pieces: Uint8Array[] = [];
        return {
          write: async (piece) => void pieces.push(piece),
          commit: async () => {
            const { sizeBytes, isCompressed, elapsedMs } = head;
            const read = async function* () {
              yield* pieces;
            };
            this.heads.push(head);
            this.saved = { sizeBytes, isCompressed, elapsedMs, expected: null, read };
          },
          abort: async () => {},
        };
      },
      onResumed: (fuel) => this.resumedAt.push(fuel),
    };
  }
}

const WORK = workFor(40_000);

/** A run of which a first snapshot shows that it is under way. */
async function underWay(executor: Executor, task: ExecutorTask, shelf: Shelf): Promise<Run> {
  const count = shelf.heads.length;
  const started = executor.start(task, shelf.keeping(100));
  await expect.poll(() => shelf.heads.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(count);
  return started;
}

test('a paused unit goes on where it stopped, with the same output, fuel and chain', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const whole = await executor.run(task);
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
  expect(withoutTime(finished)).toEqual(withoutTime(await executor.run(task)));
});

test('a hand-over takes a signed state along and lets the unit go on, unless it is final', async () => {
  const executor = start(1);
  const task = await taskOf(WORK);
  const shelf = new Shelf();
  const first = await underWay(executor, task, shelf);
  first.handOver(false);
  const isHandedOver = () => shelf.heads.some(({ reason }) => reason === 'hand-over');
  await expect.poll(isHandedOver, { timeout: 60_000, interval: 5 }).toBe(true);
  first.handOver(true);
  expect(await first.finished).toEqual({ kind: 'stopped' });
  const { reason, fuel, stateHash, chainRoot } = shelf.heads.at(-1) as SnapshotHead;
  expect(reason).toBe('final-hand-over');
  const saved = shelf.saved as SavedSnapshot;
  const expected = { fuel, stateHash: stateHash as Uint8Array, chainRoot };
  shelf.saved = { ...saved, expected };
  const successor = await executor.start(task, shelf.keeping()).finished;
  expect(withoutTime(successor)).toEqual(withoutTime(await executor.run(task)));
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
  const endless = executor.start(await taskOf(ENDLESS, { build: 'all' }));
  const shelf = new Shelf();
  const waiting = executor.start(await taskOf(HELLO), shelf.keeping());
  setTimeout(() => waiting.pause(), 200);
  expect(await waiting.finished).toEqual({ kind: 'stopped' });
  expect(shelf.heads).toEqual([]);
  endless.stop();
  expect(await endless.finished).toEqual({ kind: 'stopped' });
});
