// The volunteer's day on the command line: join, status, pause, another computer, another coordinator, leave.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { ManyhandsProcess, manyhands, temporaryFolderSync } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { type Place, startPlace, succeed } from '../support/coordinator.js';
import { run } from '../support/in-process.js';

let place: Place;
beforeAll(async () => {
  place = await startPlace();
});

type Said = { line: string; state: string; accountLabel: string | null; accountId: string; hostId: string };
const join = async (folder: string, ...more: string[]): Promise<ManyhandsProcess> => {
  const words = ['worker', 'join', place.url, '--data', place.at(folder), '--cpus', '1', '--no-p2p', ...more];
  const worker = new ManyhandsProcess([...words, '--json']);
  await worker.event('joined');
  return worker;
};
const ask = async (command: string, folder: string): Promise<Said> =>
  (await succeed('worker', command, '--data', place.at(folder))).lines[0]?.status as Said;

test('status, pause and resume say what the worker does; leave ends it', async () => {
  const worker = await join('plain');
  const people = await run('worker', 'status', '--data', place.at('plain'));
  expect(people).toMatchObject({ exitCode: 0, stderr: '' });
  expect(people.stdout).toMatch(/ {2}may use {5}1 core, /);
  expect(people.stdout).toContain('  units       0 computing, 0 queued, 0 to send\n');
  expect(people.stdout).toContain(`  coordinator ${place.url}\n`);
  expect((await ask('pause', 'plain')).state).toBe('paused');
  expect((await run('worker', 'status', '--data', place.at('plain'))).stdout).toMatch(/^Paused: you asked me to\./);
  expect((await ask('resume', 'plain')).state).not.toBe('paused');
  const left = await succeed('worker', 'leave', '--data', place.at('plain'));
  expect(left.lines).toEqual([
    { version: 1, left: { dataDirectory: place.at('plain'), wasRunning: true, isPurged: false, keptAccount: null } },
  ]);
  expect(await worker.exit()).toBe(0);
  expect(worker.lines.at(-1)).toMatchObject({ event: 'ended', code: null, exitCode: 0 });
  expect(await run('worker', 'leave', '--data', place.at('plain'), '--json')).toMatchObject({
    exitCode: 2,
    code: 'MH-GEN-003',
  });
});

test('an address to come from that this computer does not have is refused, with those that it has', async () => {
  const words = ['worker', 'join', place.url, '--data', place.at('elsewhere'), '--local-address', '198.51.100.77'];
  const refused = await run(...words);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /This computer has no address 198\.51\.100\.77 \(--local-address\)\. It has .*127\.0\.0\.1/,
  );
  expect(refused.stderr).toContain('MH-GEN-009');
});

test.skipIf(process.platform !== 'linux')(
  'the walls that stand are named, and a required one that cannot is an end with its code',
  async () => {
    const folder = place.at('walled');
    const worker = new ManyhandsProcess(['worker', 'join', place.url, '--data', folder, '--no-p2p', '--json']);
    await worker.event('joined');
    const [said] = (await succeed('worker', 'status', '--data', folder)).lines;
    expect(said?.status).toMatchObject({
      line: expect.stringMatching(/Sandbox: (namespaces|landlock), seccomp, privileges/),
      sandbox: { kind: expect.stringMatching(/^(bubblewrap|namespaces|landlock)$/), standing: expect.any(Array) },
    });
    expect((await run('worker', 'status', '--data', folder)).stdout).toMatch(/ {2}sandbox {5}\w+, seccomp, privileges/);
    expect(await worker.stop()).toBe(0);
    // Nothing that could build one is on the path.
    const join = ['worker', 'join', place.url, '--data', folder, '--no-p2p', '--sandbox', 'required', '--json'];
    const refused = await manyhands(join, { environment: { PATH: temporaryFolderSync('nothing') } });
    expect(refused.lines.at(-1)).toMatchObject({ error: { code: 'MH-SBX-001' } });
    expect(refused.exitCode).toBe(2);
    const without = new ManyhandsProcess([...join.slice(0, -2), 'off', '--json']);
    await without.event('joined');
    const [bare] = (await succeed('worker', 'status', '--data', folder)).lines;
    expect(bare?.status).toMatchObject({
      line: expect.stringContaining('only V8 and Node'),
      sandbox: { kind: 'none', standing: [] },
    });
    expect(await without.stop()).toBe(0);
  },
);

