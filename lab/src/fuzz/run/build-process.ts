// A process that generates programs, builds them, and holds their builds against the reference and each other.
// Usage: build-process.js <first seed> <count> <file for the cases>; prints a line for each problem.
import { writeFileSync } from 'node:fs';
import { generateProgram } from '../program/generate.js';
import { checkProgram } from './check-program.js';
import type { EngineCase } from './engine-case.js';

const [first = 0, count = 0] = process.argv.slice(2).map(Number);
const cases: EngineCase[] = [];
for (let seed = first; seed < first + count; seed++) {
  const { engineCase, results, problems } = await checkProgram(generateProgram(seed), String(seed));
  if (engineCase !== null) cases.push(engineCase);
  console.log(JSON.stringify({ seed, results, problems }));
}
writeFileSync(process.argv[4] ?? '', JSON.stringify(cases));
