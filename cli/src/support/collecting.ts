// Results of a batch into a folder as they come, and the report on units without one.
import type { Batch as BatchStatus } from '@manyhands/contract';
import { ENDING_WORDS, type Ending, openCounts, sentenceOf } from '@manyhands/contract/words';
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

export type CollectOptions = {
  directory: string;
  follow: boolean;
  signal: AbortSignal;
  /** The rest of a command about this batch: ` --coordinator … --project …`. */
  at: string;
};

/** Writes every accepted result that is not there yet, and reports. Returns the exit code: 1 when units failed, 4 when they were only ended with the batch or are held. */
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
  const without = [...failures.values()].sort((left, right) => left.index - right.index);
  const failed = without.filter(({ ending }) => ending === 'failed');
  for (const { state: _, ...unit } of without)
    out.json({ version: 1, event: unit.ending === 'failed' ? 'failed' : 'ended', ...unit });
  const { id, name } = batch;
  const { state, endedCode, isVerified, counts } = status;
  out.json({
    ...{ version: 1, event: 'done', batch: { id, name, state, endedCode, isVerified, counts } },
    ...{ written: writtenCount, alreadyThere: presentCount },
    ...{ failed: failed.length, ended: without.length - failed.length },
  });
  reportEnd({ status, writtenCount, presentCount, without, failed }, options, out);
  const isHeld = openCounts(counts).held > 0;
  return without.length === 0 && isHeld && options.follow ? EXIT.endedEarly : exitCodeOf(without);
}

/** What failed is told apart from what was merely ended with the batch. */
export function exitCodeOf(without: readonly Failure[]): number {
  if (without.some(({ ending }) => ending === 'failed')) return EXIT.workFailed;
  return without.length > 0 ? EXIT.endedEarly : EXIT.done;
}

type End = {
  status: BatchStatus;
  writtenCount: number;
  presentCount: number;
  /** Units without a result, and those of them that failed. */
  without: readonly Failure[];
  failed: readonly Failure[];
};

function reportEnd({ status, without, failed, ...counts }: End, options: CollectOptions, out: Output): void {
  const { color } = out;
  const count = counts.writtenCount + counts.presentCount;
  const already = counts.presentCount > 0 ? `, ${formatCount(counts.presentCount)} of them already there` : '';
  out.line(
    color.bold(
      `${status.name}: ${formatCount(count)} ${count === 1 ? 'result' : 'results'} in ${options.directory}${already}.`,
    ),
  );
  if (!status.isVerified) out.line(`  ${color.yellow('unverified')}: one computer's answer was enough for this batch.`);
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
    ...shown.map((line) => `      ${printable(line)}`),
  ];
}

/** What a program wrote must not steer the terminal. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
