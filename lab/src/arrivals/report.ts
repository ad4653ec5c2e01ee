// What a run found, as one document and as lines for people.
import { countOf, percentile } from './figures.js';
import type { GroupFigures } from './messages.js';
import { descriptorsFor, type Wishes } from './plan.js';
import { exitCodeOf, isVoid, type Measured, type Requirement, requirementsOf } from './requirements.js';
import { lateP95Ms, type Outcome } from './scenario.js';
import type { Visitor } from './visitor.js';

export type Report = ReturnType<typeof reportOf>;

export function reportOf(outcome: Outcome, wishes: Wishes) {
  const { all, samples, leaseMs } = outcome;
  const measured = measuredOf(outcome);
  const requirements = requirementsOf(measured);
  const isRunVoid = isVoid(measured);
  return {
    version: 1,
    ...{ wishes, isVoid: isRunVoid, isMet: requirements.every(({ isMet }) => isMet), requirements },
    generator: { lateP95Ms: rounded(measured.generatorLateP95Ms), cpuSeconds: seconds(all.cpuMs) },
    coordinator: {
      /** All others are those of every coordinator. */
      raisedLimits: [] as string[],
      descriptorsNeeded: descriptorsFor(wishes),
      cpuSeconds: overPhases(samples, 'cpuMs'),
      /** Ready to go on, while others had the processor. */
      waitedSeconds: overPhases(samples, 'waitedMs'),
      residentBytes: { base: samples.base.residentBytes, end: samples.end.residentBytes },
      connections: { base: samples.base.connections, end: samples.end.connections },
    },
    leaseMs: {
      base: spreadOf(leaseMs.base),
      arriving: spreadOf(leaseMs.arriving),
      afterwards: spreadOf(leaseMs.afterwards),
    },
    groups: {
      base: shown(all.groups.base),
      arrival: shown(all.groups.arrival),
      honest: shown(all.groups.honest),
    },
    pages: visited(outcome.pages),
    health: visited(outcome.health),
  };
}

export function exitCode({ requirements, isVoid: isRunVoid }: Report): number {
  return exitCodeOf(requirements, isRunVoid);
}

export function linesOf({ requirements, isVoid: isRunVoid, generator, coordinator }: Report): string[] {
  const { untilArrivals, arriving, afterwards } = coordinator.cpuSeconds;
  return [
    ...requirements.map(lineOf),
    `coordinator: ${untilArrivals} s of CPU until they came, ${arriving} s while they came, ${afterwards} s afterwards; generator: ${generator.cpuSeconds} s in all`,
    `the coordinator was ready and had to wait for a processor for ${coordinator.waitedSeconds.arriving} s while they came, ${coordinator.waitedSeconds.afterwards} s afterwards`,
    ...(isRunVoid
      ? [
          `VOID: the generator’s own event loop was ${generator.lateP95Ms} ms late at p95; use a quieter machine or a smaller run`,
        ]
      : []),
  ];
}

function lineOf({ name, value, target, unit, isMet }: Requirement): string {
  return `${isMet ? 'met   ' : 'MISSED'} ${name}: ${value} ${unit} (${target})`;
}

function measuredOf({ all, parts, samples, leaseMs, pages, health, lost }: Outcome): Measured {
  const { base, arrival, honest } = all.groups;
  const groups = [base, arrival, honest];
  const sum = (figure: (group: GroupFigures) => number): number =>
    groups.reduce((total, group) => total + figure(group), 0);
  const grownBytes = samples.end.residentBytes - samples.base.residentBytes;
  return {
    comers: arrival.hosts + honest.hosts,
    comersServed: arrival.served + honest.served,
    refusedOtherwise: sum(({ otherwise, dropped }) => countOf(otherwise) + dropped),
    early: sum(({ early }) => early),
    acknowledged: all.acknowledged.length,
    lost,
    baseLeaseP95Ms: percentile(leaseMs.base, 0.95),
    leaseP95Ms: percentile(leaseMs.afterwards, 0.95),
    bytesPerConnection: grownBytes / Math.max(1, samples.end.connections - samples.base.connections),
    pages: answersOf(pages),
    health: answersOf(health),
    honest: honest.hosts,
    honestServed: honest.served,
    generatorLateP95Ms: lateP95Ms(parts),
  };
}

function overPhases({ base, arrived, end }: Outcome['samples'], figure: 'cpuMs' | 'waitedMs') {
  return {
    untilArrivals: seconds(base[figure]),
    arriving: seconds(arrived[figure] - base[figure]),
    afterwards: seconds(end[figure] - arrived[figure]),
  };
}

function answersOf({ tookMs, failures }: Visitor): { asked: number; failed: number } {
  return { asked: tookMs.length, failed: failures.length };
}

function visited({ tookMs, failures }: Visitor) {
  return { ...spreadOf(tookMs), failures: failures.slice(0, 10) };
}

function shown({ joinMs, ...rest }: GroupFigures) {
  return { ...rest, joined: joinMs.length, joinMs: spreadOf(joinMs) };
}

function spreadOf(values: readonly number[]) {
  const [p50, p95, most] = [0.5, 0.95, 1].map((part) => rounded(percentile(values, part)));
  return { count: values.length, p50, p95, most };
}

function seconds(milliseconds: number): number {
  return rounded(milliseconds / 1000);
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}
