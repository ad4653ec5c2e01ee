// `manyhands map --dry-run`: runs some units here, for a bounded time, and says what the whole batch would cost.
import type { BatchOptions, Coordinator, Input, LocalProgram, Trial } from '@manyhands/sdk';
import { EXIT, type Output } from '../output.js';
import { type Bounds, costLines, type Tried, trialLines } from './dry-run-words.js';
import { exitCodeOf, fuelOf } from './endings.js';
import { sampleOf } from './sampling.js';

/** More say little more about the cost, and cost the scientist's own time. */
const TRIALS_MAXIMUM = 5;

export type DryRun = {
  program: LocalProgram;
  inputs: readonly Input[];
  options: BatchOptions;
  seed: number;
  /** Time for all of it; half of it for one unit, so that a single one cannot use it up. */
  totalMs: number;
};

/** Prints what happened and the estimate. Returns 1 when a unit failed here, 3 when none came to its end. */
export async function dryRun(
  work: DryRun,
  { out, coordinator, signal }: { out: Output; coordinator: Coordinator; signal: AbortSignal },
): Promise<number> {
  const { estimate } = await import('@manyhands/sdk');
  const bounds = boundsOf(work);
  const trials = await tryAll(work, bounds, { out, signal });
  const computersOnline = (await coordinator.stats(signal)).hosts.online;
  const measured = trials.filter(({ end }) => end === 'ok');
  const { quorum } = work.options;
  const cost =
    measured.length === 0
      ? null
      : estimate(
          measured.map(({ elapsedMs, outcome }) => ({ elapsedMs, fuel: fuelOf(outcome) })),
          {
            unitCount: work.inputs.length,
            ...(quorum !== undefined && { quorum }),
            ...(computersOnline > 0 && { cores: computersOnline }),
          },
        );
  const described = trials.map(describe);
  out.json({
    version: 1,
    seed: work.seed,
    bounds,
    trial: described[0],
    trials: described,
    estimate: cost && { ...cost, wallMs: cost.wallMs ?? null },
    computersOnline,
  });
  for (const line of trialLines(trials, { unitCount: work.inputs.length, seed: work.seed, bounds }, out))
    out.line(line);
  out.line();
  for (const line of costLines(cost, { trials, computersOnline })) out.line(line);
  out.line();
  out.line(out.color.dim('Nothing was submitted. Leave out --dry-run to submit.'));
  if (trials.some(({ end }) => end === 'failed')) return EXIT.workFailed;
  return cost ? EXIT.done : EXIT.trouble;
}

function boundsOf({ options: { timeoutMs }, totalMs }: DryRun): Bounds {
  return { unitMs: Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, Math.ceil(totalMs / 2)), totalMs };
}

/** Runs one after the other until the time is used up; the first one always. */
async function tryAll(
  { program, inputs, options, seed }: DryRun,
  { unitMs, totalMs }: Bounds,
  { out, signal }: { out: Output; signal: AbortSignal },
): Promise<Tried[]> {
  const { runLocally } = await import('@manyhands/sdk');
  const built = await build(program, { out, signal });
  const trials: Tried[] = [];
  let leftMs = totalMs;
  for (const input of sampleOf(inputs, { count: TRIALS_MAXIMUM, seed })) {
    const timeoutMs = Math.min(unitMs, leftMs);
    if (timeoutMs < 1) break;
    out.note(out.color.dim(`Trying ${input.name} …`));
    const startedAtMs = performance.now();
    // The limit of fuel is that of the batch, not of the shorter run here.
    const limits = { fuelMaximum: await fuelMaximumOf(options), timeoutMs };
    const trial = await runLocally({ ...program, built }, input, { ...options, ...limits, signal });
    leftMs -= performance.now() - startedAtMs;
    trials.push({ ...trial, name: input.name, end: endOf(trial, { timeoutMs, allowedMs: options.timeoutMs }) });
  }
  return trials;
}

async function fuelMaximumOf(options: BatchOptions): Promise<number> {
  const { fuelMaximumOf: ofBatch } = await import('@manyhands/sdk');
  return ofBatch(options);
}

async function build(program: LocalProgram, { out, signal }: { out: Output; signal: AbortSignal }) {
  const { buildLocally } = await import('@manyhands/sdk');
  const { noteBuilds } = await import('./publishing.js');
  const notes = noteBuilds(out);
  return buildLocally({ ...program, onBuild: notes.begin }, signal).finally(notes.end);
}

function endOf({ outcome }: Trial, run: { timeoutMs: number; allowedMs: number | undefined }): Tried['end'] {
  if (outcome.kind === 'success') return 'ok';
  const isOutOfTime = outcome.kind === 'host-failure' && outcome.code === 'MH-HOST-003';
  return isOutOfTime && run.timeoutMs < (run.allowedMs ?? Number.POSITIVE_INFINITY) ? 'broken-off' : 'failed';
}

function describe({ name, end, outcome, build: module, elapsedMs }: Tried): Record<string, unknown> {
  return {
    name,
    end,
    kind: outcome.kind,
    build: module,
    elapsedMs: Math.round(elapsedMs),
    fuel: fuelOf(outcome),
    exitCode: exitCodeOf(outcome),
    ...(outcome.kind === 'success'
      ? { stdoutBytes: outcome.stdout.length }
      : { code: outcome.code, message: outcome.message }),
    stderrTail: outcome.stderrTail,
  };
}
