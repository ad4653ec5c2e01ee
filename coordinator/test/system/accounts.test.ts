// Accounts over REST: founded by their key, codes for other machines, deletion.
import { accountIdOf, encodeDagCbor } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { accountGenesisOf, keyOf, sealed } from '../support/records.js';
import { Client, started } from '../support/running.js';
import { TestHost } from '../support/test-host.js';

test('a host makes a code of its account with its own key, so that it can join again under another one', async () => {
  const coordinator = await started();
  const client = new Client(coordinator);
  const ask = (signer: ReturnType<typeof keyOf>) =>
    client.call<{ code: string }>('POST', '/api/v1/hosts/self/codes', { json: {}, signer });
  expect((await ask(keyOf('stranger'))).body.code).toBe('MH-ACC-002');
  const before = await TestHost.join(coordinator, { key: keyOf('before') });
  const { status, body } = await ask(keyOf('before'));
  expect(status).toBe(200);
  const after = await TestHost.join(coordinator, { key: keyOf('after'), binding: { kind: 'code', code: body.code } });
  expect(after.welcome?.accountId).toBe(before.welcome?.accountId);
  expect(after.welcome?.hostId).not.toBe(before.welcome?.hostId);
  await expect(
    TestHost.join(coordinator, { key: keyOf('third'), binding: { kind: 'code', code: body.code } }),
  ).rejects.toThrow('MH-ACC-001');
});

test('an account is founded once, gives codes to its owner only, and is deleted for good', async () => {
  const client = new Client(await started());
  const key = keyOf('ada');
  const value = accountGenesisOf('Ada', key);
  const genesis = sealed(value, 'account-genesis', { coordinatorId: client.coordinatorId, key });
  const found = () => client.call('POST', '/api/v1/accounts', { json: { genesis } });
  const accountId = accountIdOf(encodeDagCbor(value));
  expect((await found()).body).toEqual({ accountId, label: 'Ada', creditMilli: 0, hostCount: 0 });
  expect((await found()).status).toBe(200);
  const path = `/api/v1/accounts/${accountId}`;
  expect((await client.call('POST', `${path}/codes`, { json: {}, signer: keyOf('eve') })).body.code).toBe('MH-SIG-004');
  const code = await client.call<{ code: string; expiresAtMs: number }>('POST', `${path}/codes`, {
    json: {},
    signer: key,
  });
  expect(code.body.code).toMatch(/^([a-z2-7]{5}-){3}[a-z2-7]{5}$/);
  expect(code.body.expiresAtMs).toBeGreaterThan(Date.now());
  expect((await client.call('DELETE', path, { signer: keyOf('eve') })).body.code).toBe('MH-SIG-004');
  expect((await client.call('DELETE', path, { signer: key })).status).toBe(200);
  expect(await client.call('GET', path)).toMatchObject({ status: 404, body: { code: 'MH-ACC-002' } });
  expect((await found()).body.code).toBe('MH-ACC-002');
});
