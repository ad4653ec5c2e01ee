// What the demo shows while it runs: a tally field and three lines, redrawn in place on a terminal, a line every ten seconds elsewhere.
import type { UnitCounts } from '@manyhands/contract';
import { nextTimeLeft, type TimeLeft } from '@manyhands/contract/words';
import type { Output } from '../output.js';
import { leftInWords, sightingOf } from '../support/progress.js';
import { formatCredit } from '../support/quantities.js';
import { terminalLine } from '../terminal-text.js';

const STROKES = 40;
const PLAIN_INTERVAL_MS = 10_000;

type Snapshot = {
  counts: UnitCounts;
  replicas: { reported: number; agreed: number };
  fromPeersBytes: number;
  coordinatorEgressBytes: number;
  credit: readonly { name: string; creditMilli: number; acceptedReplicas: number }[];
  elapsedMs: number;
};

export type Display = { show(snapshot: Snapshot): void; end(): void };

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
/** Four strokes and a fifth across them, once for every fortieth of the work. */
function tally(done: number, total: number): string {
  const filled = Math.floor((STROKES * done) / Math.max(total, 1));
  const groups = Array.from({ length: STROKES / 5 }, (_, group) =>
    Array.from({ length: 5 }, (_, stroke) => (group * 5 + stroke < filled ? (stroke === 4 ? '/' : '|') : '.')).join(''),
  );
  return groups.join(' ');
}

function lines(snapshot: Snapshot, { leftMs }: TimeLeft): string[] {
  const { counts, replicas, elapsedMs } = snapshot;
  const done = counts.accepted + counts.failed;
  const moved = snapshot.fromPeersBytes + snapshot.coordinatorEgressBytes;
  const share = moved === 0 ? 0 : Math.round((100 * snapshot.fromPeersBytes) / moved);
  const rate = (counts.accepted / Math.max(elapsedMs / 1000, 1)).toFixed(1);
  return [
    `  ${tally(done, counts.total)}   ${String(Math.floor((100 * done) / Math.max(counts.total, 1))).padStart(3)} %`,
    `  accepted  ${counts.accepted} of ${counts.total}    ${rate} a second    ${leftInWords(leftMs)}`,
    `  checked   ${replicas.reported} answers, ${replicas.agreed} agreed`,
    `  data      ${share} % from peers: ${mebibytes(snapshot.fromPeersBytes)}, the coordinator sent ${mebibytes(snapshot.coordinatorEgressBytes)}`,
    `  credit    ${snapshot.credit.map(({ name, creditMilli, acceptedReplicas }) => `${name} ${formatCredit(creditMilli, { isEarned: acceptedReplicas > 0 })}`).join('   ') || 'none yet'}`,
  ];
}

/** Chooses by the output: redrawing needs a terminal. */
export function createDisplay(out: Output): Display {
  if (out.isJson) return { show: () => {}, end: () => {} };
  let timeLeft: TimeLeft | null = null;
  const describe = (snapshot: Snapshot): string[] => {
    timeLeft = nextTimeLeft(timeLeft, sightingOf(snapshot.counts, snapshot.elapsedMs));
    return lines(snapshot, timeLeft);
  };
  return process.stderr.isTTY ? redrawing(describe) : plain(out, describe);
}

type Describe = (snapshot: Snapshot) => string[];

function redrawing(describe: Describe): Display {
  let drawn = 0;
  return {
    show: (snapshot) => {
      const width = process.stderr.columns || 80;
      const text = describe(snapshot).map((line) => terminalLine(line).slice(0, width - 1));
      process.stderr.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ''}${text.join('\n')}\n`);
      drawn = text.length;
    },
    end: () => {
      drawn = 0;
    },
  };
}

function plain(out: Output, describe: Describe): Display {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return {
    show: (snapshot) => {
      const words = describe(snapshot);
      const isDue =
        snapshot.elapsedMs - shownAtMs >= PLAIN_INTERVAL_MS || snapshot.counts.accepted === snapshot.counts.total;
      if (!isDue) return;
      shownAtMs = snapshot.elapsedMs;
      for (const line of words.slice(1)) out.note(line);
    },
    end: () => {},
  };
}
