// Fuel, output and the whole chain are the same in every engine, whole or in slices, here or taken elsewhere by a snapshot.

import { availableParallelism } from 'node:os';
import { temporaryFolderSync } from '@manyhands/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONFIGURATIONS, type Configuration, missing } from '../../dist/fuzz/run/configurations.js';
import { buildMany, type CheckedCase, compareIn, type Problem } from '../../dist/fuzz/run/many.js';
import { runCase } from '../../dist/fuzz/run/run-case.js';
import { exampleCases } from './support/example-cases.js';

const PROGRAMS = 1_000;
/** Emulation is some fifty times slower. */
const ARM64_PROGRAMS = 10;
const TIMEOUT_MS = 900_000;

/** The slowest first. */
const ENGINES = CONFIGURATIONS.filter((name) => name !== 'default').toReversed();
const isMissing = new Map(ENGINES.map((configuration) => [configuration, reportMissing(configuration)]));
const folder = temporaryFolderSync();
const options = { folder, timeoutMs: TIMEOUT_MS };
const examples: CheckedCase[] = [];
const programs: CheckedCase[] = [];
const found: Problem[] = [];
/** As many engines as there are cores run at once; the tests only look at what they found. */
const elsewhere = new Map<Configuration, Problem[] | Error>();

beforeAll(async () => {
  for (const engineCase of await exampleCases()) {
    const { results, problems } = runCase(engineCase, { isWholeToo: true, sliceSeed: 5 });
    examples.push({ engineCase, results });
    for (const text of problems) found.push({ name: engineCase.name, configuration: 'default', text });
  }
  const built = await buildMany(0, PROGRAMS, options);
  programs.push(...built.cases);
  found.push(...built.problems);
  const waiting = ENGINES.filter((configuration) => isMissing.get(configuration) === false);
  await Promise.all(Array.from({ length: availableParallelism() }, () => runNext(waiting)));
});

async function runNext(waiting: Configuration[]): Promise<void> {
  const configuration = waiting.shift();
  if (configuration === undefined) return;
  const sample = configuration === 'arm64' ? programs.slice(0, ARM64_PROGRAMS) : programs;
  const problems = compareIn(configuration, [...examples, ...sample], options);
  elsewhere.set(configuration, await problems.catch((error: Error) => error));
  await runNext(waiting);
}

/** Every problem with its seed: `npm run fuzz:engine -- --seed <seed> --count 1` shows it alone. */
const shown = (problems: readonly Problem[]): string[] =>
  problems.map(({ name, configuration, text }) => `${name} in ${configuration}: ${text}`);

function reportMissing(configuration: Configuration): boolean {
  const reason = missing(configuration);
  if (reason !== null && process.env.MANYHANDS_REQUIRE_ALL === '1') throw new Error(reason);
  if (reason !== null) console.warn(`skipped: the engine in ${configuration} (${reason})`);
  return reason !== null;
}

test('programs do the same plain and instrumented, in both builds, whole and in slices', () => {
  expect(shown(found)).toEqual([]);
  expect(programs).toHaveLength(PROGRAMS);
});

test('the example units succeed, for the same fuel in both builds, and pass marks', () => {
  expect(examples).toHaveLength(5);
  for (const { results } of examples) {
    for (const { kind, markCount, name } of results) {
      expect(kind, name).toBe('success');
      expect(markCount, name).toBeGreaterThan(3);
    }
    expect(new Set(results.map(({ fuel }) => fuel)).size).toBe(1);
    expect(new Set(results.map(({ digest }) => digest)).size).toBe(1);
  }
});

test('programs end in many ways', () => {
  const endings = new Set(programs.flatMap(({ results }) => results.map(({ code }) => code)));
  expect([...endings]).toEqual(
    expect.arrayContaining(['MH-UNIT-001', 'MH-UNIT-002', 'MH-UNIT-008', 'MH-UNIT-009', null]),
  );
});

describe.each(ENGINES)('in %s', (configuration) => {
  test.skipIf(isMissing.get(configuration))('everything is as in this process', () => {
    const problems = elsewhere.get(configuration);
    if (problems === undefined || problems instanceof Error) throw problems ?? new Error('it was not run');
    expect(shown(problems)).toEqual([]);
  });
});
