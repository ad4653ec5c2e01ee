// Size and length of leases, matching, and fair shares.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_SHARE, rank, serve, withProjects } from '../../../src/leases/domain/fair-share.js';
import { matchBatch, refuse } from '../../../src/leases/domain/matching.js';
import {
  LEASE_DURATION_MAXIMUM_MS,
  leaseDurationMs,
  OPEN_UNITS_PER_HOST_MAXIMUM,
  unitsForLease,
} from '../../../src/leases/domain/sizing.js';

const demand = { maximumUnits: 256, cores: 4, openUnits: 0, availableMs: null };
const supply = { expectedDurationMs: 1000, wantedReplicas: 1_000_000, hostCount: 10 };

test('a lease holds what the host asks for, about a quarter of an hour of work, and less near the end', () => {
  expect(unitsForLease(demand, supply)).toBe(256);
  expect(unitsForLease({ ...demand, maximumUnits: 7 }, supply)).toBe(7);
  expect(unitsForLease(demand, { ...supply, expectedDurationMs: 60_000 })).toBe(60);
  expect(unitsForLease({ ...demand, availableMs: 120_000 }, { ...supply, expectedDurationMs: 60_000 })).toBe(8);
  expect(unitsForLease(demand, { ...supply, expectedDurationMs: 10 ** 8 }), 'never fewer than cores').toBe(4);
  expect(unitsForLease(demand, { ...supply, wantedReplicas: 200 })).toBe(10);
  expect(unitsForLease(demand, { ...supply, wantedReplicas: 1 })).toBe(4);
  expect(unitsForLease({ ...demand, openUnits: OPEN_UNITS_PER_HOST_MAXIMUM - 3 }, supply)).toBe(3);
  expect(unitsForLease({ ...demand, openUnits: OPEN_UNITS_PER_HOST_MAXIMUM }, supply)).toBe(0);
});

test('a lease lasts three times the work that it holds, within bounds', () => {
  expect(leaseDurationMs({ units: 100, cores: 4, expectedDurationMs: 2000 }, 30_000)).toBe(150_000);
  expect(leaseDurationMs({ units: 1, cores: 4, expectedDurationMs: 1 }, 30_000)).toBe(30_000);
  expect(
    leaseDurationMs({ units: 1, cores: 64, expectedDurationMs: 600_000 }, 30_000),
    'one unit runs on one core',
  ).toBe(1_800_000);
  expect(leaseDurationMs({ units: 256, cores: 1, expectedDurationMs: 10 ** 7 }, 30_000)).toBe(
    LEASE_DURATION_MAXIMUM_MS,
  );
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
