// What the scientist and the operator read: every command against one coordinator, from a pending project to a stopped program.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connect } from '@manyhands/sdk';
import { ManyhandsProcess, until } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { type Place, startPlace, succeed } from '../support/coordinator.js';
import { run } from '../support/in-process.js';

const PROBE = fileURLToPath(new URL('../../../sdk/test/fixtures/probe.wasm', import.meta.url));
let place: Place;
let operator: readonly string[];
const scientist = (...words: string[]) => run(...words, '--data', place.at('scientist'), '--coordinator', place.url);

beforeAll(async () => {
  place = await startPlace({ isOpen: false });
  operator = ['--coordinator', place.url, '--data', place.coordinatorData];
  mkdirSync(place.at('in'));
  for (const name of ['a', 'b', 'c']) writeFileSync(place.at('in', `${name}.txt`), name);
});

test('a project that waits is shown to its owner and to the operator, and to others it is said where it is', async () => {
  const terms = ['--licence', 'CC0-1.0', '--result-licence', 'CC0-1.0', '--contact', 'a@b.c', '--run-by', 'Ada'];
  const created = await scientist('project', 'create', 'words', '--question', 'Which words?', ...terms);
  expect(created.exitCode, created.stderr).toBe(0);
  expect(created.stdout).toMatch(/^words: pending\.\n[\s\S]*the operator has approved it/);
  expect((await scientist('project', 'show', 'words')).stdout).toMatch(/^words: pending\./);
  const open = await run('project', 'list', '--coordinator', place.url);
  expect(open.stdout).toMatch(/^No project is open here\. .*--data or --token-file/);
  expect((await scientist('project', 'list')).stdout).toBe(open.stdout);
  expect((await run('project', 'list', ...operator)).stdout).toMatch(/words {4}pending/);
  const byFile = ['--token-file', `${place.coordinatorData}/operator-token`];
  expect((await run('project', 'list', '--coordinator', place.url, ...byFile)).stdout).toMatch(/words {4}pending/);
});

test('the operator lets it work, pauses it, lets it go on', async () => {
  expect((await run('project', 'approve', 'words', ...operator)).stdout).toBe('words is active now.\n');
  expect((await run('project', 'pause', 'words', ...operator)).stdout).toMatch(/^words is paused; /);
  expect((await run('project', 'resume', 'words', ...operator)).stdout).toBe('words is active again.\n');
  const unknown = await run('project', 'pause', 'none', ...operator, '--json');
  expect([unknown.exitCode, unknown.code]).toEqual([2, 'MH-GEN-003']);
  expect((await run('project', 'list', '--coordinator', place.url)).stdout).toMatch(/words {4}active/);
  const invited = await run('project', 'invite', ...operator);
  expect(invited.stdout).toMatch(/^Invitation, good for one project until \d{4}-.*:\n {2}\S+\n$/);
});

test('a project of another key is not taken over', async () => {
  const other = ['--data', place.at('other'), '--coordinator', place.url];
  const taken = await run('project', 'create', 'words', ...other, '--json');
  expect([taken.exitCode, taken.code]).toEqual([2, 'MH-PRJ-001']);
  expect((await run('project', 'create', 'words', ...other)).stderr).toMatch(
    /"words" is taken here under another key\./,
  );
  const none = await run('batch', 'list', ...other, '--project', 'none', '--json');
  expect([none.exitCode, none.code]).toEqual([2, 'MH-GEN-003']);
  const bad = await run('project', 'create', 'a b', ...other, '--json');
  expect([bad.exitCode, bad.code]).toEqual([2, 'MH-GEN-009']);
});

