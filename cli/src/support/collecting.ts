// Results of a batch into a folder as they come, and the report on units that failed.
import type { Batch as BatchStatus } from '@manyhands/contract';
import type { Batch, Failure } from '@manyhands/sdk';
import { EXIT, type Output } from '../output.js';
import { createProgress } from './progress.js';
import { formatCount } from './quantities.js';
import type { ResultFiles } from './result-files.js';

/** How often the state is asked for while there is nothing new. */
const REFRESH_MS = 1_000;
const LISTED_FAILURES_MAXIMUM = 50;
/** Lines of stderr shown per failed unit; `--json` has all that was kept. */
const SHOWN_STDERR_LINES = 10;

export type CollectOptions = { directory: string; follow: boolean; signal: AbortSignal };

/** Writes every accepted result that is not there yet, and reports. Returns the exit code: 1 when units failed. */
export async function collectResults(
  batch: Batch,
  options: CollectOptions,
  { out, files }: { out: Output; files: ResultFiles },
): Promise<number> {
  const progress = createProgress(out);
  let status: BatchStatus = batch.initialStatus;
  let writtenCount = 0;
  let presentCount = 0;
  const failures = new Map<number, Failure>();
  const stream = batch.results({
    failures: 'yield',
    follow: options.follow,
    waitMs: REFRESH_MS,
    signal: options.signal,
    onStatus: (next) => {
      status = next;
      progress.show(next);
    },
    skip: async (unit) => {
      const exitCode = await files.find(unit);
      if (exitCode === undefined) return false;
      presentCount += 1;
      failures.delete(unit.index);
      const { index, name, digest, fuel = null } = unit;
      const file = files.fileOf(name);
      out.json({ version: 1, event: 'result', index, name, digest, fuel, exitCode, file, isNew: false });
      return true;
    },
  });
  try {
    for await (const settled of stream) {
      if (settled.state === 'failed') {
        failures.set(settled.index, settled);
        continue;
      }
      failures.delete(settled.index);
      const { index, name, digest, fuel, exitCode } = settled;
      const written = await files.write(settled);
      writtenCount += 1;
      out.json({ version: 1, event: 'result', index, name, digest, fuel, exitCode, ...written, isNew: true });
    }
  } finally {
    progress.end();
  }
  const failed = [...failures.values()].sort((left, right) => left.index - right.index);
  for (const failure of failed) out.json({ version: 1, event: 'failed', ...failure, state: undefined });
  out.json({
    version: 1,
    event: 'done',
    batch: {
      id: batch.id,
      name: batch.name,
      state: status.state,
      isVerified: status.isVerified,
      counts: status.counts,
    },
    written: writtenCount,
    alreadyThere: presentCount,
    failed: failed.length,
  });
  reportEnd({ status, writtenCount, presentCount, failed }, options, out);
  return failed.length > 0 ? EXIT.workFailed : EXIT.done;
}

type End = { status: BatchStatus; writtenCount: number; presentCount: number; failed: readonly Failure[] };

function reportEnd({ status, writtenCount, presentCount, failed }: End, options: CollectOptions, out: Output): void {
  const { color } = out;
  const count = writtenCount + presentCount;
  const already = presentCount > 0 ? `, ${formatCount(presentCount)} of them already there` : '';
  out.line(
    color.bold(
      `${status.name}: ${formatCount(count)} ${count === 1 ? 'result' : 'results'} in ${options.directory}${already}.`,
    ),
  );
  if (!status.isVerified) out.line(`  ${color.yellow('unverified')}: one computer's answer was enough for this batch.`);
  if (failed.length === 0) return;
  out.line(color.red(`${formatCount(failed.length)} ${failed.length === 1 ? 'unit' : 'units'} failed.`));
  for (const failure of failed.slice(0, LISTED_FAILURES_MAXIMUM))
    for (const line of failureLines(failure)) out.line(line);
  if (failed.length > LISTED_FAILURES_MAXIMUM)
    out.line(`  and ${formatCount(failed.length - LISTED_FAILURES_MAXIMUM)} more; --json lists them all`);
  out.line(
    color.dim(
      `Try them again: manyhands batch retry ${status.name} ...   Run one here: manyhands unit reproduce ${status.name} INDEX ...`,
    ),
  );
}

/** Name, reason and the end of stderr of a failed unit. */
export function failureLines({ index, name, message, cause, code, exitCode, stderrTail }: Failure): string[] {
  const reason = message ?? (exitCode === null ? 'no reason was given' : `exit code ${exitCode}`);
  const lines = stderrTail
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  const shown = lines.slice(-SHOWN_STDERR_LINES);
  return [
    `  x ${name} (unit ${index}): ${reason} ${[cause, code].filter(Boolean).join(' ')}`,
    ...(lines.length > shown.length ? [`      (${lines.length - shown.length} lines before)`] : []),
    ...shown.map((line) => `      ${printable(line)}`),
  ];
}

/** What a program wrote must not steer the terminal. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
