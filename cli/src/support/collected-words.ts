// What is said at the end of collecting: how many results, and which units have none and why.
import { join } from 'node:path';
import type { Batch as BatchStatus } from '@manyhands/contract';
import { ENDING_WORDS, type Ending, openCounts, sentenceOf, uncheckedInWords } from '@manyhands/contract/words';
import type { Failure } from '@manyhands/sdk';
import { EXIT, type Output } from '../output.js';
import { formatCount } from './quantities.js';
import { MOVED_FOLDER } from './result-record.js';

const LISTED_FAILURES_MAXIMUM = 50;
/** Lines of stderr shown per failed unit; `--json` has all that was kept. */
const SHOWN_STDERR_LINES = 10;

/** What failed is told apart from what was merely ended with the batch. */
export function exitCodeOf(without: readonly Failure[]): number {
  if (without.some(({ ending }) => ending === 'failed')) return EXIT.workFailed;
  return without.length > 0 ? EXIT.endedEarly : EXIT.done;
}

export type End = {
  status: BatchStatus;
  writtenCount: number;
  presentCount: number;
  /** Earlier results that this batch does not confirm. */
  movedCount: number;
  summary: string;
  /** Units without a result, and those of them that failed. */
  without: readonly Failure[];
  failed: readonly Failure[];
};

export function reportEnd(
  { status, without, failed, summary, ...counts }: End,
  options: { directory: string; at: string },
  out: Output,
): void {
  const { color } = out;
  const count = counts.writtenCount + counts.presentCount;
  const already = counts.presentCount > 0 ? `, ${formatCount(counts.presentCount)} of them already there` : '';
  out.line(
    color.bold(
      `${status.name}: ${formatCount(count)} ${count === 1 ? 'result' : 'results'} in ${options.directory}${already}.`,
    ),
  );
  const unchecked = uncheckedInWords(status);
  if (unchecked !== null) out.line(`  ${color.yellow('unverified')}: ${unchecked}`);
  if (counts.movedCount > 0)
    out.line(
      `  ${formatCount(counts.movedCount)} earlier ${counts.movedCount === 1 ? 'result' : 'results'} that it does not confirm: moved to ${join(options.directory, MOVED_FOLDER)}`,
    );
  out.line(color.dim(`  every unit with its state: ${summary}`));
  for (const line of endedLines(without)) out.line(color.yellow(line));
  const { held } = openCounts(status.counts);
  if (held > 0) {
    out.line(color.yellow(`${unitsInWords(held)} held. ${sentenceOf('MH-VAL-008')}`));
    out.line(color.dim(`Open them again: manyhands batch retry ${status.name}${options.at}`));
  }
  if (failed.length === 0) return;
  out.line(color.red(`${unitsInWords(failed.length)} failed.`));
  for (const failure of failed.slice(0, LISTED_FAILURES_MAXIMUM))
    for (const line of failureLines(failure)) out.line(line);
  if (failed.length > LISTED_FAILURES_MAXIMUM)
    out.line(`  and ${formatCount(failed.length - LISTED_FAILURES_MAXIMUM)} more; --json lists them all`);
  if (status.endedCode === null)
    out.line(color.dim(`Try them again: manyhands batch retry ${status.name}${options.at}`));
  out.line(
    color.dim(`Run the first one here: manyhands unit reproduce ${status.name} ${failed[0]?.index}${options.at}`),
  );
}

const unitsInWords = (count: number): string => `${formatCount(count)} ${count === 1 ? 'unit' : 'units'}`;

/** `44 units cancelled. The batch was cancelled before it was done.` for each kind that there is. */
export function endedLines(without: readonly Failure[]): string[] {
  const kinds = (Object.keys(ENDING_WORDS) as Ending[]).filter((kind) => kind !== 'failed');
  return kinds.flatMap((kind) => {
    const units = without.filter(({ ending }) => ending === kind);
    return units[0] ? [`${unitsInWords(units.length)} ${ENDING_WORDS[kind]}. ${units[0].reason}`] : [];
  });
}

/** Name, reason and the end of stderr of a failed unit. */
export function failureLines({
  index,
  name,
  message,
  cause,
  code,
  reason: why,
  exitCode,
  stderrTail,
}: Failure): string[] {
  const reason = message ?? (exitCode === null ? why : `exit code ${exitCode}`);
  const lines = stderrTail
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  const shown = lines.slice(-SHOWN_STDERR_LINES);
  return [
    `  x ${name} (unit ${index}): ${reason} ${[cause, code].filter(Boolean).join(' ')}`,
    ...(lines.length > shown.length ? [`      (${lines.length - shown.length} lines before)`] : []),
    ...shown.map((line) => `      ${line}`),
  ];
}
