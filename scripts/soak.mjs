// `npm run test:soak`: the random tests over and over with fresh seeds; says how to replay what fails.
import { randomInt } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runVitest } from './tests/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Tests draw from these: properties, and generators with a seed. */
const IS_RANDOM = /from 'fast-check'|\b(?:seedOf|randomOf)\(/;

function randomTests() {
  const files = globSync('**/test{,s}/**/*.test.ts', { cwd: root, exclude: isSkipped });
  const found = [...files, ...globSync('docker/system-tests/**/*.test.ts', { cwd: root, exclude: isSkipped })];
  return [...new Set(found)].filter((file) => IS_RANDOM.test(readFileSync(join(root, file), 'utf8'))).sort();
}

const isSkipped = (path) => /node_modules|\.build|dist$/.test(path);

/** One round; gives what failed, each as the command that repeats it. */
async function round(seed, files) {
  const report = join(root, '.build/soak.json');
  mkdirSync(join(root, '.build'), { recursive: true });
  rmSync(report, { force: true });
  const environment = { MANYHANDS_SEED: String(seed) };
  const code = await runVitest(['--reporter=json', `--outputFile=${report}`, ...files], {
    environment,
    output: 'none',
  });
  if (code === 0) return [];
  const replay = (file) => `MANYHANDS_SEED=${seed} npm test -- ${file}`;
  const failures = readReport(report).flatMap(({ name, status, assertionResults }) => {
    if (status !== 'failed') return [];
    const file = relative(root, name);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0) return [replay(file)];
    return tests.map(
      ({ fullName, failureMessages }) => `${replay(file)}\n  ${fullName}\n  ${firstLine(failureMessages)}`,
    );
  });
  return failures.length > 0 ? failures : [replay(files.join(' '))];
}

const firstLine = ([message = '']) => message.split('\n')[0];

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return [];
  }
}

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 10);
const [first] = values.seed === undefined ? [undefined] : [Number(values.seed)];
if (!(minutes > 0) || (first !== undefined && !Number.isSafeInteger(first))) {
  console.error('--minutes and --seed take numbers; see npm run test:soak -- --help');
  process.exitCode = 2;
} else {
  const files = randomTests();
  const endMs = Date.now() + minutes * 60_000;
  console.log(`${files.length} files with random tests, for ${minutes} minutes`);
  let rounds = 0;
  let failed = 0;
  for (let seed = first ?? randomInt(2 ** 31); rounds === 0 || Date.now() < endMs; seed = randomInt(2 ** 31)) {
    const failures = await round(seed, files);
    rounds++;
    failed += failures.length;
    console.log(`round ${rounds}, seed ${seed}: ${failures.length === 0 ? 'passed' : `${failures.length} failed`}`);
    for (const failure of failures) console.log(failure);
  }
  console.log(`${rounds} rounds, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
