// The demo's answer: the document of `--json` and `--out`, and the table for people.

import { endedInWords } from '@manyhands/contract/words';
import type { Stretch } from '@manyhands/coordinator/example';
import Table from 'cli-table3';
import type { Output } from '../output.js';
import { formatCredit } from '../support/quantities.js';
import { type Spent, timeLines } from './times.js';

/** The document of `manyhands demo --json` and `--out`, version 1. Positions count from 1, ends included. */
export type DemoReport = {
  version: 1;
  url: string;
  region: { start: number; end: number };
  units: number;
  replicas: number;
  accepted: number;
  failed: number;
  /** Units that never failed: they were ended with the batch. */
  ended: { cancelled: number; expired: number; stopped: number };
  /** Replicas reported for each accepted unit. */
  redundancy: number;
  wallSeconds: number;
  /** Block bytes that the coordinator sent: overlay seed and HTTP gateway together. */
  coordinatorEgressBytes: number;
  /** Block bytes that workers got from one another. */
  peerBytes: number;
  hosts: { name: string; creditMilli: number; acceptedReplicas: number }[];
  creditMilli: number;
  picture: string;
  /** Where the time went, one after the other; with what `npm run demo` had to install and build before. */
  times: Spent[];
  hits: {
    phageStart: number;
    phageEnd: number;
    genomeStart: number;
    genomeEnd: number;
    strand: '+' | '-';
    score: number;
    identity: number;
  }[];
};

/** The fields of a stretch that the report shows. */
export function toHit({
  phageStart,
  phageEnd,
  genomeStart,
  genomeEnd,
  strand,
  score,
  identity,
}: Stretch): DemoReport['hits'][number] {
  return { phageStart, phageEnd, genomeStart, genomeEnd, strand, score, identity };
}

const sum = ({ cancelled, expired, stopped }: DemoReport['ended']): number => cancelled + expired + stopped;
const number = new Intl.NumberFormat('en');

export function printReport(report: DemoReport, out: Output): void {
  const table = new Table({
    head: ['lambda', 'E. coli 536', 'strand', 'score', 'identity'],
    colAligns: ['right', 'right', 'center', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const hit of report.hits) {
    table.push([
      `${number.format(hit.phageStart)} to ${number.format(hit.phageEnd)}`,
      `${number.format(hit.genomeStart)} to ${number.format(hit.genomeEnd)}`,
      hit.strand,
      number.format(hit.score),
      `${(100 * hit.identity).toFixed(1)} %`,
    ]);
  }
  out.line();
  const { length } = report.hits;
  out.line(out.color.bold(`${length} matching ${length === 1 ? 'stretch' : 'stretches'} found in this region:`));
  for (const row of table.toString().split('\n')) out.line(row);
  const without = endedInWords({ ...report, failed: report.failed + sum(report.ended) });
  if (without !== '') out.line(out.color.yellow(`Without an answer: ${without}.`));
  out.line(
    `${report.accepted} units accepted, ${report.replicas} replicas (${report.redundancy.toFixed(2)} for each), ${report.wallSeconds.toFixed(1)} s, credit ${formatCredit(report.creditMilli, { isEarned: report.accepted > 0 })}`,
  );
  out.line(`Picture  ${report.picture}`);
  out.line();
  out.line('Where the time went');
  for (const line of timeLines(report.times)) out.line(line);
}
