// The executor as a real process: what it may see, and that no program can hurt its neighbours, the daemon or the machine.
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { openBundle, rawCidOf } from '@manyhands/contract';
import { afterEach, expect, test } from 'vitest';
import { createExecutor, type Executor, type ExecutorTask, type RunResult } from '../../dist/executor/executor.js';
import { assemble, CAT, ENDLESS, exiting, HELLO, memoryBomb, OUTPUT_BOMB, RECURSION } from '../support/modules.js';

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

function taskOf(text: string, overrides: Partial<ExecutorTask> = {}): ExecutorTask {
  return {
    module: blobOf(assemble(text)),
    args: ['program'],
    env: {},
    stdin: null,
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
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

const run = (executor: Executor, task: ExecutorTask, signal = new AbortController().signal): Promise<RunResult> =>
  executor.run(task, signal);

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
  const task = taskOf(HELLO);
  const module = {
    ...task.module,
    read: () => {
      readCount += 1;
      return task.module.read();
    },
  };
  await Promise.all([1, 2, 3].map(() => run(executor, { ...task, module })));
  expect(readCount).toBe(1);
});

test('an endless loop ends at its time limit while other units go on', async () => {
  const executor = start(2);
  const endless = run(executor, taskOf(ENDLESS, { timeoutMs: 1500 }));
  for (let count = 0; count < 5; count++) expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  expect(await endless).toMatchObject({ execution: { kind: 'host-failure', code: 'MH-HOST-003' } });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});

test('a run is stopped when asked, and the thread serves again', async () => {
  const executor = start(1);
  const controller = new AbortController();
  const endless = run(executor, taskOf(ENDLESS), controller.signal);
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

test('endless recursion is a failure of the host, not of the unit', async () => {
  const outcome = await run(start(1), taskOf(RECURSION));
  expect(outcome).toMatchObject({ execution: { kind: 'host-failure', code: 'MH-HOST-002' } });
});

test('kill -9 of the executor is seen, and the next unit finds a new one', async () => {
  const executor = start(2);
  const endless = [run(executor, taskOf(ENDLESS)), run(executor, taskOf(ENDLESS))];
  await expect.poll(() => executor.pid()).toBeGreaterThan(0);
  const pid = executor.pid() as number;
  process.kill(pid, 'SIGKILL');
  expect(await Promise.all(endless)).toEqual([{ kind: 'crashed' }, { kind: 'crashed' }]);
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
  expect(executor.pid()).not.toBe(pid);
});

test('a file that is no module fails on the host without harm', async () => {
  const executor = start(1);
  const junk = { ...taskOf(HELLO), module: blobOf(new Uint8Array([1, 2, 3])) };
  expect(await run(executor, junk)).toMatchObject({ execution: { kind: 'host-failure', code: 'MH-HOST-005' } });
  expect(outputOf(await run(executor, taskOf(HELLO)))).toBe('hello\n');
});
