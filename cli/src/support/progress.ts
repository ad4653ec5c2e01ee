// Progress of a batch: a bar on a terminal, a line now and then elsewhere, JSON lines with --json.
import type { Batch as BatchStatus, UnitCounts } from '@manyhands/contract';
import {
  endedInWords,
  isOnlyHeld,
  nextTimeLeft,
  openCounts,
  type Sighting,
  type TimeLeft,
  wordOfBatch,
} from '@manyhands/contract/words';
import { SingleBar as Bar, type SingleBar } from 'cli-progress';
import type { Output } from '../output.js';
import { formatCount, formatDuration } from './quantities.js';

const PLAIN_INTERVAL_MS = 10_000;
const JSON_INTERVAL_MS = 1_000;
const BAR_WIDTH = 24;

export type BatchProgress = { show(status: BatchStatus): void; end(): void };

/** `nowMs`: a monotonic clock. */
export function createProgress(out: Output, nowMs: () => number = () => performance.now()): BatchProgress {
  let timeLeft: TimeLeft | null = null;
  const describe = (status: BatchStatus): string => {
    timeLeft = nextTimeLeft(timeLeft, sightingOf(status.counts, nowMs()));
    return progressWords(status, timeLeft.leftMs);
  };
  if (out.isJson) return jsonProgress(out, nowMs);
  return process.stderr.isTTY ? barProgress(describe) : plainProgress(out, { describe, nowMs });
}

/** `accepted 811 of 1,235, 2 failed, checking 12, running 30, about 30 s left`. `leftMs`: null is unknown. */
export function progressWords(status: BatchStatus, leftMs: number | null): string {
  const { counts, state } = status;
  const parts = [`accepted ${formatCount(counts.accepted)} of ${formatCount(counts.total)}`];
  if (counts.failed > 0) parts.push(endedInWords(counts, formatCount));
  const { held } = openCounts(counts);
  if (held > 0) parts.push(`${formatCount(held)} held`);
  if (counts.checking > 0) parts.push(`checking ${formatCount(counts.checking)}`);
  if (counts.running > 0) parts.push(`running ${formatCount(counts.running)}`);
  if (status.isWaitingForNetwork) parts.push('waiting for somebody on another network');
  if (state !== 'open') parts.push(wordOfBatch(status));
  else if (isOnlyHeld(counts)) parts.push('nothing else is open');
  else parts.push(leftInWords(leftMs));
  return parts.join(', ');
}

/** `about 30 s left`, `time left unknown`. */
export function leftInWords(leftMs: number | null): string {
  return leftMs === null ? 'time left unknown' : `about ${formatDuration(Math.max(1000, leftMs))} left`;
}

/** What the estimate of the time left goes by. */
export function sightingOf(counts: UnitCounts, atMs: number): Sighting {
  const { total, accepted, failed } = counts;
  return { atMs, done: accepted + failed, total: total - openCounts(counts).held };
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
