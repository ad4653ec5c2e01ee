// The operator's day on the command line: start, what stands in the way, save and restore, hosts.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonLine, ManyhandsProcess, manyhands, temporaryFolder } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function start(
  name = 'data',
  ...more: string[]
): Promise<{ coordinator: ManyhandsProcess; url: string; listening: JsonLine }> {
  const coordinator = new ManyhandsProcess([
    'coordinator',
    'start',
    '--data',
    join(folder, name),
    '--port',
    '0',
    '--json',
    ...more,
  ]);
  const listening = await coordinator.event('listening');
  return { coordinator, url: String(listening.url), listening };
}

const codeOf = (lines: readonly JsonLine[]): unknown => (lines.at(-1)?.error as { code?: unknown } | undefined)?.code;

test('start says where it is, and a signal ends it gracefully', async () => {
  const { coordinator, listening, url } = await start();
  expect(listening).toMatchObject({ version: 1, dataDirectory: join(folder, 'data') });
  expect(Object.keys(listening).sort()).toEqual(
    ['coordinatorId', 'dataDirectory', 'event', 'gatewayUrl', 'pid', 'sharedNetworks', 'url', 'version'].sort(),
  );
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ended = await coordinator.stop();
  expect(ended).toBe(0);
  expect(coordinator.lines.at(-1)).toEqual({ version: 1, event: 'stopped' });
});

test('a folder or port in use, a wrong port and a wrong variable are refused with their code and exit code 2', async () => {
  const { url } = await start();
  const inFolder = (name: string, ...more: string[]) =>
    manyhands(['coordinator', 'start', '--data', join(folder, name), '--json', ...more]);
  const sameFolder = await inFolder('data', '--port', '0');
  expect([sameFolder.exitCode, codeOf(sameFolder.lines)]).toEqual([2, 'MH-GEN-008']);
  const samePort = await inFolder('other', '--port', new URL(url).port);
  expect([samePort.exitCode, codeOf(samePort.lines)]).toEqual([2, 'MH-GEN-006']);
  expect((await inFolder('other', '--port', 'many')).exitCode).not.toBe(0);
  const wrong = await manyhands(['coordinator', 'start', '--data', join(folder, 'x'), '--json'], {
    environment: { MANYHANDS_PORT: 'many' },
  });
  expect([wrong.exitCode, codeOf(wrong.lines)]).toEqual([2, 'MH-GEN-009']);
});

test('a backup of a running coordinator is restored as the same coordinator', async () => {
  const { listening } = await start();
  const file = join(folder, 'saved.backup');
  const saved = await manyhands(['coordinator', 'backup', file, '--data', join(folder, 'data'), '--json']);
  expect(saved).toMatchObject({ exitCode: 0, lines: [{ version: 1, backup: { file } }] });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const restore = ['coordinator', 'restore', file, '--data', join(folder, 'restored'), '--json'];
  expect(await manyhands(restore)).toMatchObject({
    exitCode: 0,
    lines: [{ restored: { dataDirectory: join(folder, 'restored') } }],
  });
  const again = await manyhands(restore);
  expect([again.exitCode, codeOf(again.lines)]).toEqual([2, 'MH-GEN-009']);
  expect((await start('restored')).listening.coordinatorId).toBe(listening.coordinatorId);
});

test('hosts are listed and banned by whoever has the token', async () => {
  const { url } = await start();
  const host = (...args: string[]) => manyhands(['host', ...args, '--coordinator', url, '--json']);
  const token = ['--token-file', join(folder, 'data', 'operator-token')];
  expect((await host('list', ...token)).lines).toEqual([{ version: 1, hosts: [] }]);
  const joining = ['worker', 'join', url, '--data', join(folder, 'worker'), '--cpus', '1', '--once', '--json'];
  expect((await manyhands(joining)).exitCode).toBe(0);
  const { lines } = await host('list', '--data', join(folder, 'data'));
  const [{ hostId } = { hostId: '' }] = (lines[0] as { hosts: { hostId: string }[] }).hosts;
  expect(await host('ban', hostId, '--reason', 'a test', ...token)).toMatchObject({
    exitCode: 0,
    lines: [{ isBanned: true }],
  });
  expect((await host('list', ...token)).lines).toMatchObject([{ hosts: [{ hostId, isBanned: true }] }]);
  const refused = await manyhands(joining);
  expect(refused.exitCode).toBe(2);
  expect(JSON.stringify(refused.lines)).toContain('MH-HST-001');
  expect(await host('unban', hostId, ...token)).toMatchObject({ exitCode: 0 });
  expect((await manyhands(joining)).exitCode).toBe(0);
});

test('without the right token or address nothing is done', async () => {
  const { url } = await start();
  const wrongToken = await manyhands(['host', 'list', '--coordinator', url, '--json'], {
    environment: { MANYHANDS_OPERATOR_TOKEN: 'x'.repeat(20) },
  });
  expect([wrongToken.exitCode, codeOf(wrongToken.lines)]).toEqual([2, 'MH-SIG-008']);
  const noToken = await manyhands([
    'host',
    'list',
    '--coordinator',
    url,
    '--token-file',
    join(folder, 'none'),
    '--json',
  ]);
  expect([noToken.exitCode, codeOf(noToken.lines)]).toEqual([2, 'MH-SIG-008']);
  const unknown = await manyhands([
    'host',
    'ban',
    'host_none',
    '--coordinator',
    url,
    '--data',
    join(folder, 'data'),
    '--json',
  ]);
  expect([unknown.exitCode, codeOf(unknown.lines)]).toEqual([2, 'MH-GEN-003']);
  const nowhere = await manyhands([
    'host',
    'list',
    '--coordinator',
    'http://127.0.0.1:1',
    '--data',
    join(folder, 'data'),
    '--json',
  ]);
  expect([nowhere.exitCode, codeOf(nowhere.lines)]).toEqual([3, 'MH-GEN-005']);
  const wrong = await manyhands(['host', 'list', '--coordinator', 'ftp://x', '--data', join(folder, 'data'), '--json']);
  expect([wrong.exitCode, codeOf(wrong.lines)]).toEqual([2, 'MH-GEN-009']);
});
