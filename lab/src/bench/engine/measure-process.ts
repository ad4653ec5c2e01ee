// One fresh process that runs a module some times and prints what it took, as JSON. Usage: measure-process.js <task as JSON>
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { DEFAULT_UNIT_LIMITS, type UnitInput, UnitMachine, type UnitSuccess } from '@manyhands/runtime';
import type { MeasureAnswer, MeasureTask, ProbeFigures, RunTimes } from './measurement.js';

/** As the executor has it. */
const SLICE_MS = 300;
const FIRST_SLICE_FUEL = 50_000_000;
const FUEL_MAXIMUM = Number.MAX_SAFE_INTEGER;

type Ended = Omit<MeasureAnswer, 'runs' | 'residentBytes' | 'probe'>;

const task: MeasureTask = JSON.parse(process.argv[2] ?? '');
const bytes = new Uint8Array(readFileSync(task.wasmFile));
const digest = (output: Uint8Array): string => createHash('sha256').update(output).digest('hex');

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed<T>(work: () => T): { value: T; times: RunTimes } {
  const [startCpu, startWall] = [cpuMs(), performance.now()];
  const value = work();
  return { value, times: { cpuMs: cpuMs() - startCpu, wallMs: performance.now() - startWall } };
}

let compiled: WebAssembly.Module | null = null;
/** Compiled within the first, cold run. */
function moduleOf(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytes);
  return compiled;
}

function runPlain(): Ended {
  const file = join(tmpdir(), `manyhands-bench-${process.pid}.out`);
  const stdout = openSync(file, 'w');
  const preopens = task.inputFolder === null ? {} : { '.': task.inputFolder };
  const wasi = new WASI({ version: 'preview1', args: task.args, preopens, stdout, returnOnExit: true });
  const instance = new WebAssembly.Instance(moduleOf(), { wasi_snapshot_preview1: wasi.wasiImport });
  const exitCode = wasi.start(instance);
  closeSync(stdout);
  const outputDigest = digest(readFileSync(file));
  rmSync(file);
  if (exitCode !== 0) throw new Error(`the plain program ended with ${exitCode}`);
  return { outputDigest, fuel: null, markCount: null, chainRoot: null, sliceCount: null };
}

function unit(): UnitInput {
  const { inputFolder } = task;
  const names = inputFolder === null ? [] : readdirSync(inputFolder);
  return {
    args: task.args,
    stdin: new Uint8Array(0),
    files: names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(inputFolder ?? '', name))) })),
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    limits: { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes: task.memoryMaximumBytes },
    fuelMaximum: FUEL_MAXIMUM,
  };
}

function start(markSpacing: number): UnitMachine {
  if (task.build === null) throw new Error('a plain module has no machine');
  return UnitMachine.start(moduleOf(), unit(), { build: task.build, moduleCid: 'benchmark', markSpacing });
}

/** In slices of about 0.3 s, whose fuel follows the speed of the machine. */
function runInstrumented(): Ended {
  const machine = start(task.markSpacing);
  let fuel = FIRST_SLICE_FUEL;
  for (let sliceCount = 1; ; sliceCount++) {
    const startedMs = performance.now();
    const before = machine.fuelUsed;
    const end = machine.runSlice(fuel);
    if (end.kind === 'ended') return ended(end.outcome, sliceCount);
    const elapsedMs = Math.max(1, performance.now() - startedMs);
    fuel = Math.max(1_000_000, Math.round(((machine.fuelUsed - before) * SLICE_MS) / elapsedMs));
  }
}

function ended(outcome: { kind: string }, sliceCount: number): Ended {
  if (outcome.kind !== 'success') throw new Error(`the unit ended otherwise: ${JSON.stringify(outcome)}`);
  const { stdout, fuel, markCount, chainRoot } = outcome as UnitSuccess;
  return {
    outputDigest: digest(stdout),
    fuel,
    markCount,
    chainRoot: Buffer.from(chainRoot).toString('hex'),
    sliceCount,
  };
}

/** Hashes at the marks by hand, so that their time is known apart. */
function probe({ halfFuel, everyFuel }: NonNullable<MeasureTask['probe']>): ProbeFigures {
  const started = cpuMs();
  const machine = start(Number.MAX_SAFE_INTEGER);
  let [hashMs, hashCount, snapshotMs, snapshotBytes] = [0, 0, 0, 0];
  for (;;) {
    if (machine.runSlice(everyFuel).kind === 'ended') break;
    hashMs += timed(() => machine.stateHash()).times.cpuMs;
    hashCount++;
    if (snapshotBytes > 0 || machine.fuelUsed < halfFuel) continue;
    const { value, times } = timed(() => machine.snapshotParts().reduce((sum, part) => sum + part.length, 0));
    [snapshotBytes, snapshotMs] = [value, times.cpuMs];
  }
  return { snapshotBytes, snapshotMs, hashMs, hashCount, totalMs: cpuMs() - started };
}

function answer(): MeasureAnswer {
  if (task.probe !== null) {
    const figures = probe(task.probe);
    const nothing = { outputDigest: '', fuel: null, markCount: null, chainRoot: null, sliceCount: null };
    return { ...nothing, runs: [], residentBytes: process.memoryUsage.rss(), probe: figures };
  }
  const done = Array.from({ length: task.runs }, () => timed(task.build === null ? runPlain : runInstrumented));
  const last = done.at(-1)?.value;
  if (last === undefined) throw new Error('nothing was run');
  const residentBytes = process.resourceUsage().maxRSS * 1024;
  return { ...last, runs: done.map(({ times }) => times), residentBytes, probe: null };
}

console.log(JSON.stringify(answer()));
