// The workers' WebSocket under bad input: handshake, bounds, rates, takeover, bans. The coordinator stays up and serves the others.
import { encodeDagCbor, encodeMessage, type MessageToCoordinator, seal } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { Client, started, until } from '../support/running.js';
import { scene } from '../support/scene.js';
import { TestHost } from '../support/test-host.js';

test('a host that does not hold its key, or speaks another protocol, is refused', async () => {
  const coordinator = await started();
  const thief = new TestHost(coordinator, { key: keyOf('victim') });
  await thief.opened();
  thief.prove(await thief.sayHello(), keyOf('thief'));
  expect(await thief.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-SIG-004' });
  await expect(TestHost.join(coordinator, { protocol: [7, 9] })).rejects.toThrow('MH-WIR-002');
  expect((await TestHost.join(coordinator, { protocol: [1, 9] })).welcome?.protocol).toBe(1);
});

test('a proof for an old challenge is refused', async () => {
  const coordinator = await started();
  const first = new TestHost(coordinator, { key: keyOf('host') });
  await first.opened();
  const old = await first.sayHello();
  const second = new TestHost(coordinator, { key: keyOf('host') });
  await second.opened();
  await second.sayHello();
  second.prove(old);
  expect(await second.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-SIG-006' });
});

test('a message before the handshake is refused', async () => {
  const coordinator = await started();
  const host = new TestHost(coordinator);
  await host.opened();
  host.send({ t: 'leave', id: 1 });
  expect(await host.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-WIR-003' });
});

test('the newer of two connections of one process stays', async () => {
  const { coordinator } = await scene(4);
  const key = keyOf('twice');
  const instance = new Uint8Array(16).fill(1);
  const older = await TestHost.join(coordinator, { key, instance });
  const [lease] = await older.lease(1);
  const newer = await TestHost.join(coordinator, { key, instance });
  expect(await older.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-WIR-005' });
  if (!lease) throw new Error('no lease');
  expect(await newer.report(newer.receipt(lease))).toEqual([[0, 'settled', null]]); // the lease is the host's, not the connection's
});

test('a connection at which nobody answers any more gives way to another process with its key', async () => {
  const coordinator = await started();
  const key = keyOf('frozen');
  const older = await TestHost.join(coordinator, { key, isAnswering: false });
  const newer = await TestHost.join(coordinator, { key, instance: new Uint8Array(16).fill(1) });
  expect(await older.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-WIR-005', retryAfterMs: null });
  expect(newer.welcome?.hostId).toBe(older.welcome?.hostId);
});

test.for<[string, Uint8Array<ArrayBuffer>?, Uint8Array<ArrayBuffer>?]>([
  ['of this version', new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)],
  ['of an older version'],
])('a copied data folder: of two living processes %s the first stays, and both are told', async ([, one, other]) => {
  const coordinator = await started();
  const key = keyOf('copied');
  const first = await TestHost.join(coordinator, { key, ...(one && { instance: one }) });
  const copy = new TestHost(coordinator, { key, ...(other && { instance: other }) });
  await copy.opened();
  copy.prove(await copy.sayHello());
  expect(await copy.next(({ t }) => t === 'refuse')).toMatchObject({
    code: 'MH-WIR-006',
    message: expect.stringContaining('`manyhands worker new-host`'),
    retryAfterMs: 60_000,
  });
  expect(await first.next(({ t }) => t === 'error')).toMatchObject({ id: null, code: 'MH-WIR-006' });
  expect(await first.ask({ t: 'leave' })).toMatchObject({ t: 'ack' });
});

test('malformed frames are answered, and repeated ones end the connection; others do not notice', async () => {
  const { coordinator } = await scene(2);
  const [vandal, honest] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  vandal.socket.send(Buffer.from('not dag-cbor at all'));
  expect(await vandal.next(({ t }) => t === 'error')).toMatchObject({ id: null, code: 'MH-WIR-001' });
  vandal.socket.send('text');
  expect(await vandal.next(({ t }) => t === 'error')).toMatchObject({ code: 'MH-WIR-001' });
  vandal.socket.send(encodeDagCbor({ t: 'lease.request', id: 77, maximumUnits: 'many' }));
  expect(await vandal.next(({ t }) => t === 'error')).toMatchObject({ id: 77, code: 'MH-WIR-001' });
  vandal.socket.send(encodeDagCbor({ t: 'leave', id: 78, junk: 'x'.repeat(5000) }));
  expect(await vandal.next(({ t }) => t === 'error')).toMatchObject({ id: 78, code: 'MH-GEN-011' });
  for (let count = 0; count < 20; count++) vandal.socket.send(Uint8Array.of(0xff));
  await until(
    async () => vandal.closeCode,
    (code) => code !== undefined,
  );
  expect(vandal.closeCode).toBe(1008);
  expect(await honest.workAll()).toBe(2);
});

test('one large frame of junk ends the connection', async () => {
  const vandal = await TestHost.join(await started());
  vandal.socket.send(Buffer.alloc(64 * 1024, 0xff));
  expect(await vandal.next(({ t }) => t === 'error')).toMatchObject({ code: 'MH-WIR-001' });
  await until(
    async () => vandal.closeCode,
    (code) => code !== undefined,
  );
  expect(vandal.closeCode).toBe(1008);
});

test('connections that never say hello do not keep others out for good, and the refused ones are ended', async () => {
  const coordinator = await started();
  const silent = Array.from({ length: 501 }, () => new TestHost(coordinator));
  await Promise.all(silent.map((host) => host.opened()));
  const turnedAway = await until(
    async () => silent.find(({ closeCode }) => closeCode === 1013),
    (host) => host !== undefined,
  );
  expect(turnedAway?.taken(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-WIR-004' });
  await Promise.all(silent.map((host) => host.close()));
  expect((await TestHost.join(coordinator)).welcome).toBeDefined();
});

test('a frame beyond the bound of frames ends its connection only', async () => {
  const { coordinator } = await scene(2);
  const [vandal, honest] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  vandal.socket.send(Buffer.alloc(1024 * 1024 + 1));
  await until(
    async () => vandal.closeCode,
    (code) => code !== undefined,
  );
  expect(vandal.closeCode).toBe(1009);
  expect(await honest.workAll()).toBe(2);
});

test('messages beyond their rate are refused with the time to wait', async () => {
  const coordinator = await started();
  const host = await TestHost.join(coordinator);
  const answers = await Promise.all(Array.from({ length: 20 }, () => host.ask({ t: 'leave' })));
  expect(answers.slice(0, 10).every(({ t }) => t === 'ack')).toBe(true);
  const refused = answers.filter(({ t }) => t === 'error');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ code: 'MH-GEN-012', retryAfterMs: expect.any(Number) });
});

test('a banned host is thrown out, stays out, and its statements count no longer', async () => {
  const { coordinator, client, batch } = await scene(2);
  const key = keyOf('banned');
  const host = await TestHost.join(coordinator, { key });
  await host.workAll();
  expect((await batch()).counts.checking).toBe(2);
  expect((await client.operator('POST', `/hosts/${host.hostId}/ban`, { reason: 'test' })).status).toBeLessThan(300);
  expect(await host.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-HST-001' });
  await expect(TestHost.join(coordinator, { key })).rejects.toThrow('MH-HST-001');
  const [first, second] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  await first.workAll();
  expect((await batch()).counts.accepted).toBe(0);
  await second.workAll();
  expect((await batch()).counts.accepted).toBe(2);
  expect((await client.operator('POST', `/hosts/${host.hostId}/unban`, {})).status).toBeLessThan(300);
  await TestHost.join(coordinator, { key });
});

test('hosts find each other by swarm, by records that they signed themselves, while they hold leases of it', async () => {
  const { coordinator } = await scene(4);
  const [ann, bob] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  const [lease] = await bob.lease(1);
  if (!lease) throw new Error('no lease');
  const { manifestCid: swarm } = lease;
  const find = (host: TestHost) => host.ask({ t: 'overlay.find', swarm });
  const record = (peerId: string, sequence: number) => ({
    version: 1,
    sequence,
    peerId,
    addresses: ['/ip4/127.0.0.1/tcp/1'],
  });
  const announce = (host: TestHost, peerId: string, signer = host.key, sequence = 1) => {
    const context = { type: 'overlay-record', coordinatorId: coordinator.coordinatorId } as const;
    const envelope = new Uint8Array(seal(record(peerId, sequence), context, signer));
    return host.ask({ t: 'overlay.announce', envelope, swarms: [swarm] } as never);
  };
  expect(await announce(ann, 'peer-of-ann', ann.key, 5)).toMatchObject({ t: 'ack' });
  expect(await announce(bob, 'peer-of-ann', ann.key)).toMatchObject({ t: 'error', code: 'MH-SIG-004' });
  expect(await announce(ann, 'old', ann.key, 4)).toMatchObject({ t: 'error', code: 'MH-SIG-006' });
  expect(await find(bob)).toMatchObject({
    peers: [{ peerId: 'peer-of-ann', addresses: ['/ip4/127.0.0.1/tcp/1'] }],
  });
  expect(await find(ann)).toMatchObject({ t: 'error', code: 'MH-LSE-001' });
  await ann.lease(1);
  expect(await find(ann)).toMatchObject({ t: 'overlay.peers', peers: [] });
  await ann.close();
  await until(
    () => find(bob),
    (answer) => answer.t === 'overlay.peers' && answer.peers.length === 0,
  );
});

test('a host that leaves gives its units to others', async () => {
  const { coordinator } = await scene(2);
  const [first, second] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  await first.lease();
  await second.workAll();
  const third = await TestHost.join(coordinator);
  expect(await third.requestWork()).toMatchObject({ t: 'lease.later', openUnitCount: 2 });
  expect(await first.ask({ t: 'leave' })).toMatchObject({ t: 'ack' });
  await third.next(({ t }) => t === 'work');
  expect(await third.workAll()).toBe(2);
});

test('frames in the middle of a handshake are bounded like any other', async () => {
  const coordinator = await started();
  const host = new TestHost(coordinator);
  await host.opened();
  host.socket.send(encodeMessage({ t: 'state', state: 'idle', runningUnits: 0 } satisfies MessageToCoordinator));
  expect(await host.next(({ t }) => t === 'refuse')).toMatchObject({ code: 'MH-WIR-003' });
  expect((await new Client(coordinator).call('GET', '/healthz')).status).toBe(200);
});
