// While the coordinator is hard pressed, calls that can wait are told when to come again, kind by kind; pages and scientists are served.
import type { Socket } from 'node:net';
import { utf8Bytes } from '@manyhands/contract';
import { until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { Client, OPERATOR_TOKEN } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { callFrom, heard, knock } from '../support/strangers.js';
import { TestHost } from '../support/test-host.js';

const HERE = '127.0.0.1';
const ELSEWHERE = '127.0.1.1';
const SOME_BLOCK = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const MISSING = '/api/v1/blocks/missing';
const RESULT = `/api/v1/leases/lease_${'a'.repeat(26)}/units/0/result`;
/** So long that the coordinator is still hard pressed when it has read all that came meanwhile. */
const BUSY_MS = 5000;
/** Tests are not told to come later otherwise; an earlier version knows no such option. */
const BY_LAG = process.env.MANYHANDS_UNDER_TEST === undefined ? { heavyLagMs: 1000 } : {};

/** Holds the event loop of this process, which is the coordinator's too, as work that takes long does. */
function keepBusy(): void {
  const endMs = performance.now() + BUSY_MS;
  while (performance.now() < endMs);
}

type Written = { line: string; json?: unknown; authorization?: string };

function textOf({ line, json, authorization }: Written): string {
  const body = json === undefined ? '' : JSON.stringify(json);
  const type = json === undefined ? [] : ['content-type: application/json', `content-length: ${body.length}`];
  const lines = [`${line} HTTP/1.1`, 'host: x', ...type, ...(authorization ? [`authorization: ${authorization}`] : [])];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** A connection over which a call was answered already, and what it says from now on. */
async function acquainted(url: string): Promise<{ socket: Socket; says: () => string }> {
  const socket = await knock({ url, localAddress: ELSEWHERE });
  const before = heard(socket);
  socket.write(textOf({ line: 'HEAD /healthz' }));
  await until('an answer', () => before() !== '');
  return { socket, says: heard(socket) };
}

test('each kind of call is held back in its turn, never a page, a scientist or the operator', async () => {
  const { coordinator, scientist } = await prepared({ handshakesPerMinute: 4, ...BY_LAG });
  const client = new Client(coordinator);
  const json = { cids: [SOME_BLOCK] };
  const body = utf8Bytes(JSON.stringify(json));
  const signedBy = (signer: typeof scientist.key) => client.token('POST', MISSING, { body, signer });
  const calls: Record<string, Written> = {
    page: { line: 'GET /api/v1/coordinator' },
    health: { line: 'GET /healthz' },
    scientist: { line: `POST ${MISSING}`, json, authorization: signedBy(scientist.key) },
    operator: { line: 'GET /api/v1/operator/projects', authorization: `Bearer ${OPERATOR_TOKEN}` },
    invitation: { line: 'POST /api/v1/operator/invitations', json: {}, authorization: `Bearer ${OPERATOR_TOKEN}` },
    'result of a worker': { line: `PUT ${RESULT}`, authorization: signedBy(keyOf('worker')) },
    stranger: { line: `POST ${MISSING}`, json },
    'stranger with a key': { line: `POST ${MISSING}`, json, authorization: signedBy(keyOf('stranger')) },
  };
  await TestHost.join(coordinator, { localAddress: HERE });
  const newcomer = new TestHost(coordinator, { localAddress: HERE });
  await newcomer.opened();
  const lines = await Promise.all(
    Object.entries(calls).map(async ([name, call]) => ({ name, call, ...(await acquainted(coordinator.url)) })),
  );
  for (const { socket, call } of lines) socket.write(textOf(call));
  const hello = newcomer.sayHello().catch(({ message }: Error) => message);
  keepBusy();
  await until('all answers', () => lines.every(({ says }) => says().includes('\r\n\r\n')));
  const statuses = Object.fromEntries(lines.map(({ name, says }) => [name, says().slice(9, 12)]));
  expect(statuses).toEqual({
    ...{ page: '200', health: '200', scientist: '200', operator: '200', invitation: '200' },
    ...{ 'result of a worker': '503', stranger: '503', 'stranger with a key': '503' },
  });
  expect(await hello).toBe('MH-WIR-004');
  const refused = lines.filter(({ name }) => statuses[name] === '503').map(({ says }) => says());
  expect(refused.every((text) => text.includes('MH-WIR-004') && /retry-after: [1-9]/.test(text))).toBe(true);
  const waits = refused.map((text) => /"retryAfterMs":(\d+)/.exec(text)?.[1]);
  expect(new Set(waits).size, 'different times').toBe(refused.length);
  const again = async () => (await callFrom(ELSEWHERE, coordinator.url + MISSING, { method: 'POST', json })).status;
  await until('the stranger is served when it is over', async () => (await again()) === 200);
});

test('what a scientist sends slowly is not given up for the bodies of strangers who share the address', async () => {
  const { coordinator, scientist } = await prepared();
  const { url } = coordinator;
  const text = JSON.stringify({ cids: [SOME_BLOCK] });
  const authorization = new Client(coordinator).token('POST', MISSING, {
    body: utf8Bytes(text),
    signer: scientist.key,
  });
  const head = (sizeBytes: number, more = ''): string =>
    `POST ${MISSING} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${sizeBytes}\r\n${more}\r\n`;
  const slow = await knock({ url, localAddress: HERE });
  const says = heard(slow);
  slow.write(head(text.length, `authorization: ${authorization}\r\n`) + text.slice(0, 10));
  const sizeBytes = 4 * 2 ** 20;
  for (let count = 0; count < 20; count++) {
    const socket = await knock({ url, localAddress: HERE }, head(sizeBytes) + 'a'.repeat(sizeBytes - 1));
    const isSent = () => socket.closed || (socket.bytesWritten > sizeBytes && !socket.writableLength);
    await until('the bytes are sent', isSent);
  }
  slow.write(text.slice(10));
  await until('an answer', () => says() !== '' || slow.closed);
  expect(says().split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
});
