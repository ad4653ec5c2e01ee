// `npm test` and `npm run test:all`: the tests, by how long they take. Whoever names files gets them, long or not.
import { runVitest } from './tests/run.mjs';

const SHORT = ['unit', 'system'];
const LONG = ['long', 'browser'];
/** Options of vitest that take a value which is no file. */
const WITH_VALUE = ['-t', '--testNamePattern', '--project', '--reporter', '--outputFile', '--bail'];

const words = process.argv.slice(2);
const [isAll, isLong] = ['--all', '--long'].map((word) => words.includes(word));
const rest = words.filter((word) => !['--all', '--long'].includes(word));
const hasFiles = rest.some((word, at) => !word.startsWith('-') && !WITH_VALUE.includes(rest[at - 1]));
const hasProject = rest.some((word) => word.startsWith('--project'));
const projects = isLong ? LONG : isAll || hasFiles || hasProject ? [] : SHORT;

process.exitCode = await runVitest([...projects.flatMap((name) => ['--project', name]), ...rest]);
