// Size and length of leases, matching, and fair shares.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_SHARE, rank, serve, withProjects } from '../../../../src/core/leases/domain/fair-share.js';
import { matchBatch, refuse } from '../../../../src/core/leases/domain/matching.js';
import {
  inHandMaximum,
  LEASE_DURATION_MAXIMUM_MS,
  leaseTimes,
  longestLeaseMs,
  unitsForLease,
} from '../../../../src/core/leases/domain/sizing.js';
import { OPEN_UNITS_PER_HOST_MAXIMUM } from '../../../../src/core/standing/domain/allowance.js';
import { isSampled, paceOf, type Sample, withSample } from '../../../../src/core/units/domain/pace.js';

const demand = {
  maximumUnits: 256,
  inHandMaximum: OPEN_UNITS_PER_HOST_MAXIMUM,
  openUnits: 0,
  availableMs: null,
};
const supply = { unitMs: 1000, wantedReplicas: 1_000_000, hostCount: 10 };

test('a host begins with two units in hand, and has more with each result that agreed', () => {
  expect([0, 1, 2, 10, 511, 10 ** 9].map(inHandMaximum)).toEqual([2, 4, 6, 22, 1024, OPEN_UNITS_PER_HOST_MAXIMUM]);
  expect(unitsForLease({ ...demand, inHandMaximum: 2 }, supply)).toBe(2);
  expect(unitsForLease({ ...demand, inHandMaximum: 2, openUnits: 1 }, supply)).toBe(1);
  expect(unitsForLease({ ...demand, inHandMaximum: 2, openUnits: 2 }, supply)).toBe(0);
});

test('a lease holds what the host asks for, work for a quarter of an hour of what it has shown, and less near the end', () => {
  expect(unitsForLease(demand, supply)).toBe(256);
  expect(unitsForLease({ ...demand, maximumUnits: 7 }, supply)).toBe(7);
  const small = { ...demand, inHandMaximum: 40 };
  expect(unitsForLease(small, { ...supply, unitMs: 60_000 }), 'as two cores').toBe(30);
  expect(unitsForLease({ ...small, availableMs: 120_000 }, { ...supply, unitMs: 60_000 })).toBe(4);
  expect(unitsForLease(small, { ...supply, unitMs: 10 ** 8 })).toBe(2);
  expect(unitsForLease({ ...demand, inHandMaximum: 2 }, { ...supply, unitMs: 10 ** 8 }), 'never none').toBe(1);
  expect(unitsForLease(demand, { ...supply, wantedReplicas: 200 })).toBe(10);
  expect(unitsForLease(demand, { ...supply, wantedReplicas: 1 })).toBe(4);
  expect(unitsForLease({ ...demand, inHandMaximum: 10 }, { ...supply, wantedReplicas: 1 })).toBe(2);
  expect(unitsForLease({ ...demand, openUnits: OPEN_UNITS_PER_HOST_MAXIMUM - 3 }, supply)).toBe(3);
  expect(unitsForLease({ ...demand, openUnits: OPEN_UNITS_PER_HOST_MAXIMUM }, supply)).toBe(0);
});

test('a lease lasts three times the work that it holds, within bounds, and is never renewed beyond four times', () => {
  expect(leaseTimes({ units: 100, unitMs: 2000 }, 30_000)).toEqual({
    durationMs: 600_000,
    overdueMs: 400_000,
    longestMs: 800_000,
  });
  expect(leaseTimes({ units: 1, unitMs: 1 }, 30_000)).toEqual({
    durationMs: 30_000,
    overdueMs: 15_000,
    longestMs: 120_000,
  });
  expect(leaseTimes({ units: 1, unitMs: 600_000 }, 30_000).durationMs).toBe(1_800_000);
  expect(leaseTimes({ units: 256, unitMs: 60_000 }, 30_000).durationMs, 'a pile is renewed').toBe(45 * 60_000);
  expect(leaseTimes({ units: 1, unitMs: 10 ** 8 }, 30_000).durationMs).toBe(LEASE_DURATION_MAXIMUM_MS);
});

