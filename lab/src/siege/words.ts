// The figures of one attack for people.
import type { Figures } from './figures.js';

type Row = { attack: string; from: string; misses: readonly string[] } & Figures;

export function inWords(row: Row): string {
  const { bytesPerRequest, crew, checkSeconds, victimConnections } = row;
  const facts = [
    `${row.requests} requests`,
    `healthz p95 ${row.healthP95Ms.toFixed(0)} ms`,
    `join ${row.joinMedianMs.toFixed(0)} ms`,
    `batch ${secondsOf(row.batchSeconds)} for ${secondsOf(row.batchComparedSeconds)}`,
    `memory ${megabytesOf(row.peakGrowthBytes)}, of the seed ${megabytesOf(row.seedPeakGrowthBytes)}`,
    `a request leaves ${bytesPerRequest.databaseBytes.toFixed(0)} B in the database, ${bytesPerRequest.checkpointBytes.toFixed(0)} B of uploads, ${bytesPerRequest.logBytes.toFixed(0)} B in the log`,
    `${crew.joined} hosts in, ${crew.worked} at work`,
    ...(checkSeconds === null ? [] : [`check ${checkSeconds.toFixed(1)} s`]),
    ...(victimConnections === null ? [] : [`${victimConnections} connections in a minute at the victim`]),
  ];
  const verdict = row.misses.length === 0 ? 'met' : `MISSED: ${row.misses.join('; ')}`;
  return `${row.attack} from ${row.from}: ${facts.join(', ')}\n  ${verdict}`;
}

function secondsOf(seconds: number | null): string {
  return seconds === null ? 'never' : `${seconds.toFixed(1)} s`;
}

function megabytesOf(bytes: number): string {
  return `${bytes < 0 ? '' : '+'}${(bytes / 1e6).toFixed(0)} MB`;
}
