// Each option of each command with wrong values, against a real coordinator: whatever is said of them is said in words of people.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command, Option } from 'commander';
import { beforeAll, expect, test } from 'vitest';
import { createProgram } from '../../src/program.js';
import { type Place, startPlace, succeed } from '../support/coordinator.js';
import { run } from '../support/in-process.js';

const PROBE = fileURLToPath(new URL('../../../sdk/test/fixtures/probe.wasm', import.meta.url));
let place: Place;

beforeAll(async () => {
  place = await startPlace();
  mkdirSync(place.at('in'));
  writeFileSync(place.at('in', 'a.txt'), 'a');
  writeFileSync(place.at('file'), 'a text');
  await succeed('project', 'create', 'words', '--coordinator', place.url, '--data', place.at('scientist'));
});

/** What no person should have to read. */
const SCHEMA_WORDS =
  /Too (small|big)|Invalid (input|string|option|key|type|element|URL)|expected .{0,40}(received|to (have|be)|>=|<=)|Unrecognized|ZodError|✖|→|"code":"(too_|invalid_|custom)|\[object |undefined|at .{1,80}:\d+:\d+/i;
const WRONG = ['', '-1', 'x'.repeat(300), 'a\u0007', 'a/../b', '💥'];

type Case = { title: string; words: string[]; option: Option };

/** Words that a command needs besides the option that is tried. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'project create': ['fresh'],
  'project edit': ['words'],
  'project show': ['words'],
  'project approve': ['words'],
  'project pause': ['none'],
  'project resume': ['words'],
  'app inspect': [PROBE],
  'app build': [PROBE],
  'app publish': [PROBE],
  'app stop': ['app_none'],
  map: [PROBE],
  'batch show': ['none'],
  'batch cancel': ['none'],
  'batch retry': ['none'],
  'batch results': ['none'],
  'unit reproduce': ['none', '0'],
  'host ban': ['host_none'],
  'host unban': ['host_none'],
  'coordinator backup': ['/dev/null/none'],
  'coordinator restore': ['/dev/null/none'],
};

/** With these a command runs until it is stopped unless the tried option is refused. */
const ENDLESS: readonly string[] = ['coordinator start', 'worker join', 'demo'];
/** Only what these options refuse for certain; a folder of any name may be made. */
const REFUSED_THERE: Readonly<Record<string, readonly string[]>> = {
  // Others are looked for in the network; the wrong uses show what comes of that.
  '--coordinator': ['', ' ', 'ftp://x', 'http://a b', 'http://x:99999'],
  '--port': ['', '-1', '65536', 'many', '1.5', '💥'],
  '--host': ['192.0.2.1'],
  '--public-url': ['', 'ftp://x', 'http://x:99999'],
  '--gateway-url': ['', 'ftp://x', 'http://x:99999'],
  '--trusted-proxies': ['', ',', 'nginx', '10.0.0.0/99', '💥'],
  '--proxy-header': ['', 'via', '💥'],
  '--shared-network': ['', 'school', '192.0.2.1', '10.0.0.0/99', '💥'],
  '--local-address': ['', 'eth0', '192.0.2.1', '💥'],
  '--cpus': ['', '0', '-1', '1.5', 'many', '1e999', '💥'],
  '--sandbox': ['', 'maybe', '💥'],
  '--nice': ['', '-1', '20', 'many', '💥'],
  '--memory': ['', '-1', '0', '1', 'many', '💥'],
  '--disk': ['', '-1', '0', '1', 'many', '💥'],
  '--listen': ['', '8430', 'x:99999', '💥'],
  '--log-level': ['', 'loud', '💥'],
  '--account': ['', ' ', '\u0007', 'x'.repeat(300)],
  '--code': ['', 'x'.repeat(300)],
  '--project': ['', 'a b', '../..', 'x'.repeat(300), '💥'],
  '--workers': ['', '0', '1', '17', 'many', '💥'],
  '--data': ['/dev/null/none'],
  '--out': ['/dev/null/none'],
};

function leaves(command: Command, above: readonly string[] = []): { path: string; command: Command }[] {
  if (command.commands.length === 0) return [{ path: above.join(' '), command }];
  return command.commands.flatMap((child) => leaves(child, [...above, child.name()]));
}

const nothing = (): void => undefined;
const CASES: Case[] = leaves(createProgram({ writeOut: nothing, writeErr: nothing })).flatMap(({ path, command }) =>
  command.options
    .filter((option) => option.required)
    .map((option) => ({ title: `${path} ${option.long}`, words: path.split(' '), option })),
);

