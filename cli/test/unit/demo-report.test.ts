// What the demo tells people at its end: a row for each stretch, each on a line of its own.
import { expect, test } from 'vitest';
import { type DemoReport, printReport } from '../../src/demo/report.js';
import { keptOutput } from '../support/in-process.js';

const HIT = { phageStart: 1, phageEnd: 18_450, genomeStart: 1_207_381, genomeEnd: 1_225_916 } as const;
const REPORT: DemoReport = {
  version: 1,
  url: 'http://127.0.0.1:8420',
  region: { start: 1, end: 2 },
  units: 68,
  replicas: 136,
  accepted: 68,
  failed: 0,
  ended: { cancelled: 0, expired: 0, stopped: 0 },
  redundancy: 2,
  wallSeconds: 17.5,
  coordinatorEgressBytes: 1,
  peerBytes: 1,
  hosts: [],
  creditMilli: 140,
  picture: '/tmp/dot-plot.svg',
  times: [{ what: 'computing', seconds: 17.5 }],
  hits: [
    { ...HIT, strand: '+', score: 31_704, identity: 0.942 },
    { ...HIT, strand: '-', score: 60, identity: 0.825 },
  ],
};

test('the table has a line for its head and one for each stretch, and the times stand apart', () => {
  const { out, said } = keptOutput();
  printReport(REPORT, out);
  const rows = said.filter((line) => line.startsWith('│')).map((line) => line.split('│').map((cell) => cell.trim()));
  expect(rows).toEqual([
    ['', 'lambda', 'E. coli 536', 'strand', 'score', 'identity', ''],
    ['', '1 to 18,450', '1,207,381 to 1,225,916', '+', '31,704', '94.2 %', ''],
    ['', '1 to 18,450', '1,207,381 to 1,225,916', '-', '60', '82.5 %', ''],
  ]);
  expect(said.slice(said.indexOf('Where the time went') - 1)).toEqual([
    '',
    'Where the time went',
    expect.stringContaining('computing'),
    expect.stringContaining('all of it'),
  ]);
});
