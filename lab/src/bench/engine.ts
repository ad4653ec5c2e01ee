// What the engine costs: native code, plain WebAssembly and its builds, cold and hot, in interleaved rounds of fresh processes.
// Usage: npm run bench:engine -- [--json] [--kernel NAME,…] [--pairs N] [--seconds N] [--memory 64,1024,2048] [--quick]
// CPU time of processes, not wall-clock time; medians with intervals of at least 95 % where there are enough rounds. Takes about two hours unless --quick.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchOptions, benchKernel, type KernelFigures } from './engine/bench-kernel.js';
import { benchMemory, type MemoryFigures } from './engine/bench-memory.js';
import { KERNELS, memoryKernel } from './engine/kernels.js';
import { prepareKernel } from './engine/prepare.js';
import { printFigures } from './engine/print-figures.js';
import { slowHashing, verdicts } from './engine/targets.js';
import { missingWasiCompiler } from './engine/toolchain.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    kernel: { type: 'string', default: '' },
    pairs: { type: 'string' },
    seconds: { type: 'string' },
    memory: { type: 'string', default: '64,1024,2048' },
  },
});
const log = (text: string): void => void process.stderr.write(`${text}\n`);
const options: BenchOptions = {
  seconds: Number(values.seconds ?? (values.quick ? 1 : 5)),
  pairs: Number(values.pairs ?? (values.quick ? 3 : 9)),
  log,
};

async function main(work: string): Promise<void> {
  const wanted = values.kernel === '' ? null : values.kernel.split(',');
  const kernels: KernelFigures[] = [];
  const skipped: Record<string, string> = {};
  for (const kernel of KERNELS.filter(({ name }) => wanted === null || wanted.includes(name))) {
    const prepared = await prepareKernel(kernel, work);
    if (typeof prepared === 'string') skipped[kernel.name] = prepared;
    else kernels.push(benchKernel(prepared, options));
    if (typeof prepared === 'string') log(`${kernel.name} skipped: ${prepared}`);
  }
  const memories: MemoryFigures[] = [];
  for (const mebibytes of values.memory.split(',').map(Number).filter(Boolean)) {
    const prepared = await prepareKernel(memoryKernel(mebibytes), work);
    if (typeof prepared !== 'string') memories.push(benchMemory(prepared, mebibytes, options));
  }
  const report = {
    version: 1,
    node: process.version,
    v8: process.versions.v8,
    processor: cpus()[0]?.model ?? '',
    seconds: options.seconds,
    pairs: options.pairs,
    kernels,
    skipped,
    memories,
    targets: verdicts(kernels),
    hashesTooLong: slowHashing(kernels),
  };
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else printFigures(report);
}

const reason = missingWasiCompiler();
if (reason === null) {
  const work = await mkdtemp(join(tmpdir(), 'manyhands-bench-engine-'));
  try {
    await main(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
} else {
  log(reason);
  process.exitCode = 3;
}
