// The ways in which one program is run, each in fresh processes.
import { spawnSync } from 'node:child_process';
import { markSpacingOf } from '@manyhands/contract';
import type { MeasureAnswer, MeasureTask, ProbeFigures, RunTimes } from './measurement.js';
import type { PreparedKernel } from './prepare.js';

export const VARIANTS = ['native', 'plain', 'plain-no-liftoff', 'nonleaf', 'all', 'step'] as const;
export type Variant = (typeof VARIANTS)[number];

const MEASURE = new URL('./measure-process.js', import.meta.url).pathname;
const OUTPUT_MAXIMUM_BYTES = 256 * 1024 * 1024;

export type VariantRun = { runs: RunTimes[]; answer: MeasureAnswer | null };

/** Which of them this kernel has here. */
export function variantsOf({ native, builds }: PreparedKernel): Variant[] {
  const built = builds.map(({ build }) => build);
  return VARIANTS.filter((variant) => {
    if (variant === 'native') return native !== null;
    return variant.startsWith('plain') || built.includes(variant as 'step');
  });
}

/** Runs a variant `runCount` times in one fresh process. Throws when it fails. */
export function runVariant(
  prepared: PreparedKernel,
  variant: Variant,
  { rounds, runCount }: { rounds: number; runCount: number },
): VariantRun {
  if (variant === 'native') return { runs: [runNative(prepared, rounds)], answer: null };
  const flags = variant === 'plain-no-liftoff' ? ['--no-liftoff'] : [];
  const answer = measure({ ...taskOf(prepared, variant, rounds), runs: runCount }, flags);
  return { runs: answer.runs, answer };
}

/** Snapshot and hashing of a build, in a process of their own. */
export type ProbeResult = ProbeFigures & {
  /** One state hash on average. */
  hashMsEach: number;
  /** Part of the time that hashes take at the marks of an app version with this memory. */
  hashingShare: number;
};

export function probeVariant(
  prepared: PreparedKernel,
  variant: Variant,
  { rounds, fuel }: { rounds: number; fuel: number },
): ProbeResult | null {
  const task = taskOf(prepared, variant, rounds);
  // Units that end before their first mark are hashed a few times all the same, to know what a hash costs.
  const everyFuel = Math.max(1, Math.min(task.markSpacing, Math.floor(fuel / 4)));
  const { probe } = measure({ ...task, probe: { halfFuel: Math.floor(fuel / 2), everyFuel } }, []);
  if (probe === null) return null;
  const hashMsEach = probe.hashMs / Math.max(1, probe.hashCount);
  const workMs = ((probe.totalMs - probe.hashMs) * task.markSpacing) / fuel;
  return { ...probe, hashMsEach, hashingShare: hashMsEach / (hashMsEach + workMs) };
}

function taskOf(
  { kernel, plainFile, builds, inputFolder }: PreparedKernel,
  variant: Variant,
  rounds: number,
): MeasureTask {
  const built = builds.find(({ build }) => build === variant);
  const { memoryMaximumBytes } = kernel;
  return {
    wasmFile: built?.file ?? plainFile,
    build: built?.build ?? null,
    args: [kernel.name, ...kernel.parameters(rounds)],
    inputFolder,
    memoryMaximumBytes,
    markSpacing: markSpacingOf(memoryMaximumBytes),
    runs: 1,
    probe: null,
  };
}

function measure(task: MeasureTask, flags: readonly string[]): MeasureAnswer {
  const parameters = ['--no-warnings', ...flags, MEASURE, JSON.stringify(task)];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${task.args.join(' ')} (${task.build ?? 'plain'}) failed: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as MeasureAnswer;
}

/** The shell tells the CPU time of what it ran; native code has no cold start. */
function runNative({ kernel, native, inputFolder }: PreparedKernel, rounds: number): RunTimes {
  const startedMs = performance.now();
  const parameters = ['-c', '"$@" >/dev/null; echo $?; times', 'sh', native ?? '', ...kernel.parameters(rounds)];
  const options = {
    encoding: 'utf8',
    maxBuffer: OUTPUT_MAXIMUM_BYTES,
    ...(inputFolder === null ? {} : { cwd: inputFolder }),
  } as const;
  const { stdout } = spawnSync('sh', parameters, options);
  const wallMs = performance.now() - startedMs;
  const [code, , children = ''] = stdout.trim().split('\n');
  if (code !== '0') throw new Error(`the native ${kernel.name} ended with ${code}`);
  const seconds = children.split(' ').map((part) => {
    const [, minutes = '0', rest = '0'] = /^(\d+)m([\d.]+)s$/.exec(part) ?? [];
    return 60 * Number(minutes) + Number(rest);
  });
  return { cpuMs: 1000 * seconds.reduce((sum, part) => sum + part, 0), wallMs };
}
