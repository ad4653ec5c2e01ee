// The executor as a real process: what it may see, and that no program can hurt its neighbours, the daemon or the machine.
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { openBundle } from '@manyhands/contract';
import { cpuMsOf, until } from '@manyhands/testing';
import { afterEach, expect, test } from 'vitest';
import {
  createExecutor,
  type Executor,
  type ExecutorTask,
  type RunResult,
} from '../../dist/executor/daemon/executor.js';
import {
  CAT,
  ENDLESS,
  ENDLESS_CALLS,
  ENDLESS_FOR_X,
  ENDLESS_LEAF,
  exiting,
  HELLO,
  memoryBomb,
  OUTPUT_BOMB,
  RECURSION,
} from '../support/modules.js';
import { blobOf, taskOf } from '../support/tasks.js';

const MEBIBYTE = 1024 * 1024;
const executors: Executor[] = [];

function start(threadCount = 2, options: { memoryBytes?: number; nice?: number } = {}): Executor {
  const executor = createExecutor({ threadCount, memoryBytes: 256 * MEBIBYTE, nice: 0, ...options });
  executors.push(executor);
  return executor;
}

afterEach(async () => {
  await Promise.all(executors.splice(0).map((executor) => executor.stop()));
});

const run = async (executor: Executor, task: Promise<ExecutorTask>, signal?: AbortSignal): Promise<RunResult> =>
  executor.run(await task, signal);

/** Waits until the process has worked for a while; gives its id. */
const computing = (executor: Executor): Promise<number> =>
  until('a process that computes', () => {
    const pid = executor.pid();
    return pid !== null && cpuMsOf(pid) > 500 && pid;
  });

function outputOf(result: RunResult): string {
  if (result.kind !== 'execution' || result.execution.kind !== 'success') throw new Error(JSON.stringify(result));
  const { bundle, digest } = result.execution;
  return new TextDecoder().decode(openBundle(bundle, digest)?.result.stdout);
}

test('a unit that takes long does not hold up the short ones that travel with it', async () => {
  const executor = start();
  const taskFor = (letter: string) =>
    taskOf(ENDLESS_FOR_X, { build: 'all', stdin: blobOf(new TextEncoder().encode(letter)) });
  const short = await taskFor('a');
  // So the executor learns that they are worth sending in batches.
  for (let count = 0; count < 10; count++) await executor.run(short);
  const before = Array.from({ length: 5 }, () => executor.run(short));
  const long = executor.start(await taskFor('x'));
  const after = Array.from({ length: 40 }, () => executor.run(short));
  for (const result of await Promise.all([...before, ...after])) expect(outputOf(result)).toBe('a');
  long.stop();
  expect(await long.finished).toEqual({ kind: 'stopped' });
});

test('runs units in a child of lowest priority without environment', async () => {
  process.env.MANYHANDS_TEST_SECRET = 'x';
  const executor = start(1, { nice: 19 });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  const pid = executor.pid() as number;
  expect(getPriority(pid)).toBe(19);
  const flags = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  expect(flags).toContain('--permission');
  expect(flags.filter((flag) => flag.startsWith('--allow-fs') && !flag.startsWith('--allow-fs-read='))).toEqual([]);
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  const names = environment
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.split('=')[0]);
  // Node's own, for the channel; behind a wall, where its libraries are and that nothing is configured; what bubblewrap sets.
  const known = ['LD_LIBRARY_PATH', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'OPENSSL_CONF', 'PWD'];
  expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([]);
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
  await computing(executor);
  controller.abort();
  expect(await endless).toEqual({ kind: 'stopped' });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('an executor that is stopped while its walls are looked for launches no process any more', async () => {
  const executor = start();
  const result = executor.run(await taskOf(HELLO));
  await executor.stop();
  expect(await result).toEqual({ kind: 'stopped' });
  // A later one has run a unit when the first had all the time to launch.
  await run(start(), taskOf(HELLO));
  expect(executor.pid()).toBeNull();
});

test('a memory bomb stops at its declared maximum', async () => {
  const executor = start(1);
  const outcome = await run(executor, taskOf(memoryBomb(1024)));
  expect(outcome).toMatchObject({ execution: { kind: expect.stringMatching(/failure/) } });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('no memory grows beyond the cap of the process, whatever the module declares', async () => {
  const executor = start(1, { memoryBytes: 16 * MEBIBYTE });
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
  const pid = await computing(executor);
  process.kill(pid, 'SIGKILL');
  expect(await Promise.all(endless)).toEqual([{ kind: 'crashed' }, { kind: 'crashed' }]);
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  expect(executor.pid()).not.toBe(pid);
});

test('Ctrl-C in a terminal, which tells the whole group, leaves to the daemon what becomes of the units', async () => {
  const executor = start(1);
  const run = executor.start(await taskOf(ENDLESS, { build: 'all' }));
  const pid = await computing(executor);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
  const computedMs = cpuMsOf(pid);
  await until('the process to go on', () => cpuMsOf(pid) > computedMs + 200);
  run.stop();
  expect(await run.finished).toEqual({ kind: 'stopped' });
  expect(executor.pid()).toBe(pid);
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

test('a unit that is not heard of any more loses its thread, and the units of its batch nothing', async () => {
  const executor = start(1);
  const inputs = (letters: string) =>
    [...letters].map((letter) =>
      taskOf(ENDLESS_FOR_X, {
        stdin: blobOf(new TextEncoder().encode(letter)),
        ...(letter === 'x' && { timeoutMs: 500 }),
        // A mark so far away that the loop does not come to its slack.
        markSpacing: 2 ** 40,
      }),
    );
  const runAll = async (letters: string) =>
    Promise.all((await Promise.all(inputs(letters))).map((task) => executor.run(task)));
  expect((await runAll('learning')).map(outputOf).join('')).toBe('learning'); // that units of this module are short
  const results = await runAll('abxcd');
  const terminated = results.splice(2, 1)[0];
  expect(results.map(outputOf).join('')).toBe('abcd');
  const execution = { kind: 'host-failure', code: 'MH-HOST-003', message: expect.stringMatching(/terminated/) };
  expect(terminated).toMatchObject({ execution });
});
