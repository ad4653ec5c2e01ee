// Everything about a program that one process can find out: it builds, both builds do the same, slices do not matter, and the reference agrees.
import type { Program } from '../program/syntax.js';
import type { CaseResult, EngineCase } from './engine-case.js';
import { caseOf, expectedOf, words } from './generated-case.js';
import { runCase } from './run-case.js';

export type ProgramCheck = { engineCase: EngineCase | null; results: CaseResult[]; problems: string[] };

/** Never throws: what goes wrong is a problem. `name` is a number, from which the slices follow too. */
export async function checkProgram(program: Program, name: string): Promise<ProgramCheck> {
  let engineCase: EngineCase | null = null;
  try {
    engineCase = await caseOf(program, name);
    const { results, problems } = runCase(engineCase, { isWholeToo: true, sliceSeed: Number(name) });
    return { engineCase, results, problems: [...problems, ...disagreements(program, name, results)] };
  } catch (error) {
    return { engineCase, results: [], problems: [`${error instanceof Error ? error.message : error}`] };
  }
}

function disagreements(program: Program, name: string, results: readonly CaseResult[]): string[] {
  const [first, ...others] = results;
  if (first === undefined) return ['no build'];
  const problems = others
    .filter((other) => outcomeOf(other) !== outcomeOf(first))
    .map((other) => `${first.build}: ${outcomeOf(first)}; ${other.build}: ${outcomeOf(other)}`);
  if (first.kind !== 'success' && first.kind !== 'unit-failure')
    return [...problems, `${first.build}: ${outcomeOf(first)}`];
  // How deep a program may call is known to the instrumentation alone.
  const expected = first.code === 'MH-UNIT-009' ? null : expectedOf(program, name);
  if (expected !== null && expected !== outcomeOf(first))
    problems.push(`expected ${expected}; ${first.build}: ${outcomeOf(first)}`);
  return problems;
}

/** What all builds of a program agree on. */
function outcomeOf({ kind, fuel, digest, code, exitCode }: CaseResult): string {
  return words(kind, fuel, digest ?? `${code} ${exitCode}`);
}