test('a program is looked into, built and published', async () => {
  const inspected = await run('app', 'inspect', PROBE);
  expect(inspected.stdout).toMatch(/probe\.wasm can be published\.\n {2}kind {6}command \(_start\)/);
  expect(inspected.stdout).toMatch(/ {2}imports {3}\S+/);
  const built = await run('app', 'build', PROBE, '--data', place.at('scientist'), '--out', place.at('builds'));
  expect(built.stdout).toMatch(/probe\.wasm: 2 builds\.\n/);
  expect(readdirSync(place.at('builds')).sort()).toEqual(['probe.all.wasm', 'probe.nonleaf.wasm', 'probe.report.json']);
  const report = JSON.parse(readFileSync(place.at('builds', 'probe.report.json'), 'utf8'));
  expect(report).toMatchObject({ version: 1, program: 'probe.wasm', abi: 'command' });
  const again = await succeed('app', 'build', PROBE, '--data', place.at('scientist'), '--out', place.at('again'));
  expect(again.lines).toMatchObject([{ isCached: true, builds: report.builds }]);
  const published = await scientist('app', 'publish', PROBE, '--project', 'words', '--name', 'probe');
  expect(published.exitCode, published.stderr).toBe(0);
  expect(published.stdout).toMatch(/^probe is published\.\n[\s\S]* {2}id {8}app_/);
  expect(published.stderr).toContain('The coordinator makes the builds again and compares them.');
  const listed = await run('app', 'list', '--coordinator', place.url, '--project', 'words');
  expect(listed.stdout).toMatch(/probe {2}ready {2}app_/);
});

const dryRun = (...words: string[]) =>
  scientist('map', PROBE, '--project', 'words', '--out', place.at('never'), '--dry-run', ...words);
const inputs = (): readonly string[] => ['--each', place.at('in', '*.txt')];

test('a dry run says what it ran and what the whole costs', async () => {
  const tried = await dryRun(...inputs(), '--seed', '7');
  expect(tried.exitCode, tried.stderr).toBe(0);
  expect(tried.stdout).toMatch(
    /^Tried all 3 units, at most 1 min each and 2 min in all\.\n( {2}ok [abc]\.txt: .* fuel, 1 B of output\n){3}/,
  );
  expect(tried.stdout).toMatch(
    /use `--expect 1ms`; put about 1,000 inputs in a unit\n {2}cost {6}about .* on 20 computers; about .* on one\n/,
  );
  expect(tried.stdout).not.toMatch(/CPU-hours|0\.000/);
  const { lines } = await dryRun(...inputs(), '--seed', '7', '--json');
  expect(lines).toMatchObject([
    { seed: 7, bounds: { unitMs: 60_000, totalMs: 120_000 }, trials: [{ end: 'ok' }, { end: 'ok' }, { end: 'ok' }] },
  ]);
  expect(lines).toMatchObject([{ estimate: { units: 3, replicas: 6, expectedDurationMs: 1 }, computersOnline: 0 }]);
  expect(existsSync(place.at('never'))).toBe(false);
});

test('a dry run gives no estimate from failures, and ends what never ends', async () => {
  const failing = await dryRun(...inputs(), '--arg', 'exit', '--arg', '5');
  expect(failing.exitCode).toBe(1);
  expect(failing.stdout).toContain('exit code 5 (only 0 counts as success; see --ok-exit) MH-UNIT-002');
  expect(failing.stdout).toContain('No estimate: no unit came to a good end here.');
  const partly = await dryRun(...inputs(), '--arg', 'fail-on', '--arg', 'b', '--json');
  expect(partly).toMatchObject({ exitCode: 1, lines: [{ estimate: { units: 3 } }] });
  const endless = await dryRun('--each', place.at('in', 'a.txt'), '--arg', 'loop', '--try-for', '1s', '--json');
  expect(endless).toMatchObject({ exitCode: 3, lines: [{ trials: [{ end: 'broken-off' }], estimate: null }] });
  // Its own limit is reached first: that is how the unit would end everywhere.
  const limited = ['--arg', 'loop', '--fuel', '1M', '--json'];
  expect(await dryRun('--each', place.at('in', 'a.txt'), ...limited)).toMatchObject({
    exitCode: 1,
    lines: [
      { trials: [{ end: 'failed', code: 'MH-UNIT-008', message: expect.stringContaining('limit of 1 M fuel') }] },
    ],
  });
});

test('a submitted batch names its page; an interruption leaves it going', async () => {
  const words = ['map', PROBE, '--project', 'words', '--name', 'first', ...inputs(), '--out', place.at('out')];
  const process = new ManyhandsProcess([...words, '--data', place.at('scientist'), '--coordinator', place.url]);
  await until('the batch to be announced', () => process.stderr.includes('Watch it at') || process.hasEnded);
  expect(process.stderr).toMatch(
    /Batch first: 3 units\. Watch it at http:\/\/\S+\/projects\/proj_\w+\?batch=batch_\w+\n/,
  );
  expect(await process.stop('SIGINT')).toBe(130);
  expect(process.stderr).toMatch(/Interrupted\. What was submitted continues without you/);
  expect((await scientist('batch', 'show', 'first', '--project', 'words')).stdout).toMatch(/^first: open\./);
});

