// Runs the compiled unit, as a command and step by step; both must do the same.
import { type ProgramInput, type ProgramOutput, runProgram } from '../../../shared/test-support/run-program.js';
import { nBodyModule, nBodyStepModule, parseOutput, planUnits, type Run, type Simulation } from '../../src/index.js';

const compiled = [nBodyModule(), nBodyStepModule()].map((wasm) => new WebAssembly.Module(wasm));

/** Runs both modules with the arguments after the program's name; what they give must be equal. */
export function runUnit({ args, ...input }: ProgramInput): ProgramOutput {
  const [command, steps] = compiled.map((module) => runProgram(module, { ...input, args: ['n-body', ...args] }));
  if (command === undefined || JSON.stringify(command) !== JSON.stringify(steps)) {
    throw new Error(`command and steps differ: ${JSON.stringify([command, steps]).slice(0, 1000)}`);
  }
  return command;
}

/** The standard output of a simulation that must succeed. */
export function stdoutOf(simulation: Omit<Simulation, 'name'>): string {
  const [unit] = planUnits([{ name: 'test', ...simulation }]);
  const { exitCode, stdout, stderr } = runUnit({
    args: unit?.args ?? [],
    stdin: new TextDecoder().decode(unit?.stdin),
  });
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
  return stdout;
}

export function simulate(simulation: Omit<Simulation, 'name'>): Run {
  return parseOutput(stdoutOf(simulation));
}
