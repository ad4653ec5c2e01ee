// What people get wrong: addresses, ports, folders, programs, inputs. Each is refused at once with its code and exit code, and nothing is left behind.

import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from '@manyhands/sdk';
import { manyhands } from '@manyhands/testing';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { probeFile } from '../support/programs.js';

const GIBIBYTE = 2 ** 30;
let cluster: Cluster;
let website: Server;
let websiteUrl = '';
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0 });
  const scientist = await connect(cluster.url, { dataDirectory: cluster.path('scientist') });
  await scientist.project('refused', { title: 'Refused' });
  website = createServer((_, response) => response.end('<h1>just a page</h1>'));
  await new Promise<void>((resolve) => website.listen(0, '127.0.0.1', resolve));
  websiteUrl = `http://127.0.0.1:${(website.address() as AddressInfo).port}`;
});
afterAll(async () => {
  website.close();
  await cluster.stop();
});

/** Runs a command with `--json` that must be refused; the code of its error and its exit code. */
async function refused(...args: string[]): Promise<[unknown, number | null]> {
  const { lines, exitCode, stderr } = await manyhands([...args, '--json']);
  const error = lines.findLast((line) => 'error' in line)?.error as { code?: unknown } | undefined;
  expect(stderr).not.toMatch(/\n\s+at /);
  return [error?.code ?? lines.at(-1)?.code, exitCode];
}

/** `manyhands map` of a module over whatever inputs. */
const map = (program: string, ...inputs: string[]): Promise<[unknown, number | null]> =>
  refused(
    ...['map', program, '--coordinator', cluster.url, '--project', 'refused', '--data', cluster.path('scientist')],
    ...['--out', cluster.path('out'), ...inputs],
  );

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = cluster.path(name);
  await writeFile(file, content);
  return file;
}

test.each([
  ['where nobody listens', () => 'http://127.0.0.1:1', 'MH-GEN-005'],
  ['of something else', () => websiteUrl, 'MH-NET-001'],
])('an address %s', async (_, url, code) => {
  expect(await refused('worker', 'join', url(), '--data', cluster.path('lost'))).toEqual([code, 3]);
  expect(
    await refused('batch', 'list', '--coordinator', url(), '--project', 'x', '--data', cluster.path('nobody')),
  ).toEqual([code, 3]);
});

test('an address that is none', async () => {
  expect(await refused('worker', 'join', 'ftp://x', '--data', cluster.path('lost'))).toEqual(['MH-GEN-009', 2]);
  expect(await refused('batch', 'list', '--coordinator', 'hands example', '--project', 'x')).toEqual(['MH-GEN-009', 2]);
  expect(await refused('batch', 'list', '--coordinator', 'ftp://x', '--project', 'x')).toEqual(['MH-GEN-009', 2]);
});

test('a port in use, and a folder in use', async () => {
  const port = String(cluster.port);
  const folder = cluster.path('second');
  expect(await refused('coordinator', 'start', '--data', folder, '--port', port)).toEqual(['MH-GEN-006', 2]);
  const args = ['coordinator', 'start', '--data', cluster.path('coordinator'), '--port', '0'];
  expect(await refused(...args)).toEqual(['MH-GEN-008', 2]);
});

test('data folders of a newer version, which stay as they are', async () => {
  for (const [folder, file, ...command] of [
    ['new-coordinator', 'coordinator.sqlite', 'coordinator', 'start', '--port', '0'],
    ['new-worker', 'worker.sqlite', 'worker', 'join', cluster.url],
  ] as const) {
    const directory = cluster.path(folder);
    await mkdir(directory);
    const database = new Database(join(directory, file));
    database.pragma('user_version = 9999');
    database.close();
    expect(await refused(...command, '--data', directory)).toEqual(['MH-GEN-007', 2]);
    const after = new Database(join(directory, file), { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(9999);
    expect(after.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(0);
    after.close();
  }
});

test('programs that are none, reach out of the sandbox, use a forbidden instruction, or cannot be started', async () => {
  const input = await fileOf('input.txt', 'x');
  const cases: [string, number[], string][] = [
    ['no module', [1, 2, 3, 4, 5, 6, 7, 8], 'MH-MOD-001'],
    ['foreign import', moduleOf({ importName: ['env', 'system'] }), 'MH-MOD-003'],
    ['atomic instruction', moduleOf({ code: [0xfe, 0x03, 0x00] }), 'MH-MOD-004'],
    ['no _start', moduleOf({ entry: 'main' }), 'MH-MOD-005'],
  ];
  for (const [name, bytes, code] of cases) {
    const program = await fileOf(`${name.replaceAll(' ', '-')}.wasm`, Uint8Array.from(bytes));
    expect(await map(program, '--each', input), name).toEqual([code, 2]);
  }
  const good = await fileOf('fine.wasm', Uint8Array.from(moduleOf({})));
  expect((await manyhands(['app', 'inspect', good, '--json'])).exitCode, 'the module that the others are made of').toBe(
    0,
  );
});

test('inputs: a pattern that matches nothing, an input above the limit, a file that is not there', async () => {
  const program = await probeFile();
  expect(await map(program, '--each', cluster.path('nothing/*.txt'))).toEqual(['MH-BAT-007', 2]);
  expect((await map(program, '--each-line', cluster.path('no-such-file')))[1]).toBe(2);
  const huge = cluster.path('huge.bin');
  const handle = await open(huge, 'w');
  await handle.truncate(4 * GIBIBYTE + 1); // holes: takes no room
  await handle.close();
  expect(await map(program, '--each', huge)).toEqual(['MH-BAT-005', 2]);
  await rm(huge);
  expect(await cluster.getJson<{ units: { total: number } }>('/api/v1/stats')).toMatchObject({ units: { total: 0 } });
});

/** A module with one function, exported, and a memory. */
function moduleOf({
  entry = '_start',
  code = [],
  importName,
}: {
  entry?: string;
  code?: number[];
  importName?: [string, string];
}): number[] {
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];
  const body = [0, ...code, 0x0b];
  return [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...(importName ? section(2, 1, ...importName.flatMap(text), 0, 0) : []),
    ...section(3, 1, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...text('memory'), 2, 0, ...text(entry), 0, importName ? 1 : 0),
    ...section(10, 1, body.length, ...body),
  ];
}
