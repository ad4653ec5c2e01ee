// Runs the benchmark of an example unit once, as it comes from the compiler: node work-units/units/shared/run-benchmark.ts <unit> [module]
import { readFileSync } from 'node:fs';
import { runProgram } from './test-support/run-program.ts';

interface UnitLibrary {
  benchmarkUnit(): { readonly args: readonly string[]; readonly stdin?: Uint8Array };
}

const [unit = '', module = unit] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(unit) || !/^[a-z-]+$/.test(module)) throw new Error('usage: run-benchmark.ts <unit> [module]');
const library = (await import(`@manyhands/unit-${unit}`)) as UnitLibrary;
const compiled = new WebAssembly.Module(readFileSync(new URL(`../${unit}/dist/${module}.wasm`, import.meta.url)));
const { args, stdin } = library.benchmarkUnit();
const before = process.cpuUsage();
const output = runProgram(compiled, { args: [unit, ...args], stdin: new TextDecoder().decode(stdin) });
const { user, system } = process.cpuUsage(before);
console.log(`${module}: exit code ${output.exitCode}, ${((user + system) / 1e6).toFixed(2)} s of CPU time`);
console.log(output.stdout.split('\n').slice(-3).join('\n').trimEnd());
