// What people do wrong: every command says it with a documented code, ends with 2 or 3, and never calls it a fault of ours.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd, temporaryFolderSync } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { run } from '../support/in-process.js';

const PROGRAM = fileURLToPath(new URL('../../../sdk/examples/primes.wasm', import.meta.url));
const folder = temporaryFolderSync('wrong-use');
const at = (...parts: string[]): string => join(folder, ...parts);
/** Not a place: below a file. */
const nowhere = at('file', 'below');
let html = '';
let elsewhere = '';

beforeAll(async () => {
  for (const name of ['dir', 'operator', 'inputs', 'full']) mkdirSync(at(name));
  writeFileSync(at('file'), 'a text');
  writeFileSync(at('text.wasm'), 'a text');
  writeFileSync(at('empty.wasm'), '');
  writeFileSync(at('full', 'x'), 'x');
  writeFileSync(at('inputs', '1.txt'), '1');
  writeFileSync(at('quote.txt'), "a 'b\n");
  writeFileSync(at('blank.txt'), '\n \n');
  writeFileSync(at('operator', 'operator-token'), 'x'.repeat(32));
  writeFileSync(at('binary'), Buffer.from([0, 1, 2, 255, 10, 13]));
  symlinkSync(at('loop'), at('loop'));
  html = await serve((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>'));
  elsewhere = await serve((_, response) => response.writeHead(301, { location: 'https://127.0.0.1:1/' }).end());
});

async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs it for scripts and for people: the same end, one document, one sentence. */
async function refuse(words: readonly string[], [exitCode, code]: readonly [number, string]): Promise<void> {
  const scripts = await run(...words, '--json');
  const people = await run(...words);
  const title = words.join(' ');
  expect([scripts.exitCode, scripts.code], `${title}: ${scripts.stdout}`).toEqual([exitCode, code]);
  expect(scripts.lines.at(-1), title).toMatchObject({ version: 1, error: { message: expect.stringMatching(/\S/) } });
  expect(people.exitCode, title).toBe(exitCode);
  expect(people.stdout, title).toBe('');
  expect(people.stderr, title).toMatch(/^[\s\S]*(manyhands: .* MH-|error: )/);
  expect(people.stderr, title).not.toMatch(/ {4}at |fault of Manyhands|Too small|Invalid input|ZodError|→/);
}

const USAGE = [2, 'MH-GEN-009'] as const;
const UNREADABLE = [2, 'MH-GEN-013'] as const;
const UNREACHABLE = [3, 'MH-GEN-005'] as const;
const NO_COORDINATOR = [3, 'MH-NET-001'] as const;
const SENT_ELSEWHERE = [3, 'MH-NET-003'] as const;

/** Every command that speaks to a coordinator. */
const CONNECTED: readonly (readonly string[])[] = [
  ['project', 'create', 'words'],
  ['project', 'edit', 'words', '--title', 'x'],
  ['project', 'show', 'words'],
  ['project', 'list'],
  ['project', 'invite', '--data', at('operator')],
  ['project', 'approve', 'words', '--data', at('operator')],
  ['project', 'pause', 'words', '--data', at('operator')],
  ['project', 'resume', 'words', '--data', at('operator')],
  ['app', 'publish', PROGRAM, '--project', 'words'],
  ['app', 'list', '--project', 'words'],
  ['app', 'stop', 'app_x', '--data', at('operator')],
  ['map', PROGRAM, '--project', 'words', '--each', at('inputs', '*.txt'), '--out', at('out')],
  ['map', PROGRAM, '--each', at('inputs', '*.txt'), '--out', at('out'), '--dry-run'],
  ['batch', 'list', '--project', 'words'],
  ['batch', 'show', 'b', '--project', 'words'],
  ['batch', 'cancel', 'b', '--project', 'words'],
  ['batch', 'retry', 'b', '--project', 'words'],
  ['batch', 'results', 'b', '--project', 'words', '--out', at('out')],
  ['unit', 'reproduce', 'b', '0', '--project', 'words'],
  ['account', 'show'],
  ['account', 'code'],
  ['account', 'delete', '--yes'],
  ['host', 'list', '--data', at('operator')],
  ['host', 'ban', 'host_x', '--data', at('operator')],
  ['host', 'unban', 'host_x', '--data', at('operator')],
];
const titled = CONNECTED.map((words) => ({ title: words.slice(0, 2).join(' '), words }));

test.each(titled)('$title without a coordinator', ({ words }) => refuse(words, USAGE));

test.each(titled)('$title with what is no address', async ({ words }) => {
  for (const address of ['ftp://x', 'http://a b', 'http://x:99999'])
    await refuse([...words, '--coordinator', address], USAGE);
});

test.each(titled)('$title where something else answers', async ({ words }) => {
  await refuse([...words, '--coordinator', html], NO_COORDINATOR);
});

test('every one of them where nothing answers, or in the wrong way', async () => {
  const addresses = ['http://127.0.0.1:1', html.replace('http', 'https'), elsewhere, 'nowhere.invalid'];
  const all = CONNECTED.map((words, index) =>
    refuse([...words, '--coordinator', addresses[index % 4] ?? ''], index % 4 === 2 ? SENT_ELSEWHERE : UNREACHABLE),
  );
  await Promise.all(all);
});

test('nothing of that was remembered', async () => {
  expect((await run('batch', 'list')).stderr).toMatch(/Which coordinator\?/);
});

const MAP = ['map', PROGRAM, '--coordinator', 'http://127.0.0.1:1', '--out', at('out')];
const INPUTS = ['--each', at('inputs', '*.txt')];
const JOIN = ['worker', 'join', 'http://127.0.0.1:1', '--data', at('worker')];

test.each([
  ['app inspect', [at('none.wasm')], UNREADABLE],
  ['app inspect', [at('dir')], UNREADABLE],
  ['app inspect', [at('loop')], UNREADABLE],
  ['app inspect', [`/${'x'.repeat(300)}`], UNREADABLE],
  ['app inspect', [at('text.wasm')], [2, 'MH-MOD-001']],
  ['app inspect', [at('empty.wasm')], [2, 'MH-MOD-001']],
  ['app inspect', [PROGRAM, '--memory', 'much'], USAGE],
  ['app inspect', [PROGRAM, '--memory', '64k'], [2, 'MH-MOD-007']],
  ['app inspect', [], USAGE],
  ['app build', [at('text.wasm'), '--data', at('builds')], [2, 'MH-MOD-001']],
  ['app build', [at('none.wasm')], UNREADABLE],
  ['app build', [PROGRAM, '--data', at('builds'), '--out', nowhere], UNREADABLE],
  ['worker status', ['--data', at('dir')], [2, 'MH-GEN-003']],
  ['worker pause', ['--data', at('dir')], [2, 'MH-GEN-003']],
  ['worker resume', ['--data', at('none')], [2, 'MH-GEN-003']],
  ['worker leave', ['--data', at('dir')], [2, 'MH-GEN-003']],
  ['worker leave', ['--data', at('dir'), '--purge'], USAGE],
  ['worker leave', ['--data', at('dir'), '--account', 'ada'], USAGE],
  ['worker status', ['--data', nowhere], UNREADABLE],
  ['coordinator backup', [at('b'), '--data', at('none')], UNREADABLE],
  ['coordinator backup', [join(nowhere, 'b'), '--data', at('dir')], UNREADABLE],
  ['coordinator restore', [at('none'), '--data', at('restored')], UNREADABLE],
  ['coordinator restore', [at('file'), '--data', at('restored')], UNREADABLE],
  ['coordinator restore', [at('dir'), '--data', at('restored')], UNREADABLE],
  ['coordinator restore', [at('file'), '--data', at('full')], USAGE],
  ['coordinator start', ['--port', '65535', '--data', at('c')], USAGE],
  ['coordinator start', ['--port', 'many', '--data', at('c')], USAGE],
  ['coordinator start', ['--public-url', 'ftp://here', '--data', at('c')], USAGE],
  ['coordinator start', ['--data', nowhere, '--port', '0'], UNREADABLE],
  ['coordinator start', ['--host', '192.0.2.1', '--port', '0', '--data', at('c')], USAGE],
  ['demo', ['--out', nowhere, '--exit'], UNREADABLE],
  ['demo', ['--workers', '1'], USAGE],
  ['demo', ['--workers', '17'], USAGE],
  ['demo', ['--workers', 'all'], USAGE],
  ['demo', ['--port', '65534'], USAGE],
  ['demo', ['--data', nowhere, '--exit'], UNREADABLE],
  ['host list', ['--coordinator', 'http://127.0.0.1:1', '--token-file', at('none')], [2, 'MH-SIG-008']],
  ['host list', ['--coordinator', 'http://127.0.0.1:1', '--token-file', at('dir')], [2, 'MH-SIG-008']],
  ['host list', ['--coordinator', 'http://127.0.0.1:1', '--token-file', at('binary')], [2, 'MH-SIG-008']],
  ['host list', ['--coordinator', 'http://127.0.0.1:1', '--token-file', PROGRAM], [2, 'MH-SIG-008']],
  ['app stop', ['app_x', '--coordinator', 'http://127.0.0.1:1', '--data', at('dir')], [2, 'MH-SIG-008']],
  ['frobnicate', [], USAGE],
  ['worker frobnicate', [], USAGE],
  ['demo', ['--frobnicate'], USAGE],
  ['host ban', ['--coordinator', 'http://127.0.0.1:1'], USAGE],
] as const)('%s %j', async (command, words, end) => {
  await refuse([...command.split(' '), ...words], end);
});

test.each([
  [[], USAGE],
  [[...INPUTS, '--each-line', at('quote.txt')], USAGE],
  [['--each-line', at('quote.txt')], USAGE],
  [['--each-line', at('quote.txt'), '--as-file', 'x'], USAGE],
  [['--each-line', at('dir')], UNREADABLE],
  [['--each-line', at('none')], UNREADABLE],
  [
    ['--each-line', at('blank.txt')],
    [2, 'MH-BAT-007'],
  ],
  [
    ['--each', at('none', '*')],
    [2, 'MH-BAT-007'],
  ],
  [
    ['--each', at('dir')],
    [2, 'MH-BAT-007'],
  ],
  [[...INPUTS, '--quorum', '6'], USAGE],
  [[...INPUTS, '--timeout', 'soon'], USAGE],
  [[...INPUTS, '--expect', '-1'], USAGE],
  [[...INPUTS, '--memory', 'much'], USAGE],
  [[...INPUTS, '--fuel', '0'], USAGE],
  [[...INPUTS, '--clock', 'noon'], USAGE],
  [[...INPUTS, '--priority', 'high'], USAGE],
  [[...INPUTS, '--ok-exit', '256'], USAGE],
  [[...INPUTS, '--file', '=x'], USAGE],
  [[...INPUTS, '--dry-run', '--seed', '-1'], USAGE],
  [[...INPUTS, '--dry-run', '--try-for', 'ever'], USAGE],
  [[at('a.txt'), at('b.txt'), '--each', at('inputs', '1.txt')], USAGE],
] as const)('map %j', async (words, end) => {
  await refuse([...MAP, ...words], end);
});

test('a pattern that the shell expanded is told apart: no list of all files, but quotes', async () => {
  const { stderr } = await run(...MAP, '--each', 'a.txt', ...Array.from({ length: 500 }, (_, index) => `${index}.txt`));
  expect(stderr).toMatch(/0\.txt and 499 more: .*--each 'inputs\/\*\.txt'/);
  expect(stderr).not.toContain('17.txt');
  expect((await run(...MAP, '--each', 'a.txt', 'b.txt')).stderr).toContain('b.txt: too many words');
});

test.each([
  ['--cpus', '0'],
  ['--cpus', '2000'],
  ['--cpus', '1000'],
  ['--memory', '100000G'],
  ['--cpus', 'all'],
  ['--memory', '5'],
  ['--memory', 'much'],
  ['--disk', '1M'],
  ['--nice', '20'],
  ['--listen', '8430'],
  ['--listen', 'x:99999'],
  ['--log-level', 'loud'],
  ['--account', ''],
  ['--account', '   '],
  ['--account', '\u3164\u2800'],
  ['--account', 'a\u0007b'],
  ['--account', 'x'.repeat(200)],
  ['--code', ''],
  ['--project', 'a b'],
] as const)('worker join %s %j', async (...words) => {
  await refuse([...JOIN, ...words], USAGE);
});

test('worker join: other wrong uses', async () => {
  await refuse([...JOIN, '--account', 'ada', '--code', 'x'], USAGE);
  await refuse(['worker', 'join', 'ftp://x', '--data', at('worker')], USAGE);
  await refuse(['worker', 'join', '--data', at('worker')], USAGE);
  await refuse(['worker', 'join', 'http://127.0.0.1:1', '--data', nowhere], UNREADABLE);
});

test('worker join where no coordinator answers', async () => {
  const addresses = ['http://127.0.0.1:1', html, elsewhere, html.replace('http', 'https'), 'nowhere.invalid'];
  const expected = [UNREACHABLE, NO_COORDINATOR, SENT_ELSEWHERE];
  for (const [index, address] of addresses.entries())
    await refuse(['worker', 'join', address, '--data', at(`worker-${index}`)], expected[index] ?? UNREACHABLE);
});