test('people read one sentence at the end; the address need not be typed again', async () => {
  const words = ['worker', 'join', '--data', place.at('spoken'), '--cpus', '1', '--no-p2p', '--once'];
  const first = new ManyhandsProcess([...words.slice(0, 2), place.url, ...words.slice(2)]);
  expect(await first.exit(), first.story()).toBe(0);
  expect(first.stderr).toMatch(/Joined http.* as .*\n/);
  expect(first.stderr).toMatch(/Ended: every unit is done\.\n$/);
});

test('the address need not be typed again; a signal leaves, and says so once', async () => {
  const worker = new ManyhandsProcess(['worker', 'join', '--data', place.at('spoken'), '--cpus', '1', '--no-p2p']);
  await worker.waitFor((line) => 'text' in line && /no open work/.test(String(line.text)));
  expect(await worker.stop('SIGINT')).toBe(0);
  expect(worker.stderr).toContain(`Using ${place.url}, as last time.`);
  expect(worker.stderr).toMatch(/Handing over what is done.*\nLeft\.\n$/);
  expect(worker.stdout).not.toMatch(/Leaving|Left/);
});

test('an account of several computers: the key makes codes, a computer that joined by one says where the key is', async () => {
  const account = (words: string, folder: string, ...more: string[]) =>
    run('account', ...words.split(' '), '--coordinator', place.url, '--data', place.at(folder), ...more);
  const first = await join('ada', '--account', ' ada ');
  expect((await ask('status', 'ada')).accountLabel).toBe('ada');
  const shown = await account('show', 'ada', '--json');
  expect(shown.lines).toMatchObject([{ account: { label: 'ada', hostCount: 1, creditMilli: 0 }, hasKey: true }]);
  expect((await account('show', 'ada')).stdout).toMatch(
    /^ada\n {2}credit {4}none yet, or less than 0\.001\n {2}computers 1\n {2}id {8}acct_/,
  );
  const [line] = (await account('code', 'ada', '--json')).lines;
  expect(line).toMatchObject({
    code: expect.stringMatching(/^\S{5}-\S{5}-\S{5}-\S{5}$/),
    expiresAtMs: expect.any(Number),
  });

  const second = await join('second', '--code', String(line?.code));
  expect((await ask('status', 'second')).accountLabel).toBe('ada');
  for (const isRunning of [true, false]) {
    if (!isRunning) await second.stop();
    const joined = await account('show', 'second');
    expect(joined.stdout).toMatch(/^ada\n {2}joined by a code; .*\n {2}credit .*\n {2}computers 2\n/);
    expect((await account('show', 'second', '--json')).lines).toMatchObject([
      { account: { label: 'ada' }, hasKey: false },
    ]);
  }
  const refused = await account('code', 'second', '--json');
  expect([refused.exitCode, refused.code]).toEqual([2, 'MH-ACC-002']);
  expect((await account('code', 'second')).stderr).toMatch(/joined the account "ada" by a code/);

  const used = new ManyhandsProcess([
    'worker',
    'join',
    place.url,
    '--data',
    place.at('third'),
    '--code',
    String(line?.code),
    '--json',
  ]);
  expect(await used.exit()).toBe(2);
  expect(used.lines.at(-1)).toMatchObject({ code: 'MH-ACC-001' });

  expect(await account('delete', 'ada', '--json')).toMatchObject({ exitCode: 2, code: 'MH-GEN-009' });
  expect((await account('show', 'ada')).exitCode).toBe(0);
  expect((await account('delete', 'ada', '--yes')).stdout).toMatch(/^The account "ada" is deleted\./);
  expect(await first.exit()).toBe(2);
  expect(await account('show', 'ada', '--json')).toMatchObject({ exitCode: 2, code: 'MH-ACC-002' });
});