test('there are many of them', () => {
  expect(CASES.length).toBeGreaterThan(100);
});

/** The rest of a command that would do something, so that it is the tried option that decides. */
function rest({ words, option }: Case): string[] {
  const path = words.join(' ');
  const isOf = (flag: string): boolean => option.long === flag;
  const operator = ['host', 'invite', 'approve', 'pause', 'resume', 'stop'].some((word) => words.includes(word));
  const has = (flag: string): boolean => {
    const found = leaves(createProgram({ writeOut: nothing, writeErr: nothing })).find((leaf) => leaf.path === path);
    return found?.command.options.some(({ long }) => long === flag) === true;
  };
  const defaults: [string, string][] = [
    ['--coordinator', place.url],
    ['--data', operator ? place.coordinatorData : place.at(words[0] === 'account' ? 'worker' : 'scientist')],
    ['--project', 'words'],
    ['--each', place.at('in', '*.txt')],
    ['--out', place.at('out')],
  ];
  if (path === 'app build' && isOf('--out')) defaults.push(['--memory', '1k']); // refused before it is built
  if (path === 'project edit' && !option.long?.startsWith('--t')) defaults.push(['--title', 'Words']);
  if (path === 'worker join') return isOf('--data') ? [place.url] : [place.url, '--data', place.at('worker')];
  if (path === 'coordinator start')
    return isOf('--data') ? ['--port', '0'] : ['--data', place.at('other'), ...(isOf('--port') ? [] : ['--port', '0'])];
  if (path === 'demo') return ['--exit'];
  const isOther = isOf('--each-line');
  return [
    ...(ARGUMENTS[path] ?? []),
    ...defaults.flatMap(([flag, value]) =>
      has(flag) && !isOf(flag) && !(isOther && flag === '--each') ? [flag, value] : [],
    ),
    ...(path === 'map' ? ['--dry-run', '--try-for', '1s'].slice(0, isOf('--try-for') ? 1 : 3) : []),
  ];
}

test.each(CASES)('$title', async (tried) => {
  const flag = tried.option.long ?? '';
  const isParticular = ENDLESS.includes(tried.words.join(' ')) || flag === '--coordinator';
  const values = isParticular ? REFUSED_THERE[flag] : WRONG;
  expect(values, `${tried.title} has wrong values`).toBeDefined();
  const attempt = async (wrong: string): Promise<void> => {
    // What names a place is tried below the folder of this test.
    const isPlace = ['--out', '--data', '--token-file'].includes(flag) && !isParticular;
    const value = isPlace && wrong !== '' ? place.at('places', encodeURI(wrong)) : wrong;
    const words = [...tried.words, ...rest(tried), flag, value];
    const { exitCode, stdout, stderr } = await run(...words);
    const said = `${stdout}${stderr}`.replaceAll(value.length > 20 ? value : '\0', '');
    expect(said, words.join(' ')).not.toMatch(SCHEMA_WORDS);
    expect([0, 1, 2, 3, 4], `${words.join(' ')}: ${said}`).toContain(exitCode);
    if (exitCode === 2) expect(said, words.join(' ')).toMatch(/manyhands: .* MH-|error: /);
  };
  await Promise.all((values ?? []).map(attempt));
});

test('an option with one value that is given twice is refused, and never the last one taken in silence', async () => {
  for (const tried of CASES) {
    if (tried.option.variadic || tried.option.argChoices || /repeat for more/.test(tried.option.description)) continue;
    const { long = '' } = tried.option;
    const { exitCode, stderr } = await run(...tried.words, long, '1', long, '1');
    expect([exitCode, stderr], tried.title).toEqual([
      2,
      expect.stringContaining(`error: ${long} was given more than once`),
    ]);
  }
});

test('options that belong to others are refused, not ignored', async () => {
  const map = ['map', PROBE, '--each', place.at('in', '*.txt'), '--out', place.at('out'), '--coordinator', place.url];
  for (const [words, says] of [
    [['--seed', '7'], '--seed goes with --dry-run'],
    [['--try-for', '7s'], '--try-for goes with --dry-run'],
    [['--file', `x=${place.at('file')}`, '--file', `x=${place.at('in', 'a.txt')}`], 'Two files are called x'],
    [['--file', `x=${place.at('file')}`, '--as-file', 'x'], 'Two files are called x'],
  ] as const) {
    const { exitCode, stderr } = await run(...map, ...words);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
  }
  const mine = ['--coordinator', place.url, '--data', place.at('scientist')];
  expect((await run('project', 'create', 'words', ...mine, '--invitation', 'x')).exitCode, 'it is active').toBe(0);
});
