// What fuel is worth: summed by host, capped by replica, and nothing lost to rounding.
import { creditMilliOf } from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountFor, type CreditedShare, fuelCap, grantsFor } from '../../../../src/core/credits/domain/grants.js';

const share = (batchRowId: number, unitIndex: number, more: Partial<CreditedShare> = {}): CreditedShare => ({
  ...{ batchRowId, unitIndex, accountRowId: 7, hostRowId: 1, fuel: 100, isReplica: true },
  ...more,
});

test('shares of a transaction are granted per batch, account and host', () => {
  const shares = [share(1, 5), share(1, 3), share(1, 4), share(2, 0), share(1, 9, { hostRowId: 2 })];
  expect(grantsFor(shares)).toEqual([
    { batchRowId: 1, accountRowId: 7, hostRowId: 1, replicas: 3, fuel: 300, units: [[3, 3]] },
    { batchRowId: 2, accountRowId: 7, hostRowId: 1, replicas: 1, fuel: 100, units: [[0, 1]] },
    { batchRowId: 1, accountRowId: 7, hostRowId: 2, replicas: 1, fuel: 100, units: [[9, 1]] },
  ]);
});

test('a host that did two parts of one replica has one row, one unit and one replica', () => {
  const shares = [share(1, 5, { isReplica: false, fuel: 30 }), share(1, 5, { fuel: 12 })];
  expect(grantsFor(shares)).toEqual([
    { batchRowId: 1, accountRowId: 7, hostRowId: 1, replicas: 1, fuel: 42, units: [[5, 1]] },
  ]);
});

test('sums that would not be exact any more are several rows', () => {
  const huge = Number.MAX_SAFE_INTEGER - 1;
  const grants = grantsFor([share(1, 0, { fuel: huge }), share(1, 1, { fuel: 1 }), share(1, 2, { fuel: 1 })]);
  expect(grants.map(({ fuel, units }) => [fuel, units])).toEqual([
    [huge + 1, [[0, 2]]],
    [1, [[2, 1]]],
  ]);
});

test('amounts over any parts are together what the sum is worth', () => {
  const parts = fc.array(fc.nat({ max: 2 ** 45 }), { maxLength: 50 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 1_000_000, max: 2 ** 42 }), (fuels, fuelPerCobblestone) => {
      let rest = 0;
      let sumMilli = 0;
      for (const fuel of fuels) {
        const next = amountFor(fuel, { rest, fuelPerCobblestone });
        expect(next.rest).toBeLessThan(fuelPerCobblestone);
        rest = next.rest;
        sumMilli += next.amountMilli;
      }
      expect(sumMilli).toBe(
        creditMilliOf(
          fuels.reduce((sum, fuel) => sum + fuel, 0),
          fuelPerCobblestone,
        ),
      );
    }),
  );
});

test('the most fuel that counts is worth the cap and not more', () => {
  for (const [capMilli, rate] of [
    [1_000_000, 2_160_000_000_000],
    [1, 999],
    [0, 5],
  ] as const) {
    expect(creditMilliOf(fuelCap(capMilli, rate), rate)).toBeLessThanOrEqual(capMilli);
    expect(creditMilliOf(fuelCap(capMilli, rate) + Math.ceil(rate / 1000) + 1, rate)).toBeGreaterThan(capMilli);
  }
});
