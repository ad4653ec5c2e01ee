// Runs the compiled unit.
import { type ProgramInput, type ProgramOutput, runProgram } from '../../../shared/test-support/run-program.js';
import {
  mergeRanges,
  type PlannedUnit,
  type PlanOptions,
  parseOutput,
  planUnits,
  type Spectrum,
  transitModule,
} from '../../src/index.js';

const compiled = new WebAssembly.Module(transitModule());

/** Runs the unit with the arguments after the program's name. */
export function runUnit({ args, ...input }: ProgramInput): ProgramOutput {
  return runProgram(compiled, { ...input, args: ['transit', ...args] });
}

/** The standard output of a planned unit, which must succeed. */
export function stdoutOf({ args, stdin }: PlannedUnit): string {
  const { exitCode, stdout, stderr } = runUnit({ args, stdin: new TextDecoder().decode(stdin) });
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
  return stdout;
}

/** A whole search. */
export function search(options: PlanOptions): Spectrum {
  return mergeRanges(planUnits(options).map((unit) => parseOutput(stdoutOf(unit))));
}
