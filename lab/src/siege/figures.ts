// What two runs say together, the attacked one and the one beside it, and which requirements they miss.
import { median } from '../bench/engine/statistics.js';
import type { CrewCount } from './messages.js';
import type { Disk, Memory } from './usage.js';

/** One run. */
export type Measured = {
  /** A call that was refused or took too long counts as the time limit. */
  healthMs: readonly number[];
  joinsMs: readonly number[];
  /** null: not done in time. */
  batchSeconds: number | null;
  /** Units accepted with a result that the program does not have. */
  wrongCount: number;
  /** Time of the check of an honest program; null where none was asked for. */
  checkSeconds: number | null;
  crew: CrewCount;
  /** Results of the crew that were settled by the end: they take room too. */
  crewResults: number;
  memory: Memory;
  /** By how much it grew. */
  grown: Disk;
};
export type Deeds = { requests: number; cpuMs: number; elapsedMs: number; notes: Readonly<Record<string, number>> };

export type Figures = {
  requests: number;
  attackerCpuShare: number;
  healthP95Ms: number;
  healthComparedP95Ms: number;
  joinMedianMs: number;
  batchSeconds: number | null;
  batchComparedSeconds: number | null;
  batchRatio: number | null;
  wrongCount: number;
  checkSeconds: number | null;
  peakBytes: number;
  peakGrowthBytes: number;
  seedPeakGrowthBytes: number;
  grown: Disk;
  /** What the work of the honest alone would have added, by the other run. */
  honestGrown: Disk;
  /** Beyond what grew without the attack. */
  bytesPerRequest: Disk;
  crew: CrewCount;
  victimConnections: number | null;
  notes: Readonly<Record<string, number>>;
};

export const BOUNDS = {
  healthP95Ms: 1000,
  joinMedianMs: 5000,
  batchRatio: 1.5,
  peakGrowthBytes: 150e6,
  checkSeconds: 60,
  victimConnections: 8,
} as const;
/** What a hostile request may leave behind, as LIMITS.md states it. */
export const BYTES_PER_REQUEST: Disk = { databaseBytes: 2048, journalBytes: 0, checkpointBytes: 1024, logBytes: 64 };
/** Growth that says nothing yet: pages half full, a journal before it is emptied, parts under way, the first lines of each kind of event. */
export const BYTES_FREE: Disk = {
  databaseBytes: 2 ** 20,
  journalBytes: 32 * 2 ** 20,
  checkpointBytes: 2 ** 20,
  logBytes: 64 * 1024,
};

const KINDS = ['databaseBytes', 'journalBytes', 'checkpointBytes', 'logBytes'] as const;

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

export function figuresOf(attacked: Measured, compared: Measured, deeds: Deeds): Figures {
  const { batchSeconds, memory, grown } = attacked;
  const batchComparedSeconds = compared.batchSeconds;
  const honestGrown = scaled(compared.grown, Math.max(1, attacked.crewResults / Math.max(1, compared.crewResults)));
  const hasBoth = batchSeconds !== null && batchComparedSeconds !== null;
  return {
    requests: deeds.requests,
    attackerCpuShare: deeds.cpuMs / deeds.elapsedMs,
    healthP95Ms: percentile(attacked.healthMs, 0.95),
    healthComparedP95Ms: percentile(compared.healthMs, 0.95),
    joinMedianMs: median(attacked.joinsMs),
    batchSeconds,
    batchComparedSeconds,
    batchRatio: hasBoth ? batchSeconds / batchComparedSeconds : null,
    wrongCount: attacked.wrongCount,
    checkSeconds: attacked.checkSeconds,
    peakBytes: memory.peakBytes,
    peakGrowthBytes: memory.peakBytes - compared.memory.peakBytes,
    seedPeakGrowthBytes: memory.seedPeakBytes - compared.memory.seedPeakBytes,
    grown,
    honestGrown,
    bytesPerRequest: perRequest(grown, honestGrown, deeds.requests),
    crew: attacked.crew,
    victimConnections: deeds.notes['victim connections in a minute'] ?? null,
    notes: deeds.notes,
  };
}

/** By as much as the honest did more, as when a batch took longer. */
function scaled(grown: Disk, factor: number): Disk {
  const { databaseBytes, journalBytes, checkpointBytes, logBytes } = grown;
  return {
    databaseBytes: databaseBytes * factor,
    journalBytes,
    checkpointBytes: checkpointBytes * factor,
    logBytes: logBytes * factor,
  };
}

function perRequest(grown: Disk, without: Disk, requests: number): Disk {
  const of = (kind: keyof Disk): number => Math.max(0, grown[kind] - without[kind]) / Math.max(1, requests);
  return {
    databaseBytes: of('databaseBytes'),
    journalBytes: of('journalBytes'),
    checkpointBytes: of('checkpointBytes'),
    logBytes: of('logBytes'),
  };
}

/** One line for each requirement that is missed. */
export function missesOf(figures: Figures, hosts: number): string[] {
  const { crew, notes } = figures;
  const misses: string[] = [];
  const require = (isMet: boolean, words: string): void => {
    if (!isMet) misses.push(words);
  };
  for (const name of ['healthP95Ms', 'joinMedianMs', 'batchRatio', 'peakGrowthBytes'] as const)
    require(isWithin(figures[name], BOUNDS[name]), `${name} ${round(figures[name])}, at most ${BOUNDS[name]}`);
  const { seedPeakGrowthBytes, checkSeconds, victimConnections, wrongCount } = figures;
  require(isWithin(seedPeakGrowthBytes, BOUNDS.peakGrowthBytes), `seedPeakGrowthBytes ${seedPeakGrowthBytes}`);
  require(checkSeconds === null || isWithin(checkSeconds, BOUNDS.checkSeconds), `checkSeconds ${round(checkSeconds)}`);
  require(victimConnections === null ||
    isWithin(
      victimConnections,
      BOUNDS.victimConnections,
    ), `victimConnections ${victimConnections}, at most ${BOUNDS.victimConnections}`);
  for (const kind of KINDS) {
    const allowed = BYTES_PER_REQUEST[kind] * figures.requests + BYTES_FREE[kind];
    const more = figures.grown[kind] - figures.honestGrown[kind];
    require(more <=
      allowed, `${kind} ${round(figures.bytesPerRequest[kind])} a request, at most ${BYTES_PER_REQUEST[kind]}`);
  }
  require(crew.joined === hosts, `${crew.joined} of ${hosts} honest hosts behind one address are in`);
  require(crew.worked === hosts, `${crew.worked} of ${hosts} honest hosts behind one address had a result accepted`);
  require(wrongCount === 0, `${wrongCount} wrong results were accepted`);
  require(notes.broken === undefined, 'the attack ended early');
  return misses;
}

function isWithin(value: number | null, bound: number): boolean {
  return value !== null && value <= bound;
}

function round(value: number | null): string {
  return value === null ? 'unknown' : String(Number(value.toPrecision(3)));
}
