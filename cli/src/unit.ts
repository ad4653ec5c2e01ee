// `manyhands unit reproduce`: computes one unit again on this computer and compares its bytes and its fuel.
import { ENDING_WORDS, endingOf } from '@manyhands/contract/words';
import type { Reproduction } from '@manyhands/sdk';
import type { Command } from 'commander';
import { action, EXIT, type Output } from './output.js';
import {
  addConnectionOptions,
  addProjectOption,
  openCoordinator,
  type ProjectConnectionOptions,
} from './support/connection.js';
import { exitCodeOf, fuelOf, reasonWords } from './support/endings.js';
import { formatCount } from './support/quantities.js';

type ReproduceOptions = ProjectConnectionOptions & { out?: string; timeout?: string };

/** What a script that checks results goes by. */
export const EXIT_BY_VERDICT: Readonly<Record<Reproduction['verdict'], number>> = {
  same: EXIT.done,
  different: EXIT.workFailed,
  unsettled: EXIT.trouble,
  unclear: EXIT.trouble,
};

export function registerUnit(program: Command): void {
  const unit = program.command('unit').description('Look into single units');
  addProjectOption(
    addConnectionOptions(
      unit
        .command('reproduce <batch> <unit>')
        .description('Run one unit here from the same program and inputs, and compare it with the accepted result'),
    ),
    'your project, which has the batch',
  )
    .option('--out <dir>', 'write what was computed here into this folder')
    .option('--timeout <duration>', 'longest run (default: that of the batch)')
    .addHelpText(
      'after',
      `
UNIT is the unit's index or its name. A unit that failed is compared by how it failed.

Exit codes: 0 the same; 1 different; 2 wrong usage or a refusal; 3 nothing to compare with yet, or this computer could not run it.

Example:
  manyhands unit reproduce words-jx2m 412 --coordinator http://127.0.0.1:8420 --project words`,
    )
    .action(
      action<ReproduceOptions>(async ({ args: [batchName = '', unitName = ''], options, out }) => {
        const { interruptible } = await import('./support/interrupt.js');
        return interruptible(async (signal) => {
          const { findBatch, parseUnit } = await import('./support/batches.js');
          const { parseDuration } = await import('./support/quantities.js');
          const { reproduceUnit } = await import('@manyhands/sdk');
          const batch = await findBatch(await openCoordinator(options, { out, signal }), batchName, options);
          const reproduction = await reproduceUnit(batch, parseUnit(unitName), {
            signal,
            ...(options.timeout !== undefined && { timeoutMs: parseDuration(options.timeout) }),
          });
          const written = options.out === undefined ? undefined : await write(reproduction, options.out);
          report(reproduction, out);
          if (written) out.line(`  written   ${written}`);
          return EXIT_BY_VERDICT[reproduction.verdict];
        });
      }),
    );
}

async function write({ local, name }: Reproduction, directory: string): Promise<string | undefined> {
  if (!local) return undefined;
  const { writeApart } = await import('./support/result-apart.js');
  return writeApart({ ...local, name }, directory);
}

const HEADLINES: Readonly<Record<Reproduction['verdict'], string>> = {
  same: 'The same, bit for bit.',
  different: 'Different.',
  unsettled: 'Run here, but the batch has no result of this unit yet.',
  unclear: 'This can’t be compared.',
};

function report(reproduction: Reproduction, out: Output): void {
  const { verdict, index, name, outcome, build, elapsedMs, acceptedFuel, local, accepted, unit, differences } =
    reproduction;
  out.json({
    version: 1,
    unit: {
      index,
      name,
      state: unit.state,
      code: unit.code,
      ending: unit.state === 'failed' ? endingOf(unit.code) : null,
    },
    verdict,
    build,
    elapsedMs: Math.round(elapsedMs),
    localFuel: fuelOf(outcome),
    acceptedFuel,
    localDigest: local?.digest ?? null,
    acceptedDigest: accepted?.digest ?? null,
    differences,
    outcome: outcome.kind,
    exitCode: exitCodeOf(outcome),
    ...(outcome.kind !== 'success' && { code: outcome.code, message: outcome.message }),
    stderrTail: outcome.stderrTail,
  });
  const { color } = out;
  const headline = verdict === 'same' && !local ? 'It fails in the same way here.' : HEADLINES[verdict];
  out.line(
    (verdict === 'same' ? color.green : verdict === 'different' ? color.red : color.yellow)(color.bold(headline)),
  );
  out.line(
    `  unit      ${name} (${index}), ${unit.state === 'failed' ? ENDING_WORDS[endingOf(unit.code)] : unit.state}${unit.code ? ` ${unit.code}` : ''}`,
  );
  out.line(`  here      ${local?.digest ?? reasonWords(outcome)}`);
  out.line(`  accepted  ${accepted?.digest ?? '-'}`);
  out.line(
    `  fuel      ${formatCount(fuelOf(outcome))} here, ${acceptedFuel === null ? '-' : formatCount(acceptedFuel)} accepted`,
  );
  out.line(`  time      ${(elapsedMs / 1000).toFixed(2)} s on this computer, build ${build}`);
  if (differences.length > 0) out.line(`  differs   ${differences.join(', ')}`);
  if (outcome.kind !== 'success' && outcome.stderrTail !== '') {
    out.line('  stderr');
    for (const line of outcome.stderrTail.trimEnd().split('\n'))
      out.line(`      ${line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')}`);
  }
}
