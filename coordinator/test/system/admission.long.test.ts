// Whoever comes first cannot keep the others out: connections, handshakes, bodies and rates of one network are that network's affair.
import { until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { checkpointOf } from '../support/hand-over.js';
import { started } from '../support/running.js';
import { scene } from '../support/scene.js';
import { callFrom, crowd, heard, knock } from '../support/strangers.js';
import { TestHost } from '../support/test-host.js';

const ATTACKER = '127.0.0.1';
const HONEST = '127.0.1.1';
const SOME_BLOCK = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const KEPT_ALIVE = 'HEAD / HTTP/1.1\r\nhost: x\r\n\r\n';

test('500 workers that connect and say nothing keep no other from joining', async () => {
  const coordinator = await started();
  const idle = Array.from({ length: 500 }, () => new TestHost(coordinator, { localAddress: ATTACKER }));
  await Promise.all(idle.map((host) => host.opened()));
  const joined = await TestHost.join(coordinator, { localAddress: HONEST }).catch(({ message }: Error) => message);
  expect(joined).toBeInstanceOf(TestHost);
  const turnedAway = idle.filter(({ closeCode }) => closeCode !== undefined);
  expect(turnedAway.length, 'only the idlest gave way').toBeLessThan(10);
});

test('from the attacker’s own network others join too: the idlest gives way', async () => {
  const coordinator = await started();
  const idle = Array.from({ length: 500 }, () => new TestHost(coordinator, { localAddress: ATTACKER }));
  await Promise.all(idle.map((host) => host.opened()));
  const joined = await TestHost.join(coordinator, { localAddress: ATTACKER }).catch(({ message }: Error) => message);
  expect(joined).toBeInstanceOf(TestHost);
});

test('1,000 idle connections at the block gateway keep no other from its blocks', async () => {
  const { gatewayUrl } = await started();
  await crowd(1000, { url: gatewayUrl, localAddress: ATTACKER }, KEPT_ALIVE);
  expect(await callFrom(HONEST, `${gatewayUrl}/blocks/none`)).toMatchObject({ status: 400 });
});

test('150 silent connections at the seed keep no peer from its handshake', async () => {
  const coordinator = await started();
  const { welcome } = await TestHost.join(coordinator);
  const [, port] = /\/tcp\/(\d+)/.exec(welcome?.overlay?.addresses[0] ?? '') ?? [];
  const url = `http://127.0.0.1:${port}`;
  await crowd(150, { url, localAddress: ATTACKER });
  const peer = await knock({ url, localAddress: HONEST });
  const says = heard(peer);
  peer.write('\x13/multistream/1.0.0\n');
  await until('the first words of the seed, or the end', () => says() !== '' || peer.closed);
  expect(says()).toContain('/multistream/1.0.0');
});

test('bodies that are announced, sent almost whole and then stalled keep no call out', async () => {
  const { url } = await started();
  const sizeBytes = 4 * 2 ** 20;
  const almost = 'a'.repeat(sizeBytes - 1);
  const head = `POST /api/v1/projects HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${sizeBytes}\r\n\r\n`;
  for (let count = 0; count < 16; count++) {
    const socket = await knock({ url, localAddress: ATTACKER }, head + almost);
    await until(
      'the bytes are sent',
      () => socket.closed || (socket.bytesWritten > sizeBytes && !socket.writableLength),
    );
  }
  const call = { method: 'POST', json: { cids: [SOME_BLOCK] } };
  for (let count = 0; count < 20; count++)
    expect((await callFrom(HONEST, `${url}/api/v1/blocks/missing`, call)).status).toBe(200);
});

test('idle connections at the main port keep out nobody from elsewhere, and no worker that is there', async () => {
  const coordinator = await started({ workerConnectionsMaximum: 20, callConnectionsMaximum: 20 });
  const worker = await TestHost.join(coordinator, { localAddress: ATTACKER });
  await crowd(100, { url: coordinator.url, localAddress: ATTACKER }, KEPT_ALIVE);
  expect((await callFrom(HONEST, `${coordinator.url}/healthz`)).status).toBe(200);
  expect(await TestHost.join(coordinator, { localAddress: HONEST })).toBeInstanceOf(TestHost);
  expect((await worker.requestWork()).t, 'who has proved a key stays').toBe('lease.later');
});

test('room for checkpoints is taken by what arrives, not by what is announced', async () => {
  const { coordinator, client } = await scene(2, { checkpointQuotaBytes: 1000 });
  const [liar, honest] = [await TestHost.join(coordinator), await TestHost.join(coordinator)];
  const [announced, real] = [(await liar.lease(1))[0], (await honest.lease(1))[0]];
  if (!announced || !real) throw new Error('no leases');
  const pathOf = ({ leaseId, ranges }: typeof real): string =>
    `/api/v1/leases/${leaseId}/units/${ranges[0]?.[0]}/checkpoint`;
  const token = client.token('PUT', pathOf(announced), { body: new Uint8Array(900), signer: liar.key });
  const lines = ['host: x', 'content-type: application/octet-stream', 'content-length: 900', `authorization: ${token}`];
  const stalled = await knock(
    { url: coordinator.url },
    `PUT ${pathOf(announced)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\nten bytes.`,
  );
  const says = heard(stalled);
  await until('the announcement has been taken in', async () => {
    const metrics = await (await fetch(`${coordinator.url}/metrics`)).text();
    return /^manyhands_checkpoints_stored_count [1-9]/m.test(metrics);
  });
  const put = await client.call('PUT', pathOf(real), { bytes: checkpointOf(1), signer: honest.key });
  expect(put.status).toBe(200);
  stalled.write(Buffer.alloc(890));
  await until('the answer to the other', () => says() !== '' || stalled.closed);
  expect(says(), 'room is looked at again with every part').toContain('MH-GEN-010');
});

test('those who come too often are told different times', async () => {
  const coordinator = await started();
  const hosts = Array.from({ length: 700 }, () => new TestHost(coordinator, { localAddress: ATTACKER }));
  await Promise.all(hosts.map((host) => host.opened().catch(() => {})));
  await until('the last ones are refused', () => hosts.some(({ pushed }) => pushed.some(({ t }) => t === 'refuse')));
  const refusals = () =>
    hosts.flatMap(({ pushed }) => pushed.flatMap((message) => (message.t === 'refuse' ? [message] : [])));
  await until('many refusals', () => refusals().length >= 50);
  const times = refusals().map(({ retryAfterMs }) => retryAfterMs);
  expect(times.every((timeMs) => timeMs !== null && timeMs >= 1000)).toBe(true);
  expect(new Set(times).size, 'different times').toBeGreaterThan(20);
});

test('when more come than can be greeted those from elsewhere go first, and pages are served', async () => {
  const coordinator = await started({ handshakesPerSecond: 1 });
  const join = (localAddress: string) =>
    TestHost.join(coordinator, { localAddress }).then(
      () => 'in',
      ({ message }) => message,
    );
  const answers: string[] = [];
  while (!answers.includes('MH-WIR-004')) answers.push(await join(ATTACKER));
  expect(answers.filter((answer) => answer !== 'in' && answer !== 'MH-WIR-004')).toEqual([]);
  for (let network = 1; network < 20; network++) expect(await join(`127.0.${network}.1`)).toBe('in');
  expect((await callFrom(ATTACKER, `${coordinator.url}/api/v1/coordinator`)).status).toBe(200);
});

test('a network that calls too often is told when to call again, and its neighbours are not', async () => {
  const { url } = await started({ requestsPerSecond: 1 });
  const call = (from: string) => callFrom(from, `${url}/api/v1/coordinator`);
  let refused = await call(ATTACKER);
  while (refused.status !== 429) refused = await call(ATTACKER);
  expect(refused.body).toMatchObject({ code: 'MH-GEN-012', retryable: true });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect((await call('127.0.0.2')).status).toBe(200);
  expect((await call(HONEST)).status).toBe(200);
});

test('hundreds of calls that come at once wait for one another, and a call from elsewhere for few of them', async () => {
  const { url } = await started();
  const call = 'GET /api/v1/coordinator HTTP/1.1\r\nhost: x\r\n\r\n';
  const many = await crowd(300, { url, localAddress: ATTACKER });
  const other = await knock({ url, localAddress: HONEST });
  const answered: string[] = [];
  for (const socket of many) socket.once('data', () => answered.push(ATTACKER));
  other.once('data', () => answered.push(HONEST));
  for (const socket of [...many, other]) socket.write(call);
  await until('every answer', () => answered.length === 301);
  expect(answered.indexOf(HONEST)).toBeLessThan(150);
});

test('loopback is bounded like any other network, unless it is exempt', async () => {
  const bounded = await started({ requestsPerSecond: 1 });
  const statuses = async (url: string): Promise<number[]> =>
    Promise.all(Array.from({ length: 60 }, async () => (await callFrom(ATTACKER, `${url}/api/v1/coordinator`)).status));
  expect(await statuses(bounded.url)).toContain(429);
  const exempt = await started({ requestsPerSecond: 1, exemptLoopback: true });
  expect(new Set(await statuses(exempt.url))).toEqual(new Set([200]));
});

test('who does not heed what is answered is cut off before a WebSocket is made, and others are not', async () => {
  const coordinator = await started({ handshakesPerMinute: 2 });
  const key = Buffer.alloc(16).toString('base64');
  const lines = ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', `sec-websocket-key: ${key}`];
  const upgrade = `GET /api/v1/worker HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`;
  const answers: string[] = [];
  for (let count = 0; count < 40; count++) {
    const socket = await knock({ url: coordinator.url, localAddress: ATTACKER });
    const says = heard(socket);
    socket.write(upgrade);
    await until('an answer or the end', () => says() !== '' || socket.closed);
    answers.push(says());
  }
  expect(answers[0]).toMatch(/^HTTP\/1.1 101 /);
  expect(answers.at(-1)).toBe('');
  expect(await TestHost.join(coordinator, { localAddress: HONEST })).toBeInstanceOf(TestHost);
});
