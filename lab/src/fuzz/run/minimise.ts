// Cuts a program down for as long as it still shows a problem, and writes down what is left.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitGuest } from '../program/emit-module.js';
import { generateProgram } from '../program/generate.js';
import { smallerPrograms } from '../program/shrink.js';
import type { Program } from '../program/syntax.js';
import { checkProgram } from './check-program.js';
import { compareIn, type ManyOptions, type Problem } from './many.js';

/** Smaller programs that are tried altogether: building each takes some hundredths of a second. */
const TRIES = 120;

export type Minimised = { seed: number; configuration: string; problem: string; wasmFile: string; sizeBytes: number };

/** Throws nothing: a program that no longer shows its problem is kept as it was. */
export async function minimise(problem: Problem, options: ManyOptions, target: string): Promise<Minimised> {
  let program = generateProgram(Number(problem.name));
  let text = problem.text;
  let tries = 0;
  const search = async (): Promise<boolean> => {
    for (const smaller of smallerPrograms(program)) {
      if (++tries > TRIES) return false;
      const found = await showsProblem(smaller, problem, options);
      if (found === null) continue;
      [program, text] = [smaller, found];
      return true;
    }
    return false;
  };
  while (await search()) if (tries > TRIES) break;
  const wasm = emitGuest(program);
  const wasmFile = join(target, `case-${problem.name}.wasm`);
  writeFileSync(wasmFile, wasm);
  writeFileSync(
    join(target, `case-${problem.name}.json`),
    JSON.stringify(program, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 1),
  );
  const { configuration } = problem;
  return { seed: Number(problem.name), configuration, problem: text, wasmFile, sizeBytes: wasm.length };
}

/** The same kind of problem, so that a program that does not even compile is not taken for one. */
async function showsProblem(program: Program, problem: Problem, options: ManyOptions): Promise<string | null> {
  const { name, configuration } = problem;
  const { engineCase, results, problems } = await checkProgram(program, name);
  if (engineCase === null) return problems.find((text) => kindOf(text) === kindOf(problem.text)) ?? null;
  const found =
    configuration === 'default'
      ? problems
      : (await compareIn(configuration, [{ engineCase, results }], options)).map(({ text }) => text);
  return found.find((text) => kindOf(text) === kindOf(problem.text)) ?? null;
}

function kindOf(text: string): string {
  return text.split(/[ :(]/, 2).join(' ').replaceAll(/\d+/g, 'n');
}
