// `npm test` and `npm run test:all`: the tests, by how long they take.
import { runVitest } from './tests/run.mjs';

const HELP = `npm test [-- <options> <files or parts of their paths>]    unit and property tests, and system tests of each part
npm run test:all [-- …]                                    all of that, and the long ones (files *.long.test.ts)

  --long       the long ones alone
  -t <words>   only tests whose names hold the words
  --help       this

Whoever names files gets them, long or not. Other options go to vitest as they are. MANYHANDS_SEED=<n> makes random tests
draw other numbers (see npm run test:soak), MANYHANDS_REPORT=<file> writes a report in JSON.`;

const SHORT = ['unit', 'system', 'browser'];
/** Options of vitest that take a value which is no file. */
const WITH_VALUE = ['-t', '--testNamePattern', '--project', '--reporter', '--outputFile', '--bail'];

const words = process.argv.slice(2);
const [isAll, isLong, isHelp] = ['--all', '--long', '--help'].map((word) => words.includes(word));
const rest = words.filter((word) => !['--all', '--long', '--help'].includes(word));
const hasFiles = rest.some((word, at) => !word.startsWith('-') && !WITH_VALUE.includes(rest[at - 1]));
const hasProject = rest.some((word) => word.startsWith('--project'));
const projects = isLong ? ['long'] : isAll || hasFiles || hasProject ? [] : SHORT;

if (isHelp) console.log(HELP);
else process.exitCode = await runVitest([...projects.flatMap((name) => ['--project', name]), ...rest]);
