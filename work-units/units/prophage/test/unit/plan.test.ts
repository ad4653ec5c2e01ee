// Windows cover the region without a hole, overlap as asked, and end where the region ends.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadGenome, loadPhage, planUnits } from '../../src/index.js';

const genome = loadGenome();

test('the records are the ones that the specification names', () => {
  expect([genome.id, genome.sequence.length]).toEqual(['gi|110640213|ref|NC_008253.1|', 4_938_920]);
  const phage = loadPhage();
  expect([phage.id, phage.sequence.length]).toEqual(['gi|9626243|ref|NC_001416.1|', 48_502]);
  expect(new TextDecoder().decode(phage.fasta.subarray(0, 1))).toBe('>');
});

test('the default region gives 34 windows on two strands', () => {
  const units = planUnits({ genome: genome.sequence });
  expect(units).toHaveLength(68);
  expect(units[0]).toMatchObject({
    name: '1165000-plus',
    strand: '+',
    window: { start: 1_165_000, end: 1_168_999 },
    args: ['+', '1165000'],
  });
  expect(units[67]).toMatchObject({
    name: '1264000-minus',
    strand: '-',
    window: { start: 1_264_000, end: 1_265_000 },
    args: ['-', '1264000'],
  });
  expect(new Set(units.map((unit) => unit.name)).size).toBe(68);
  expect(units[0]?.stdin).toBe(units[1]?.stdin);
});

test('the whole genome gives 1,646 windows', () => {
  const units = planUnits({ genome: genome.sequence, region: { start: 1, end: 4_938_920 } });
  expect(units).toHaveLength(2 * 1646);
  expect(units[0]?.name).toBe('0000001-plus');
  expect(units.at(-1)?.window.end).toBe(4_938_920);
});

test('any plan covers its region with the letters of the genome', () => {
  const letters = genome.sequence.slice(0, 500);
  const plan = fc.record({
    start: fc.integer({ min: 1, max: 500 }),
    length: fc.integer({ min: 1, max: 500 }),
    windowBases: fc.integer({ min: 1, max: 90 }),
  });
  fc.assert(
    fc.property(plan, fc.integer({ min: 1, max: 90 }), ({ start, length, windowBases }, stride) => {
      const region = { start, end: Math.min(500, start + length - 1) };
      const strideBases = Math.min(stride, windowBases);
      const units = planUnits({ genome: letters, region, windowBases, strideBases }).filter(
        (unit) => unit.strand === '+',
      );
      const starts = units.map((unit) => unit.window.start);
      expect(starts).toEqual(starts.map((_, index) => region.start + index * strideBases));
      expect(units.filter((unit) => unit.window.end === region.end)).toEqual(units.slice(-1));
      for (const { window, stdin } of units) {
        expect(window.end).toBe(Math.min(window.start + windowBases - 1, region.end));
        expect(new TextDecoder().decode(stdin)).toBe(`${letters.slice(window.start - 1, window.end)}\n`);
      }
    }),
    { numRuns: 200 },
  );
});

test.each([
  [{ region: { start: 0, end: 10 } }, 'the region 0-10 does not lie within the genome’s 1-20'],
  [{ region: { start: 5, end: 4 } }, 'the region 5-4 does not lie within the genome’s 1-20'],
  [{ region: { start: 1, end: 21 } }, 'the region 1-21 does not lie within the genome’s 1-20'],
  [{ region: { start: 1, end: 20 }, windowBases: 16_001 }, 'a window must have 1 to 16000 bases'],
  [{ region: { start: 1, end: 20 }, windowBases: 0 }, 'a window must have 1 to 16000 bases'],
  [
    { region: { start: 1, end: 20 }, windowBases: 5, strideBases: 6 },
    'the stride must be at least 1 base and at most a window',
  ],
  [
    { region: { start: 1, end: 20 }, windowBases: 5, strideBases: 0.5 },
    'the stride must be at least 1 base and at most a window',
  ],
])('refuses %j', (options, message) => {
  const plan = () => planUnits({ genome: 'ACGT'.repeat(5), ...options });
  expect(plan).toThrow(expect.objectContaining({ code: 'PROPHAGE_PLAN_INVALID', message: message.replace('’', "'") }));
});