test('a batch is shown, collected, reproduced and cancelled by its name or its identifier', async () => {
  const coordinator = await connect(place.url, { dataDirectory: place.at('scientist') });
  const project = await coordinator.project('words', { create: false });
  const app = await project.app({ name: 'probe', wasm: { path: PROBE } });
  const batch = await app.map(
    ['a', 'b', 'c'].map((name) => ({ name, stdin: name })),
    { name: 'second' },
  );
  const owner = ['--project', 'words'];
  expect((await scientist('batch', 'list', ...owner)).stdout).toMatch(/ {2}second {2}open\s+3\s+0\s+0\s+0\s+3/);
  const shown = await scientist('batch', 'show', 'second', ...owner);
  expect([shown.exitCode, shown.stdout]).toEqual([
    0,
    expect.stringMatching(/^second: open\.\n {2}accepted {2}0 of 3\n/),
  ]);
  expect((await scientist('batch', 'show', batch.id)).stdout).toBe(shown.stdout);
  const noProject = await run('batch', 'show', 'second', '--coordinator', place.url, '--json');
  expect(noProject.exitCode).toBe(2);
  const results = await scientist('batch', 'results', 'second', ...owner, '--out', place.at('second'));
  expect(results.stdout).toMatch(/^second: 0 results in /);
  const reproduced = await scientist('unit', 'reproduce', 'second', '1', ...owner, '--out', place.at('here'));
  expect(reproduced.exitCode).toBe(3);
  expect(reproduced.stdout).toMatch(/^Run here, but the batch has no result of this unit yet\.\n {2}unit {6}b \(1\)/);
  expect(readFileSync(place.at('here', 'b'), 'utf8')).toBe('b');
  for (const [words, code] of [
    [['show', 'none'], 'MH-GEN-003'],
    [['retry', 'second', '--unit', 'b'], 'MH-GEN-003'],
    [['results', 'none', '--out', place.at('none')], 'MH-GEN-003'],
  ] as const) {
    const refused = await scientist('batch', ...words, ...owner, '--json');
    expect([refused.exitCode, refused.code], words.join(' ')).toEqual([2, code]);
  }
  const cancelled = await scientist('batch', 'cancel', 'second', ...owner);
  expect(cancelled.stdout).toMatch(/^second is cancelled\. It had no accepted results\./);
});

test('the operator stops a program for good', async () => {
  const [line] = (await succeed('app', 'list', '--coordinator', place.url, '--project', 'words')).lines;
  const [{ appVersionId } = { appVersionId: '' }] = (line as { apps: { appVersionId: string }[] }).apps;
  const stop = (...words: string[]) => run('app', 'stop', ...words, ...operator);
  expect(await stop('app_none', '--json')).toMatchObject({ exitCode: 2, code: 'MH-GEN-003' });
  expect((await stop(appVersionId)).stdout).toBe('probe is stopped. What was accepted of it stays.\n');
  expect((await stop(appVersionId, '--json')).lines).toMatchObject([{ app: { appVersionId, state: 'stopped' } }]);
  const late = await scientist('app', 'publish', PROBE, '--project', 'words', '--name', 'probe', '--json');
  expect([late.exitCode, late.code]).toEqual([2, 'MH-APP-002']);
  const none = await run('app', 'list', '--coordinator', place.url, '--project', 'none', '--json');
  expect([none.exitCode, none.code]).toEqual([2, 'MH-GEN-003']);
});

test('hosts: none, an unknown one, a wrong token', async () => {
  expect((await run('host', 'list', ...operator)).stdout).toBe('No host has joined yet.\n');
  for (const command of ['ban', 'unban'])
    expect(await run('host', command, 'host_none', ...operator, '--json')).toMatchObject({
      exitCode: 2,
      code: 'MH-GEN-003',
    });
  writeFileSync(place.at('token'), 'x'.repeat(30));
  const wrong = ['--coordinator', place.url, '--token-file', place.at('token'), '--json'];
  for (const words of [
    ['host', 'list'],
    ['project', 'list'],
    ['project', 'invite'],
    ['app', 'stop', 'app_x'],
  ])
    expect(await run(...words, ...wrong), words.join(' ')).toMatchObject({ exitCode: 2, code: 'MH-SIG-008' });
});
