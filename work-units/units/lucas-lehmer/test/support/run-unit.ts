// Runs the compiled unit.
import { type ProgramOutput, runProgram } from '../../../shared/test-support/run-program.js';
import { lucasLehmerModule } from '../../src/index.js';

const compiled = new WebAssembly.Module(lucasLehmerModule());

/** Runs the unit with the arguments after the program's name. */
export function runUnit(args: readonly (string | number)[], stdoutErrno?: number): ProgramOutput {
  return runProgram(compiled, {
    args: ['lucas-lehmer', ...args.map(String)],
    ...(stdoutErrno === undefined ? {} : { stdoutErrno }),
  });
}