test('a computer without an account is shown by its pseudonym, a folder without a worker is told', async () => {
  await join('nobody');
  const nobody = await run('account', 'show', '--coordinator', place.url, '--data', place.at('nobody'));
  expect(nobody.stdout).toMatch(/^No account: this computer works as \S+( \S+)*\.\n/);
  const none = await run('account', 'show', '--coordinator', place.url, '--data', place.at('none'), '--json');
  expect([none.exitCode, none.code]).toEqual([2, 'MH-ACC-002']);
});

test('a second coordinator from a used folder: the advice destroys nothing and works as it stands', async () => {
  await (await join('used', '--account', 'bea')).stop();
  const other = new ManyhandsProcess([
    'coordinator',
    'start',
    '--data',
    place.at('other'),
    '--port',
    '0',
    '--json',
    '--open',
  ]);
  const url = String((await other.event('listening')).url);
  const words = (folder: string): string[] => [
    'worker',
    'join',
    url,
    '--data',
    place.at(folder),
    '--cpus',
    '1',
    '--no-p2p',
  ];
  const refused = new ManyhandsProcess(words('used'));
  expect(await refused.exit()).toBe(2);
  expect(refused.stderr).toContain('MH-SIG-007');
  expect(refused.stderr).not.toContain('purge');
  expect(existsSync(place.at('used', 'account.key'))).toBe(true);
  const [, advice] = /^ {2}manyhands (worker join .*)$/m.exec(refused.stderr) ?? [];
  const advised = new ManyhandsProcess([...String(advice).split(' '), '--cpus', '1', '--no-p2p', '--once', '--json']);
  expect(await advised.exit(), advised.story()).toBe(0);
  expect(advised.lines.at(-1)).toMatchObject({ event: 'ended', code: null });
});

test('purging needs a yes, and keeps the key of an account unless it is named', async () => {
  const leave = (...words: string[]) => run('worker', 'leave', '--data', place.at('purged'), ...words);
  const worker = await join('purged', '--account', 'cid');
  expect(await leave('--purge', '--json')).toMatchObject({ exitCode: 2, code: 'MH-GEN-009' });
  expect(worker.hasEnded).toBe(false);
  const purged = await leave('--purge', '--yes');
  expect(purged.exitCode).toBe(0);
  expect(purged.stdout).toMatch(/^The worker has left\.\nIts key, .*\nThe key of the account "cid" stays/);
  expect(await worker.exit()).toBe(0);
  expect((await readdir(place.at('purged'))).sort()).toEqual(['account.json', 'account.key']);
  const all = await leave('--purge', '--account', 'cid', '--yes', '--json');
  expect(all.lines).toMatchObject([{ left: { wasRunning: false, isPurged: true, keptAccount: null } }]);
  expect(existsSync(place.at('purged'))).toBe(false);
});

test('a folder in use, a project that is not there', async () => {
  await join('busy');
  const busy = new ManyhandsProcess(['worker', 'join', place.url, '--data', place.at('busy'), '--json']);
  expect(await busy.exit()).toBe(2);
  expect(busy.lines.at(-1)).toMatchObject({ error: { code: 'MH-GEN-008' } });
  const lost = new ManyhandsProcess([
    'worker',
    'join',
    place.url,
    '--data',
    place.at('lost'),
    '--project',
    'none',
    '--json',
  ]);
  expect(await lost.exit()).toBe(2);
  expect(lost.lines.at(-1)).toMatchObject({ error: { code: 'MH-GEN-003' } });
});

test('a ban is heard with its reason', async () => {
  const worker = await join('banned');
  const { hostId } = await ask('status', 'banned');
  await succeed(
    'host',
    'ban',
    hostId,
    '--reason',
    'too hot',
    '--coordinator',
    place.url,
    '--data',
    place.coordinatorData,
  );
  expect(await worker.exit()).toBe(2);
  expect(worker.lines.at(-1)).toMatchObject({
    event: 'ended',
    code: 'MH-HST-001',
    reason: expect.stringContaining('too hot'),
  });
});
