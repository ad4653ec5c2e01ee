// Accounts are counted where they come into being, whatever the way.
import { accountIdOf, encodeDagCbor, fromBase64Url, hostIdOf, seal } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { accountGenesisOf, keyOf, sealed } from '../support/records.js';
import { Client, started } from '../support/running.js';
import { TestHost } from '../support/test-host.js';

const SHARE = 500;
const AT_ONCE = 25;

test('accounts founded over REST and through the WebSocket count together, joinings of known accounts do not', async () => {
  const coordinator = await started();
  const client = new Client(coordinator);
  const { coordinatorId } = client;
  const genesisOf = (name: string) => {
    const key = keyOf(name);
    return {
      key,
      value: accountGenesisOf(name, key),
      text: sealed(accountGenesisOf(name, key), 'account-genesis', { coordinatorId, key }),
    };
  };
  const statuses: number[] = [];
  for (let done = 0; done < SHARE; done += AT_ONCE)
    statuses.push(
      ...(await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, at) => {
          const json = { genesis: genesisOf(`account ${done + at}`).text };
          return (await client.call('POST', '/api/v1/accounts', { json })).status;
        }),
      )),
    );
  expect(statuses).toEqual(Array(SHARE).fill(200));
  const host = keyOf('host');
  const join = (name: string) => {
    const { key, value, text } = genesisOf(name);
    const delegation = { version: 1, accountId: accountIdOf(encodeDagCbor(value)), hostId: hostIdOf(host.publicKey) };
    const bytes = (from: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(from);
    return TestHost.join(coordinator, {
      key: host,
      binding: {
        kind: 'key',
        genesis: bytes(fromBase64Url(text) as Uint8Array),
        delegation: bytes(seal(delegation, { type: 'account-delegation', coordinatorId }, key)),
      },
    });
  };
  // Some have come back meanwhile: one every seven seconds.
  let code = 'founded';
  for (let at = 0; at < 100 && code === 'founded'; at++)
    code = await join(`of the socket ${at}`).then(
      async (joined) => joined.close().then(() => 'founded'),
      (error: Error) => error.message,
    );
  expect(code).toBe('MH-GEN-012');
  const known = await join('account 7');
  expect(known.welcome?.accountLabel).toBe('account 7');
});
