// The pure parts of a siege: where everybody comes from, what is asked for, and what the figures say.
import { describe, expect, test } from 'vitest';
import { ATTACKS } from '../../src/siege/attacks/index.js';
import { type Deeds, figuresOf, type Measured, missesOf, percentile } from '../../src/siege/figures.js';
import { settingsOf } from '../../src/siege/options.js';
import { CREW_ADDRESS, newcomerAddress, PROBE_ADDRESS, sourcesOf, WORKER_ADDRESSES } from '../../src/siege/sources.js';

const networkOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

describe('where everybody comes from', () => {
  test('one address, or 64 networks, none of them that of an honest one', () => {
    expect(sourcesOf('one')).toHaveLength(1);
    const many = sourcesOf('many');
    expect(new Set(many.map(networkOf)).size).toBe(64);
    const honest = [CREW_ADDRESS, PROBE_ADDRESS, newcomerAddress(0), ...WORKER_ADDRESSES].map(networkOf);
    expect(new Set(honest).size, 'workers are in networks of their own').toBe(5);
    for (const address of [...many, ...sourcesOf('one')]) expect(honest).not.toContain(networkOf(address));
  });
});

describe('options', () => {
  test('without any: every attack from one address and from many, 400 hosts, 200 units', () => {
    expect(settingsOf([])).toMatchObject({ attacks: ATTACKS, froms: ['one', 'many'], hosts: 400, units: 200 });
  });

  test('one attack, smaller', () => {
    const words = ['--only', 'reads', '--from', 'many', '--honest-hosts', '3', '--sockets', '9', '--nice', '0'];
    expect(settingsOf(words)).toMatchObject({
      attacks: [{ name: 'reads' }],
      froms: ['many'],
      hosts: 3,
      bounds: { socketsMaximum: 9 },
      nice: 0,
    });
  });

  test.each([
    [['--only', 'nothing'], '--only takes one of '],
    [['--from', 'afar'], '--from takes one, many or both, not afar'],
    [['--units', '0'], '--units takes a whole number from 1 on, not 0'],
    [['--honest-hosts', '1.5'], '--honest-hosts takes a whole number from 1 on, not 1.5'],
    [['--nice', '20'], '--nice takes a whole number from 0 to 19, not 20'],
  ])('%j is refused', (words, sentence) => {
    expect(settingsOf(words)).toContain(sentence);
  });
});

const NOTHING = { databaseBytes: 0, journalBytes: 0, checkpointBytes: 0, logBytes: 0 };
const HOSTS = 10;
const calm: Measured = {
  healthMs: [10, 20],
  joinsMs: [100, 200, 300],
  batchSeconds: 20,
  wrongCount: 0,
  checkSeconds: null,
  crew: { joined: HOSTS, worked: HOSTS, settled: 30, refused: 0 },
  crewResults: 100,
  memory: { peakBytes: 200e6, seedPeakBytes: 90e6 },
  grown: NOTHING,
};
const deeds: Deeds = { requests: 1000, cpuMs: 500, elapsedMs: 1000, notes: {} };
const judged = (more: Partial<Measured>, notes: Deeds['notes'] = {}): string[] =>
  missesOf(figuresOf({ ...calm, ...more }, calm, { ...deeds, notes }), HOSTS);

describe('figures', () => {
  test('are those of the attacked run beside the other one', () => {
    const grown = { ...NOTHING, databaseBytes: 5000, logBytes: 10 };
    const memory = { peakBytes: 250e6, seedPeakBytes: 95e6 };
    const attacked = { ...calm, batchSeconds: 25, grown, memory };
    const figures = figuresOf(attacked, { ...calm, grown: { ...NOTHING, databaseBytes: 3000 } }, deeds);
    expect(figures).toMatchObject({
      attackerCpuShare: 0.5,
      healthP95Ms: 20,
      joinMedianMs: 200,
      batchRatio: 1.25,
      peakGrowthBytes: 50e6,
      seedPeakGrowthBytes: 5e6,
      bytesPerRequest: { databaseBytes: 2, checkpointBytes: 0, logBytes: 0.01 },
      victimConnections: null,
    });
  });

  test('what the crew added in a longer run is not the attacker’s', () => {
    const without = { ...calm, grown: { ...NOTHING, databaseBytes: 10e6 } };
    const longer = { ...calm, crewResults: 200, grown: { ...NOTHING, databaseBytes: 21e6 } };
    expect(figuresOf(longer, without, deeds).bytesPerRequest.databaseBytes).toBe(1000);
    const fewer = { ...longer, crewResults: 50 };
    expect(figuresOf(fewer, without, deeds).bytesPerRequest.databaseBytes).toBe(11_000);
  });

  test('a percentile is one of the numbers', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(hundred, 0.95), percentile([7], 0.95), percentile([], 0.95)]).toEqual([95, 7, Number.NaN]);
  });

  test('within all bounds nothing is missed', () => {
    expect(judged({}, { 'victim connections in a minute': 8 })).toEqual([]);
  });

  test.each<[string, Partial<Measured>, Deeds['notes']?]>([
    ['healthP95Ms', { healthMs: [1001] }],
    ['joinMedianMs', { joinsMs: [5001] }],
    ['batchRatio', { batchSeconds: 30.1 }],
    ['batchRatio unknown', { batchSeconds: null }],
    ['peakGrowthBytes', { memory: { peakBytes: 351e6, seedPeakBytes: 90e6 } }],
    ['seedPeakGrowthBytes', { memory: { peakBytes: 200e6, seedPeakBytes: 241e6 } }],
    ['databaseBytes', { grown: { ...NOTHING, databaseBytes: 100e6 } }],
    ['journalBytes', { grown: { ...NOTHING, journalBytes: 100e6 } }],
    ['checkpointBytes', { grown: { ...NOTHING, checkpointBytes: 100e6 } }],
    ['logBytes', { grown: { ...NOTHING, logBytes: 1e6 } }],
    ['checkSeconds', { checkSeconds: 61 }],
    ['9 of 10 honest hosts behind one address are in', { crew: { ...calm.crew, joined: 9 } }],
    ['9 of 10 honest hosts behind one address had a result', { crew: { ...calm.crew, worked: 9 } }],
    ['1 wrong results', { wrongCount: 1 }],
    ['victimConnections', {}, { 'victim connections in a minute': 9 }],
    ['the attack ended early', {}, { broken: 1 }],
  ])('%s: one miss', (words, more, notes) => {
    const misses = judged(more, notes);
    expect(misses).toHaveLength(1);
    expect(misses[0]).toContain(words);
  });
});
