// `manyhands map --dry-run`: runs one unit here and says what the whole batch would cost.

import type { BatchOptions, Coordinator, Input, LocalProgram } from '@manyhands/sdk';
import { EXIT, type Output } from '../output.js';
import { exitCodeOf, fuelOf, reasonWords } from './endings.js';
import { formatBytes, formatCount, formatCredit, formatDuration, formatFuel } from './quantities.js';

type DryRun = { program: LocalProgram; first: Input; unitCount: number; options: BatchOptions };

/** Prints the estimate. Returns 1 when the unit failed here. */
export async function dryRun(
  { program, first, unitCount, options }: DryRun,
  { out, coordinator, signal }: { out: Output; coordinator: Coordinator; signal: AbortSignal },
): Promise<number> {
  const { estimate, runLocally } = await import('@manyhands/sdk');
  const { noteBuilds } = await import('./publishing.js');
  const notes = noteBuilds(out);
  const trying = runLocally({ ...program, onBuild: notes.begin }, first, { ...options, signal });
  const run = await trying.finally(notes.end);
  const { outcome, elapsedMs, build } = run;
  const fuel = fuelOf(outcome);
  const hands = (await coordinator.stats(signal)).hosts.online;
  const cost = estimate([{ elapsedMs, fuel }], {
    unitCount,
    ...(options.quorum !== undefined && { quorum: options.quorum }),
    ...(hands > 0 && { cores: hands }),
  });
  const isDone = outcome.kind === 'success';
  out.json({
    version: 1,
    trial: {
      name: first.name,
      kind: outcome.kind,
      build,
      elapsedMs: Math.round(elapsedMs),
      fuel,
      exitCode: exitCodeOf(outcome),
      ...(isDone ? { stdoutBytes: outcome.stdout.length } : { code: outcome.code, message: outcome.message }),
      stderrTail: outcome.stderrTail,
    },
    estimate: { ...cost, wallMs: cost.wallMs ?? null },
    computersOnline: hands,
  });
  const { color } = out;
  if (isDone)
    out.line(
      color.bold(
        `Tried ${first.name}: ${formatDuration(elapsedMs)}, ${formatFuel(fuel)} fuel, ${formatBytes(outcome.stdout.length)} of output.`,
      ),
    );
  else out.line(color.red(`Tried ${first.name}: ${reasonWords(outcome)}`));
  if (outcome.stderrTail !== '') out.line(outcome.stderrTail.replace(/[^\P{Cc}\n]+/gu, ' ').replace(/^/gm, '      '));
  out.line();
  out.line(`  units     ${formatCount(cost.units)}, run ${formatCount(cost.replicas)} times in all`);
  out.line(
    `  work      ${cost.cpuHours.toFixed(cost.cpuHours < 1 ? 3 : 1)} CPU-hours, credit ${formatCredit(cost.creditMilli)}`,
  );
  out.line(
    `  each      about ${formatDuration(cost.expectedDurationMs)} on an ordinary core: that is what --expect should say`,
  );
  if (cost.wallMs !== undefined)
    out.line(
      `  time      about ${formatDuration(cost.wallMs)} with one core of each of the ${formatCount(hands)} computers online now`,
    );
  out.line();
  out.line(color.dim('Nothing was submitted. Leave out --dry-run to submit.'));
  return isDone ? EXIT.done : EXIT.workFailed;
}
