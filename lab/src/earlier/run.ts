// Lets the tests of what was mended look at an earlier version: each should fail there, and by what it asserts.
// Usage: npm run lab:earlier -- --from <commit> [--built <folder>] [--only <text>]... [--json]
// Exits with 1 when a test passed there, or failed by anything but an assertion or a wait for what never came.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openVersion } from '../compatibility/old-version.js';
import { type Finding, findingsOf, type Report } from './findings.js';
import { REPAIRS, type Repair } from './list.js';

/** A test that waits for what never comes ends by this. */
const WAIT_MS = 240_000;
const EXPECTED = ['assertion', 'wait'];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    from: { type: 'string' },
    built: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const repository = join(import.meta.dirname, '../../..');
const log = (text: string): void => void process.stderr.write(`${text}\n`);

type Row = { readonly repair: string; readonly file: string } & Finding;

async function main(): Promise<number> {
  const root = values.built === undefined ? openVersion(repository, values.from ?? '') : resolve(values.built);
  const rows: Row[] = [];
  for (const repair of REPAIRS.filter(isWanted)) {
    log(`${repair.about} ...`);
    const report = await lookAt(root, repair);
    for (const finding of repair.tests.flatMap((start) => findingsOf(report, start))) {
      rows.push({ repair: repair.about, file: repair.file, ...finding });
      log(`  ${finding.outcome.padEnd(9)} ${finding.test}\n            ${finding.says}`);
    }
  }
  const failed = rows.filter(({ outcome }) => EXPECTED.includes(outcome)).length;
  if (values.json) console.log(JSON.stringify({ version: 1, from: values.from ?? root, rows }, null, 2));
  else console.log(`${failed} of ${rows.length} tests fail there by what they assert`);
  return failed === rows.length ? 0 : 1;
}

function isWanted({ about, file }: Repair): boolean {
  return values.only.length === 0 || values.only.some((text) => about.includes(text) || file.includes(text));
}

/** Runs the tests of one repair with the processes of the other version. */
async function lookAt(root: string, { file, tests }: Repair): Promise<Report | null> {
  const folder = join(repository, '.build/earlier');
  const report = join(folder, 'report.json');
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const names = tests.map((start) => start.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const parameters = [join(repository, 'node_modules/vitest/vitest.mjs'), 'run', file, '--reporter=json'];
  const limits = [
    `--outputFile=${report}`,
    `--testTimeout=${WAIT_MS}`,
    `--hookTimeout=${WAIT_MS}`,
    '--testNamePattern',
    `(${names})`,
  ];
  const child = spawn(process.execPath, [...parameters, ...limits], {
    cwd: repository,
    env: { ...process.env, MANYHANDS_UNDER_TEST: root },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((done, fail) => child.on('error', fail).on('close', done));
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch {
    return null;
  }
}

if (values.from === undefined && values.built === undefined) {
  log('--from names the commit of the earlier version; see npm run lab:earlier -- --help');
  process.exitCode = 2;
} else
  try {
    process.exitCode = await main();
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    process.exitCode = 3;
  }
