// Sums and percentiles of what the processes of hosts told. Pure.
import type { Collected, Group, GroupFigures } from './messages.js';

/** The value that so much of all values does not exceed; 0 of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** How long the leases took that were asked for in that time. */
export function leasesBetween({ leases }: Pick<Collected, 'leases'>, fromMs: number, toMs: number): number[] {
  return leases.flatMap(([atMs, tookMs]) => (atMs >= fromMs && atMs < toMs ? [tookMs] : []));
}

export function together(parts: readonly Collected[]): Collected {
  const group = (name: Group): GroupFigures => sumOf(parts.map(({ groups }) => groups[name]));
  return {
    groups: { base: group('base'), arrival: group('arrival'), honest: group('honest') },
    leases: parts.flatMap(({ leases }) => leases),
    acknowledged: parts.flatMap(({ acknowledged }) => acknowledged),
    lateMs: parts.flatMap(({ lateMs }) => lateMs),
    cpuMs: total(parts.map(({ cpuMs }) => cpuMs)),
  };
}

export function sumOf(groups: readonly GroupFigures[]): GroupFigures {
  return {
    hosts: total(groups.map(({ hosts }) => hosts)),
    joinMs: groups.flatMap(({ joinMs }) => joinMs),
    served: total(groups.map(({ served }) => served)),
    later: counts(groups.map(({ later }) => later)),
    otherwise: counts(groups.map(({ otherwise }) => otherwise)),
    dropped: total(groups.map(({ dropped }) => dropped)),
    early: total(groups.map(({ early }) => early)),
  };
}

export function countOf(named: Readonly<Record<string, number>>): number {
  return total(Object.values(named));
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function counts(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const record of records)
    for (const [name, count] of Object.entries(record)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
