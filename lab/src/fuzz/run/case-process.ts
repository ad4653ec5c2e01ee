// A process that runs cases and prints a report for each, one JSON line. Usage: case-process.js <file of cases> <slice seed> [whole] [thread]
import { readFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { EngineCase } from './engine-case.js';
import { runCase } from './run-case.js';

type Task = { file: string; sliceSeed: number; isWholeToo: boolean };

function run({ file, sliceSeed, isWholeToo }: Task): void {
  const cases: EngineCase[] = JSON.parse(readFileSync(file, 'utf8'));
  for (const engineCase of cases) console.log(JSON.stringify(runCase(engineCase, { isWholeToo, sliceSeed })));
}

const [file = '', sliceSeed = '0', ...flags] = process.argv.slice(2);
const task: Task = { file, sliceSeed: Number(sliceSeed), isWholeToo: flags.includes('whole') };
if (!isMainThread) run(workerData as Task);
else if (flags.includes('thread')) new Worker(new URL(import.meta.url), { workerData: task });
else run(task);
