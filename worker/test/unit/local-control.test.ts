// The owner's line to the running worker: commands and status, bounded lines, and nothing for strangers.

import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlPathsOf, readPortFile } from '../../src/local-control/address.js';
import { askWorker } from '../../src/local-control/client.js';
import { type ControlServer, startControlServer } from '../../src/local-control/server.js';

let directory: string;
let server: ControlServer | undefined;
beforeEach(() => {
  directory = temporaryFolderSync();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Sends raw text; gives what comes back before the connection ends. */
function raw(place: { path: string } | { port: number; host: string }, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(place);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

test('a command is carried out and answered with the status', async () => {
  const commands: string[] = [];
  const paths = controlPathsOf(directory);
  server = await startControlServer(paths, (command) => {
    commands.push(command);
    return { state: command };
  });
  expect(await askWorker(paths, 'pause')).toEqual({ state: 'pause' });
  expect(await askWorker(paths, 'status')).toEqual({ state: 'status' });
  expect(commands).toEqual(['pause', 'status']);
  expect(statSync(paths.socket).mode & 0o777).toBe(0o600);
});

test('what is not a command changes nothing', async () => {
  const paths = controlPathsOf(directory);
  let isCalled = false;
  server = await startControlServer(paths, () => {
    isCalled = true;
  });
  for (const line of ['nonsense\n', '{"version":1,"command":"explode"}\n', '{"version":2,"command":"status"}\n', '\n'])
    expect(JSON.parse(await raw({ path: paths.socket }, line)), line).toMatchObject({ error: { code: 'MH-GEN-002' } });
  expect(await raw({ path: paths.socket }, 'x'.repeat(200_000))).toBe('');
  expect(isCalled).toBe(false);
});

test('without a worker the answer says so', async () => {
  await expect(askWorker(controlPathsOf(directory), 'status')).rejects.toMatchObject({ code: 'MH-GEN-003' });
});

test('a socket left by a killed worker is replaced', async () => {
  const paths = controlPathsOf(directory);
  writeFileSync(paths.socket, '');
  server = await startControlServer(paths, () => 'fine');
  expect(await askWorker(paths, 'status')).toBe('fine');
});

test('where a socket file cannot be, a loopback port with a token serves', async () => {
  const paths = { ...controlPathsOf(directory), socket: join(directory, 'x'.repeat(120)) };
  server = await startControlServer(paths, (command) => command);
  expect(await askWorker(paths, 'resume')).toBe('resume');
  expect(statSync(paths.portFile).mode & 0o777).toBe(0o600);
  const place = { host: '127.0.0.1', port: readPortFile(paths)?.port ?? 0 };
  for (const token of ['', ',"token":"guess"'])
    expect(JSON.parse(await raw(place, `{"version":1,"command":"leave"${token}}\n`))).toMatchObject({
      error: { code: 'MH-SIG-008' },
    });
  chmodSync(paths.portFile, 0o600);
});
