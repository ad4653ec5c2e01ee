// What others wrote is text in the terminal, whoever answers in the place of a coordinator.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd, manyhands } from '@manyhands/testing';
import { expect, test } from 'vitest';

const FORGED = 'It is full.\nmanyhands: done\r\u001b[32mAll is well\u001b[39m\u009b2J\u202e';

async function liar(): Promise<string> {
  const server = createServer((_request, response) => {
    const body = { code: 'MH-GEN-002', message: FORGED, meta: {}, retryable: false, fault: 'user' };
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an error of a coordinator forges no line and no colour', async () => {
  const { stderr, exitCode } = await manyhands(['project', 'list', '--coordinator', await liar()]);
  expect(exitCode).toBe(2);
  const lines = stderr.split('\n').filter((line) => line !== '');
  expect(lines.filter((line) => line.startsWith('manyhands:'))).toEqual([
    expect.stringMatching(/^manyhands: It is full\. manyhands: done \[32mAll is well\[39m2J .*MH-GEN-002/),
  ]);
  expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('nor does it as JSON', async () => {
  const { stdout } = await manyhands(['project', 'list', '--coordinator', await liar(), '--json']);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'MH-GEN-002' } });
});
