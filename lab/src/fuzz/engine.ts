// Generated programs through the engine: plain against instrumented, whole against sliced, and one engine against another.
// Usage: npm run fuzz:engine -- [--json] [--count N] [--seed S] [--engine default,liftoff,turbofan,thread,chromium,arm64] [--sample N] [--out DIR]
// `--sample` bounds the cases in arm64, which is emulated. Exits with 1 when anything differs; failing modules are written to the folder of `--out`.
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONFIGURATIONS, type Configuration, missing } from './run/configurations.js';
import { buildMany, compareIn, type Problem } from './run/many.js';
import { type Minimised, minimise } from './run/minimise.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '0' },
    engine: { type: 'string', default: CONFIGURATIONS.join(',') },
    sample: { type: 'string', default: '20' },
    out: { type: 'string', default: 'fuzz-failures' },
  },
});
const TIMEOUT_MS = 3_600_000;
const SHOWN = 5;
const CHUNK = 500;

type Report = {
  version: 1;
  seed: number;
  programs: number;
  outcomes: Record<string, number>;
  casesByEngine: Partial<Record<Configuration, number>>;
  skipped: Partial<Record<Configuration, string>>;
  problemCount: number;
  failures: Minimised[];
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function fuzz(folder: string): Promise<Report> {
  const [seed, count] = [Number(values.seed), Number(values.count)];
  const engines = CONFIGURATIONS.filter((name) => name !== 'default' && values.engine.split(',').includes(name));
  const report: Report = {
    version: 1,
    seed,
    programs: 0,
    outcomes: {},
    casesByEngine: {},
    skipped: {},
    problemCount: 0,
    failures: [],
  };
  const available = engines.filter((engine) => {
    const reason = missing(engine);
    if (reason !== null) report.skipped[engine] = reason;
    return reason === null;
  });
  const options = { folder, timeoutMs: TIMEOUT_MS };
  const problems: Problem[] = [];
  for (let start = seed; start < seed + count; start += CHUNK) {
    const built = await buildMany(start, Math.min(CHUNK, seed + count - start), options);
    problems.push(...built.problems);
    for (const { results } of built.cases) {
      const outcome = results[0]?.code ?? 'success';
      report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
    }
    report.programs += built.cases.length;
    report.casesByEngine.default = report.programs;
    say(`seeds from ${start}: ${built.cases.length} programs built, ${built.problems.length} problems`);
    for (const engine of available) {
      const done = report.casesByEngine[engine] ?? 0;
      const room = engine === 'arm64' ? Math.max(0, Number(values.sample) - done) : Number.POSITIVE_INFINITY;
      const cases = built.cases.slice(0, room);
      const found = cases.length === 0 ? [] : await compareIn(engine, cases, options);
      report.casesByEngine[engine] = done + cases.length;
      problems.push(...found);
      say(`  ${engine}: ${cases.length} cases, ${found.length} problems`);
    }
  }
  report.problemCount = problems.length;
  report.failures = await failuresOf(problems, options);
  return report;
}

async function failuresOf(
  problems: readonly Problem[],
  options: { folder: string; timeoutMs: number },
): Promise<Minimised[]> {
  const failures: Minimised[] = [];
  if (problems.length > 0) mkdirSync(values.out, { recursive: true });
  for (const problem of problems.slice(0, SHOWN)) {
    const failure = await minimise(problem, options, values.out);
    say(`seed ${failure.seed}, ${failure.configuration}: ${failure.problem}\n  ${failure.wasmFile}`);
    failures.push(failure);
  }
  return failures;
}

const folder = await mkdtemp(join(tmpdir(), 'manyhands-fuzz-'));
try {
  const report = await fuzz(folder);
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else console.table(report.outcomes);
  process.exitCode = report.problemCount > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
