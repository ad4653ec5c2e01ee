// Plants sixty small faults one after the other and lets the tests look for each: how much do they see?
// Usage: npm run lab:mutations -- [--json] [--only ID]... [--list] [--fresh]
// Works on a clean copy of the last commit in .build/mutations, and goes on where it was. Exits with 1 when fewer than 57 are caught.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasChanges, headOf, openCopy } from './copy.js';
import { judge } from './judge.js';
import { MUTATIONS } from './list/index.js';
import type { Mutation } from './mutation.js';
import { Results, type Verdict } from './results.js';
import { stagesFor } from './stages.js';
import { Tests } from './tests.js';

/** Of sixty. */
const CAUGHT_MINIMUM = 57;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const log = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const wanted = MUTATIONS.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
  const unknown = values.only.find((id) => !MUTATIONS.some((mutation) => mutation.id === id));
  if (unknown !== undefined) {
    log(`There is no mutation ${unknown}; --list names all.`);
    return 2;
  }
  if (values.list) {
    for (const { id, file, about } of wanted) print(`${id}\n    ${file}: ${about}`);
    return 0;
  }
  const repository = join(import.meta.dirname, '../../..');
  const commit = headOf(repository);
  const folder = join(repository, '.build/mutations');
  if (values.fresh) rmSync(join(folder, 'results.json'), { force: true });
  mkdirSync(folder, { recursive: true });
  if (hasChanges(repository)) log('What is not committed is not part of the copy.');
  const copy = openCopy(repository, join(folder, 'copy'), commit);
  const results = new Results(join(folder, 'results.json'), commit);
  const tests = new Tests(copy.root);
  copy.restore();
  const files = await tests.list();
  const todo = wanted.filter((mutation) => results.of(mutation) === undefined || values.only.length > 0);
  if (todo.length > 0 && !results.isBaselineGreen && !(await isGreen(tests, results))) return 3;
  for (const [index, mutation] of todo.entries()) {
    const startedMs = performance.now();
    copy.plant(mutation);
    const finding = await judge({ stages: stagesFor(mutation.file, files) }, { tests, log });
    const verdict = { ...finding, seconds: Math.round((performance.now() - startedMs) / 1000) };
    results.set(mutation, verdict);
    log(`${index + 1} of ${todo.length}  ${mutation.id}: ${inWords(verdict)}`);
  }
  copy.restore();
  return report(wanted, results, commit);
}

/** Without a fault every test must pass, or a failure would say nothing. */
async function isGreen(tests: Tests, results: Results): Promise<boolean> {
  log('first all tests without a fault ...');
  const complaint = await tests.build();
  const run = complaint === null ? await tests.runStage({ projects: [], files: null }) : null;
  if (run?.isGreen) {
    results.setBaselineGreen();
    return true;
  }
  log(`Without any fault the tests fail already: ${run?.failedFile ?? ''}\n${complaint ?? run?.output ?? ''}`);
  return false;
}

function inWords({ outcome, by, stage, seconds }: Verdict): string {
  const words = { caught: 'caught by', compiler: 'caught by the compiler:', missed: 'MISSED' }[outcome];
  return `${words} ${by ?? ''} (${stage}, ${seconds} s)`;
}

function report(wanted: readonly Mutation[], results: Results, commit: string): number {
  const rows = wanted.flatMap(({ id, file, about }) => {
    const verdict = results.of(MUTATIONS.find((mutation) => mutation.id === id) as Mutation);
    return verdict ? [{ id, file, about, ...verdict }] : [];
  });
  const count = (outcome: Verdict['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const missed = rows.filter(({ outcome }) => outcome === 'missed');
  const totals = { caught: count('caught'), compiler: count('compiler'), missed: missed.length, planted: rows.length };
  if (values.json) print(JSON.stringify({ version: 1, commit, ...totals, mutations: rows }, null, 2));
  else {
    print(
      `Of ${totals.planted} faults the tests caught ${totals.caught}, the compiler ${totals.compiler}; missed ${totals.missed}.`,
    );
    for (const { id, file, about } of missed) print(`  ${id} in ${file}: ${about}`);
  }
  return missed.length > MUTATIONS.length - CAUGHT_MINIMUM ? 1 : 0;
}

process.exitCode = await main();
