// Behind proxies: callers stay apart at every listener, and what a caller says of himself changes nothing.
import { until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { started } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { unitOf } from '../support/scientist.js';
import { callFrom, crowd } from '../support/strangers.js';
import { TestHost } from '../support/test-host.js';

const PROXY = '127.0.0.1';
const STRANGER = '127.0.9.9';

type Header = Record<string, string>;

const units = (count: number) => Array.from({ length: count }, (_, index) => unitOf(`unit-${index}`));

/** The statuses of calls through the one address, each with headers of its own. */
async function statuses(url: string, from: string, headersOf: (at: number) => Header): Promise<number[]> {
  const all: number[] = [];
  for (let at = 0; at < 30; at++) all.push((await callFrom(from, url, { headers: headersOf(at) })).status);
  return all;
}

const said = {
  'x-forwarded-for': (...chain: string[]): Header => ({
    'x-forwarded-for': chain.join(', '),
    forwarded: 'for=192.0.2.66',
  }),
  forwarded: (...chain: string[]): Header => ({
    forwarded: chain.map((address) => `for="${address}"`).join(', '),
    'x-forwarded-for': '192.0.2.66',
  }),
} as const;

test.each(['x-forwarded-for', 'forwarded'] as const)(
  'callers whom a proxy names by %s are bounded apart',
  async (proxyHeader) => {
    const { url } = await started({ requestsPerSecond: 1, trustedProxies: [PROXY, '10.0.0.0/8'], proxyHeader });
    const path = `${url}/api/v1/coordinator`;
    const chain = said[proxyHeader];
    expect(new Set(await statuses(path, PROXY, (at) => chain(`192.0.${at}.1`, '10.1.2.3')))).toEqual(new Set([200]));
    expect(await statuses(path, PROXY, () => chain('203.0.113.1'))).toContain(429);
    const forged = await statuses(path, PROXY, (at) => chain(`198.51.${at}.1`, '203.0.113.7'));
    expect(forged, 'what the caller had written before the proxy').toContain(429);
  },
);

test('one network behind a proxy cannot keep another one’s workers out', async () => {
  const coordinator = await started({ trustedProxies: [PROXY], pendingHandshakesMaximum: 50 });
  const behind = (address: string) => ({ headers: said['x-forwarded-for'](address) });
  const idle = Array.from({ length: 60 }, () => new TestHost(coordinator, behind('192.0.2.1')));
  await Promise.all(idle.map((host) => host.opened()));
  expect(await TestHost.join(coordinator, behind('192.0.3.1'))).toBeInstanceOf(TestHost);
  expect(idle.filter(({ closeCode }) => closeCode === undefined).length, 'the others still stand').toBeGreaterThan(40);
});

test('the gateway knows callers behind the proxy as well', async () => {
  const { gatewayUrl } = await started({ trustedProxies: [PROXY], gatewayConnectionsMaximum: 30 });
  const held = `HEAD / HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.1\r\n\r\n`;
  await crowd(20, { url: gatewayUrl }, held);
  const [other] = await crowd(1, { url: gatewayUrl }, held.replace('192.0.2.1', '192.0.3.1'));
  await until('the answer to the other', () => (other?.bytesRead ?? 0) > 0);
  await crowd(20, { url: gatewayUrl }, held);
  other?.write(held.replace('192.0.2.1', '192.0.3.1'));
  const before = other?.bytesRead ?? 0;
  await until('another answer', () => other?.closed || (other?.bytesRead ?? 0) > before);
  expect(
    other?.bytesRead,
    'its connection was the longest idle one, but not one of the network with most',
  ).toBeGreaterThan(before);
});

test('a caller who names others is himself', async () => {
  const { url } = await started({ requestsPerSecond: 1, trustedProxies: ['10.0.0.1'] });
  const headers = (at: number): Header => ({ 'x-forwarded-for': `192.0.${at}.1`, forwarded: `for=192.0.${at}.1` });
  expect(await statuses(`${url}/api/v1/coordinator`, STRANGER, headers)).toContain(429);
});

test('a proxy that is no address is refused at the start', async () => {
  await expect(started({ trustedProxies: ['nginx'] })).rejects.toMatchObject({ code: 'MH-GEN-009' });
  await expect(started({ trustedProxies: ['10.0.0.0/99'] })).rejects.toMatchObject({ code: 'MH-GEN-009' });
});

test('who reads too much behind the proxy leaves the share of others alone', async () => {
  const { coordinator, scientist } = await prepared({ trustedProxies: [PROXY], readCpuMsPerSecond: 1 });
  const { batchId } = (await scientist.submit({ units: units(500) })).body;
  const path = `${coordinator.url}/api/v1/batches/${batchId}/units?limit=500`;
  const read = async (address: string): Promise<number> =>
    (await callFrom(PROXY, path, { headers: said['x-forwarded-for'](address) })).status;
  await until('one has used up its share', async () => (await read('192.0.2.1')) === 429);
  expect(await read('192.0.3.1')).toBe(200);
});
