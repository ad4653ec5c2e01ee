// The pure parts of lab:arrivals: options, who comes when, percentiles, lateness, and what is asked of a run.
import { expect, test } from 'vitest';
import { leasesBetween, percentile, sumOf } from '../../src/arrivals/figures.js';
import { missedOf } from '../../src/arrivals/lateness.js';
import { Notes } from '../../src/arrivals/notes.js';
import { optionsFrom } from '../../src/arrivals/options.js';
import { addressOf, arrivalsPlan, basePlan, honestPlan, type Wishes } from '../../src/arrivals/plan.js';
import { exitCodeOf, isVoid, type Measured, requirementsOf } from '../../src/arrivals/requirements.js';

const WISHES: Wishes = { base: 100, arrivals: 900, honest: 40, networks: 64, seconds: 10 };
const GOOD: Measured = {
  ...{ comers: 940, comersServed: 940, refusedOtherwise: 9, early: 0, acknowledged: 2000, lost: 0 },
  ...{ baseLeaseP95Ms: 200, leaseP95Ms: 400, bytesPerConnection: 24_576, generatorLateP95Ms: 100 },
  ...{ pages: { asked: 100, failed: 0 }, health: { asked: 100, failed: 0 }, honest: 40, honestServed: 40 },
};
const missed = (change: Partial<Measured>): string[] =>
  requirementsOf({ ...GOOD, ...change }).flatMap(({ name, isMet }) => (isMet ? [] : [name]));

test('options that are no numbers, or make no sense, are refused by name', () => {
  expect(optionsFrom([]).wishes).toEqual({ base: 1000, arrivals: 9000, honest: 400, networks: 64, seconds: 60 });
  for (const [option, value] of [
    ['base', 'many'],
    ['arrivals', '0'],
    ['seconds', '4'],
    ['networks', '1.5'],
    ['honest', ''],
  ])
    expect(() => optionsFrom([`--${option}`, `${value}`]), option).toThrow(`--${option} takes a whole number from`);
});

test('a crowd comes evenly, from as many networks as are asked for, and never from one address alone', () => {
  const arrivals = arrivalsPlan(WISHES, 5000);
  expect(arrivals).toHaveLength(900);
  expect(arrivals.at(0)?.comesAtMs).toBe(5000);
  expect(arrivals.every(({ comesAtMs }) => comesAtMs < 15_000)).toBe(true);
  const addresses = [...basePlan(WISHES, 0), ...arrivals].map(({ address }) => address);
  expect(new Set(addresses).size).toBe(1000);
  expect(new Set(addresses.map((address) => address.replace(/\d+$/, ''))).size).toBe(64);
  expect(new Set(honestPlan(WISHES, 0).map(({ address }) => address)).size).toBe(1);
});

test('every address is one of 127.0.0.0/8', () => {
  for (let index = 0; index < 200_000; index += 997)
    expect(addressOf(index, 10_000)).toMatch(/^127\.([1-9]|[1-3]\d)\.\d{1,3}\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|250)$/);
});

test('a percentile is the value that so much does not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.95, 1].map((part) => percentile(hundred, part))).toEqual([50, 95, 100]);
  expect([percentile([7], 0.95), percentile([], 0.95)]).toEqual([7, 0]);
});

test('leases count by when they were asked for', () => {
  const leases: [number, number][] = [
    [9, 1],
    [10, 2],
    [19, 3],
    [20, 4],
  ];
  expect(leasesBetween({ leases }, 10, 20)).toEqual([2, 3]);
});

test('a pause counts as every timer that it kept from coming', () => {
  expect(missedOf(-1, 50)).toEqual([0]);
  expect(missedOf(30, 50)).toEqual([30]);
  expect(missedOf(180, 50)).toEqual([180, 130, 80, 30]);
});

test('what two processes noted is summed by name', () => {
  const notes = [new Notes(), new Notes()];
  for (const each of notes) {
    each.told('handshake');
    each.hosts++;
  }
  notes[1]?.refused('lease: MH-GEN-001');
  const sum = sumOf(notes.map((each) => each.figures()));
  expect(sum).toMatchObject({ hosts: 2, later: { handshake: 2 }, otherwise: { 'lease: MH-GEN-001': 1 } });
});

test('a run is good up to each target, and not beyond', () => {
  expect(missed({})).toEqual([]);
  expect(missed({ refusedOtherwise: 10 })).toEqual(['refused with anything but later']);
  expect(missed({ early: 1 })).toEqual(['came before the time they were told']);
  expect(missed({ lost: 1 })).toEqual(['acknowledged receipts lost']);
  expect(missed({ leaseP95Ms: 401 })).toEqual(['p95 of a lease afterwards']);
  expect(missed({ bytesPerConnection: 24_577 })).toEqual(['memory of a connection']);
  expect(missed({ pages: { asked: 100, failed: 1 } })).toEqual(['home page without an answer']);
  expect(missed({ health: { asked: 100, failed: 1 } })).toEqual(['/healthz without an answer']);
  expect(missed({ honestServed: 39 })).toEqual(['honest hosts with a receipt']);
  expect(missed({ comersServed: 930 })).toEqual(['comers with a receipt']);
});

test('a lease may take 250 ms however fast the base was', () => {
  expect(missed({ baseLeaseP95Ms: 5, leaseP95Ms: 250 })).toEqual([]);
  expect(missed({ baseLeaseP95Ms: 5, leaseP95Ms: 251 })).toEqual(['p95 of a lease afterwards']);
});

test('a run whose generator was late says nothing, whatever it found', () => {
  expect([100, 101].map((generatorLateP95Ms) => isVoid({ generatorLateP95Ms }))).toEqual([false, true]);
  const bad = requirementsOf({ ...GOOD, lost: 1 });
  expect([exitCodeOf(bad, false), exitCodeOf(bad, true), exitCodeOf(requirementsOf(GOOD), false)]).toEqual([1, 3, 0]);
});
