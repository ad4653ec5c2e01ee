// Progress of a batch: a bar on a terminal, a line now and then elsewhere, JSON lines with --json.
import type { Batch as BatchStatus } from '@manyhands/contract';
import { endedInWords, wordOfBatch } from '@manyhands/contract/words';
import { SingleBar as Bar, type SingleBar } from 'cli-progress';
import type { Output } from '../output.js';
import { formatCount, formatDuration } from './quantities.js';

const PLAIN_INTERVAL_MS = 10_000;
const JSON_INTERVAL_MS = 1_000;
const BAR_WIDTH = 24;

export type BatchProgress = { show(status: BatchStatus): void; end(): void };

/** `nowMs`: a monotonic clock. */
export function createProgress(out: Output, nowMs: () => number = () => performance.now()): BatchProgress {
  const startedAtMs = nowMs();
  let doneAtStart: number | undefined;
  const describe = (status: BatchStatus): string => {
    const done = status.counts.accepted + status.counts.failed;
    doneAtStart ??= done;
    return progressWords(status, remainingMs(status, { done: done - doneAtStart, elapsedMs: nowMs() - startedAtMs }));
  };
  if (out.isJson) return jsonProgress(out, nowMs);
  return process.stderr.isTTY ? barProgress(describe) : plainProgress(out, { describe, nowMs });
}

/** `accepted 811 of 1,235, 2 failed, checking 12, running 30, about 30 s left`. */
export function progressWords(status: BatchStatus, leftMs: number | undefined): string {
  const { counts, state } = status;
  const parts = [`accepted ${formatCount(counts.accepted)} of ${formatCount(counts.total)}`];
  if (counts.failed > 0) parts.push(endedInWords(counts, formatCount));
  if (counts.checking > 0) parts.push(`checking ${formatCount(counts.checking)}`);
  if (counts.running > 0) parts.push(`running ${formatCount(counts.running)}`);
  if (state !== 'open') parts.push(wordOfBatch(status));
  else if (leftMs !== undefined) parts.push(`about ${formatDuration(leftMs)} left`);
  return parts.join(', ');
}

/** From what this session saw; too little seen gives no estimate. */
export function remainingMs(
  { counts }: Pick<BatchStatus, 'counts'>,
  seen: { done: number; elapsedMs: number },
): number | undefined {
  const left = counts.total - counts.accepted - counts.failed;
  return seen.done < 2 || seen.elapsedMs < 1000 ? undefined : (left * seen.elapsedMs) / seen.done;
}

function barProgress(describe: (status: BatchStatus) => string): BatchProgress {
  const bar: SingleBar = new Bar({
    format: '  {bar}  {percentage} %  {words}',
    barsize: BAR_WIDTH,
    barCompleteChar: '|',
    barIncompleteChar: '.',
    hideCursor: true,
    linewrap: false,
    stream: process.stderr,
  });
  let isStarted = false;
  return {
    show: (status) => {
      const done = status.counts.accepted + status.counts.failed;
      if (!isStarted) bar.start(status.counts.total, done, { words: describe(status) });
      else bar.update(done, { words: describe(status) });
      isStarted = true;
    },
    end: () => {
      if (isStarted) bar.stop();
      isStarted = false;
    },
  };
}

function plainProgress(
  out: Output,
  { describe, nowMs }: { describe: (status: BatchStatus) => string; nowMs: () => number },
): BatchProgress {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let shown = '';
  return {
    show: (status) => {
      const words = describe(status);
      const isDue = nowMs() - shownAtMs >= PLAIN_INTERVAL_MS || status.state !== 'open';
      if (!isDue || words === shown) return;
      shownAtMs = nowMs();
      shown = words;
      out.note(`  ${words}`);
    },
    end: () => undefined,
  };
}

function jsonProgress(out: Output, nowMs: () => number): BatchProgress {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let shown = '';
  return {
    show: ({ state, counts }) => {
      const words = JSON.stringify({ state, counts });
      const isDue = nowMs() - shownAtMs >= JSON_INTERVAL_MS || state !== 'open';
      if (!isDue || words === shown) return;
      shownAtMs = nowMs();
      shown = words;
      out.json({ version: 1, event: 'progress', state, counts });
    },
    end: () => undefined,
  };
}