test('the pace of a batch is the scientist’s word, then the median of what accepted units took', () => {
  const samples: Sample[] = [10, 20, 1_000_000, 30, 40].map((elapsedMs) => [elapsedMs, elapsedMs * 100]);
  expect(paceOf(samples.slice(1), 7000)).toEqual({ unitMs: 7000, fuelPerMs: null });
  expect(paceOf(samples, 7000), 'one that lies moves it little').toEqual({ unitMs: 30, fuelPerMs: 100 });
  const many = Array.from({ length: 40 }, (_, at): Sample => [at, at]).reduce(withSample, [] as readonly Sample[]);
  expect(many).toHaveLength(15);
  expect(many.at(-1), 'the newest are kept').toEqual([39, 39]);
  expect([isSampled(0, 1), isSampled(14, 1), isSampled(17, 1), isSampled(31, 1), isSampled(100, 256)]).toEqual([
    ...[true, true, false, true, true],
  ]);
});

test('a heavier unit may take longer, in proportion to its fuel; a lighter one is not hurried', () => {
  const pace = { unitMs: 60_000, fuelPerMs: 1000 };
  expect(longestLeaseMs({ units: 1, fuel: 0 }, pace, 30_000)).toBe(240_000);
  expect(longestLeaseMs({ units: 1, fuel: 600_000_000 }, pace, 30_000)).toBe(2_400_000);
  expect(longestLeaseMs({ units: 1, fuel: 10 ** 15 }, { ...pace, fuelPerMs: null }, 30_000)).toBe(240_000);
});

test('a batch suits a host by project, memory and time', () => {
  const need = { projectId: 'p', memoryMaximumBytes: 100, expectedDurationMs: 1000 };
  const offer = { memoryBytes: 100, availableMs: 1000, projectIds: null };
  expect(matchBatch(need, offer)).toBe('suits');
  expect(matchBatch(need, { ...offer, projectIds: new Set(['q']) })).toBe('not-chosen');
  expect(matchBatch(need, { ...offer, memoryBytes: 99 })).toBe('memory');
  expect(matchBatch(need, { ...offer, availableMs: 999 })).toBe('time');
  expect(matchBatch(need, { ...offer, availableMs: null })).toBe('suits');
});

test('the most useful reason is given', () => {
  const finding = { match: 'suits', openUnits: 3, isWantedByOthers: false } as const;
  expect(refuse([])).toEqual({ code: 'MH-LTR-001', openUnitCount: 0 });
  expect(refuse([finding])).toEqual({ code: 'MH-LTR-001', openUnitCount: 3 });
  expect(
    refuse([
      { ...finding, isWantedByOthers: true },
      { ...finding, match: 'memory' },
    ]).code,
  ).toBe('MH-LTR-002');
  expect(refuse([finding, { ...finding, match: 'memory' }]).code).toBe('MH-LTR-003');
  expect(refuse([finding, { ...finding, match: 'time' }]).code).toBe('MH-LTR-004');
  expect(refuse([{ ...finding, match: 'not-chosen' }])).toEqual({ code: 'MH-LTR-001', openUnitCount: 0 });
});

test('projects share computing time equally, whatever the length of their units', () => {
  const costs = fc.uniqueArray(fc.integer({ min: 500, max: 900_000 }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(costs, (list) => {
      const costOf = new Map(list.map((cost, project) => [project, cost]));
      const projects = [...costOf.keys()];
      const served = new Map(projects.map((project) => [project, 0]));
      let share = withProjects(EMPTY_SHARE, projects);
      for (let round = 0; round < 4000; round++) {
        const [project = 0] = rank(share, costOf);
        const costMs = costOf.get(project) ?? 0;
        served.set(project, (served.get(project) ?? 0) + costMs);
        share = serve(share, { project, costMs, contenders: projects });
      }
      const times = [...served.values()];
      const bound = 4 * (Math.max(...list) + 60_000 * projects.length);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(bound);
    }),
    { numRuns: 40 },
  );
});

test('a project that had no work saved nothing up; one that comes back waits its turn only', () => {
  let share = withProjects(EMPTY_SHARE, [1]);
  for (let round = 0; round < 100; round++) share = serve(share, { project: 1, costMs: 50_000, contenders: [1] });
  share = withProjects(share, [1, 2]);
  const order: number[] = [];
  for (let round = 0; round < 20; round++) {
    const [project = 0] = rank(
      share,
      new Map([
        [1, 50_000],
        [2, 50_000],
      ]),
    );
    order.push(project);
    share = serve(share, { project, costMs: 50_000, contenders: [1, 2] });
  }
  const ofTwo = order.filter((project) => project === 2).length;
  expect(ofTwo).toBeGreaterThanOrEqual(9);
  expect(ofTwo).toBeLessThanOrEqual(12);
});
