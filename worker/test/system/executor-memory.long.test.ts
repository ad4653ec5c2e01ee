// What units held comes back to the machine: linear memories, and files and output that the host kept for them.
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { createExecutor, type Executor } from '../../dist/executor/daemon/executor.js';
import { FILE_BOMB, HELLO, memoryBomb, OUTPUT_BOMB } from '../support/modules.js';
import { taskOf } from '../support/tasks.js';

const MEBIBYTE = 1024 * 1024;
let executor: Executor;

afterEach(() => executor.stop());

async function residentBytes(): Promise<number> {
  const pages = (await readFile(`/proc/${executor.pid()}/statm`, 'utf8')).split(' ')[1];
  return Number(pages) * 4096;
}

test('memory is released between units', async () => {
  executor = createExecutor({ threadCount: 1, memoryBytes: 256 * MEBIBYTE, nice: 0 });
  const task = await taskOf(memoryBomb(256));
  for (let count = 0; count < 30; count++) await executor.run(task);
  const before = await residentBytes();
  for (let count = 0; count < 120; count++) await executor.run(task);
  // 120 memories of 16 MiB, all touched, would be 1.9 GiB.
  expect((await residentBytes()) - before).toBeLessThan(300 * MEBIBYTE);
});

test('an idle executor keeps nothing of large files and outputs', async () => {
  executor = createExecutor({ threadCount: 2, memoryBytes: 256 * MEBIBYTE, nice: 0 });
  const hello = await taskOf(HELLO);
  await Promise.all([executor.run(hello), executor.run(hello)]);
  const before = await residentBytes();
  const { limits } = hello;
  const large = { ...limits, outputMaximumBytes: 64 * MEBIBYTE, fileTreeMaximumBytes: 256 * MEBIBYTE };
  for (const program of [FILE_BOMB, OUTPUT_BOMB]) {
    const task = await taskOf(program, { limits: large });
    const results = await Promise.all([executor.run(task), executor.run(task), executor.run(task)]);
    for (const result of results) expect(result).toMatchObject({ execution: { kind: 'unit-failure' } });
  }

  // Without the pages that the allocator keeps for itself; sooner than idle threads are ended.
  await expect.poll(async () => (await residentBytes()) - before).toBeLessThan(100 * MEBIBYTE);
});
