// Builds and checks many seeds in processes of their own, then runs them in other engines, two processes at a time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { besideThis, runProcess } from './child.js';
import { type Configuration, runConfiguration } from './configurations.js';
import type { CaseResult, EngineCase } from './engine-case.js';

/** What is wrong with a case: `name` is its seed. */
export type Problem = { name: string; configuration: Configuration; text: string };
/** A case with what it comes to. */
export type CheckedCase = { engineCase: EngineCase; results: CaseResult[] };

export type ManyOptions = { folder: string; timeoutMs: number };
type BuildLine = { seed: number; results: CaseResult[]; problems: string[] };

const PROCESSES = 2;

/** Generates the programs of consecutive seeds. */
export async function buildMany(
  first: number,
  count: number,
  { folder, timeoutMs }: ManyOptions,
): Promise<{ cases: CheckedCase[]; problems: Problem[] }> {
  const share = Math.ceil(count / PROCESSES);
  const parts = Array.from({ length: PROCESSES }, (_, index) => {
    const start = first + index * share;
    return { start, count: Math.max(0, Math.min(share, first + count - start)) };
  });
  const done = await Promise.all(
    parts.map(async (part, index) => {
      const file = join(folder, `built-${index}.json`);
      const parameters = [besideThis('build-process.js'), String(part.start), String(part.count), file];
      const lines = await runProcess({ command: process.execPath, flags: [] }, parameters, timeoutMs);
      const cases: EngineCase[] = JSON.parse(readFileSync(file, 'utf8'));
      return { cases, lines: lines.map((line) => JSON.parse(line) as BuildLine) };
    }),
  );
  const lines = done.flatMap((each) => each.lines);
  const results = new Map(lines.map((line) => [String(line.seed), line.results]));
  return {
    cases: done.flatMap((each) =>
      each.cases.map((engineCase) => ({ engineCase, results: results.get(engineCase.name) ?? [] })),
    ),
    problems: lines.flatMap(({ seed, problems }) =>
      problems.map((text) => ({ name: String(seed), configuration: 'default' as const, text })),
    ),
  };
}

/** Runs cases in one engine and holds the results against those that are known. */
export async function compareIn(
  configuration: Configuration,
  cases: readonly CheckedCase[],
  { folder, timeoutMs }: ManyOptions,
): Promise<Problem[]> {
  const engineCases = cases.map(({ engineCase }) => engineCase);
  const reports = await runConfiguration(configuration, { cases: engineCases, sliceSeed: 1, folder, timeoutMs });
  return cases.flatMap(({ engineCase: { name }, results }, index) => {
    const report = reports[index];
    if (report === undefined) return [{ name, configuration, text: 'no report' }];
    const texts = [...report.problems, ...differences(results, report.results)];
    return texts.map((text) => ({ name, configuration, text }));
  });
}

function differences(expected: readonly CaseResult[], found: readonly CaseResult[]): string[] {
  return expected.flatMap((result, index) => {
    const [left, right] = [JSON.stringify(result), JSON.stringify(found[index])];
    return left === right ? [] : [`expected ${left}, found ${right}`];
  });
}
