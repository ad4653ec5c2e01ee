// The default region, unit by unit: every window with a hit and ten without, both strands, against the plain implementation.
import { expect, test } from 'vitest';
import { loadGenome, loadPhage, mergeHits, type PlannedUnit, parseHits, planUnits } from '../../src/index.js';
import { plainOutputs } from '../support/plain-pool.js';
import { runUnit } from '../support/run-unit.js';

const EMPTY_WINDOW_COUNT = 10;
const phage = loadPhage();
const genome = loadGenome();
const units = planUnits({ genome: genome.sequence });
const outputs = new Map<PlannedUnit, string>();

/** The stretches of SPEC.md's default region: phage start and end, genome start and end, strand, score, identity. */
const STRETCHES = [
  [30_418, 33_193, 1_191_160, 1_193_934, '+', 5238, 0.9777],
  [39_119, 39_910, 1_198_257, 1_199_048, '+', 1184, 0.899],
  [45_966, 46_809, 1_205_024, 1_205_864, '+', 1465, 0.9491],
  [46_865, 46_974, 1_205_988, 1_206_098, '+', 117, 0.8304],
  [48_446, 48_502, 1_207_325, 1_207_380, '+', 60, 0.8246],
  [1, 18_450, 1_207_381, 1_225_916, '+', 31_704, 0.9422],
  [19_633, 19_999, 1_226_411, 1_226_777, '+', 459, 0.8501],
  [22_437, 22_494, 1_229_088, 1_229_145, '+', 96, 0.931],
  [24_184, 24_352, 1_232_796, 1_232_964, '+', 152, 0.7882],
  [27_397, 27_469, 1_234_942, 1_235_013, '+', 62, 0.7808],
  [47_322, 47_527, 1_235_951, 1_236_159, '+', 107, 0.7183],
];

test('every unit succeeds, and the merged stretches are the known ones', () => {
  for (const unit of units) {
    const { exitCode, stdout, stderr } = runUnit({ args: unit.args, stdin: unit.stdin, phage: phage.fasta });
    expect({ exitCode, stderr }, unit.name).toEqual({ exitCode: 0, stderr: '' });
    outputs.set(unit, stdout);
  }
  const stretches = mergeHits([...outputs.values()].map((stdout) => parseHits(stdout)));
  expect(
    stretches.map((hit) => [
      hit.phageStart,
      hit.phageEnd,
      hit.genomeStart,
      hit.genomeEnd,
      hit.strand,
      hit.score,
      hit.identity,
    ]),
  ).toEqual(STRETCHES);
});

test('the plain implementation prints the same bytes', async () => {
  const isHit = (unit: PlannedUnit) => parseHits(outputs.get(unit) ?? '').hits.length > 0;
  const hitStarts = new Set(units.filter(isHit).map((unit) => unit.window.start));
  const emptyStarts = [...new Set(units.map((unit) => unit.window.start))].filter((start) => !hitStarts.has(start));
  expect(hitStarts.size).toBeGreaterThan(10);
  const chosen = new Set([...hitStarts, ...emptyStarts.slice(0, EMPTY_WINDOW_COUNT)]);
  expect(chosen.size).toBe(hitStarts.size + EMPTY_WINDOW_COUNT);
  const compared = units.filter(({ window }) => chosen.has(window.start));
  const inputs = compared.map(({ strand, window: { start, end } }) => ({
    phage: phage.sequence,
    window: genome.sequence.slice(start - 1, end),
    strand,
    windowStart: start,
  }));
  const expected = await plainOutputs(inputs);
  for (const [index, unit] of compared.entries()) expect(outputs.get(unit), unit.name).toBe(expected[index]);
});
