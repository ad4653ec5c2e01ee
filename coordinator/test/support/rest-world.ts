// A coordinator in the middle of its life, for tests of single calls: a complete batch, an open one of which a host holds units, an account, a block.
import {
  accountIdOf,
  type Block,
  encodeDagCbor,
  type KeyPair,
  type Lease,
  splitFile,
  utf8Bytes,
} from '@manyhands/contract';
import { accountGenesisOf, keyOf, sealed } from './records.js';
import { Client, started, until } from './running.js';
import { Scientist, unitOf } from './scientist.js';
import { TestHost } from './test-host.js';

/** Answers above this do not fit in a receipt: they are uploaded when they are asked for. */
export const LARGE = 'x'.repeat(20_000);

export type World = Awaited<ReturnType<typeof restWorld>>;

export async function restWorld() {
  const coordinator = await started();
  const client = new Client(coordinator);
  const scientist = await new Scientist(client, 'world').prepare();
  const { batchId: doneId } = (await scientist.submit({ name: 'done', units: [unitOf('one'), unitOf('two')] })).body;
  const hosts = [await TestHost.join(coordinator), await TestHost.join(coordinator)] as const;
  for (const host of hosts) await host.workAll();
  await until(
    () => client.call<{ state: string }>('GET', `/api/v1/batches/${doneId}`),
    ({ body }) => body.state === 'complete',
  );
  const { batchId: openId } = (await scientist.submit({ name: 'open', units: [unitOf('one'), unitOf('two')] })).body;
  const [lease] = await hosts[0].lease(2);
  if (!lease) throw new Error('no lease');
  const owner = keyOf('account owner');
  const genesis = accountGenesisOf('Ada', owner);
  const sealing = { coordinatorId: client.coordinatorId, key: owner };
  const account = {
    json: { genesis: sealed(genesis, 'account-genesis', sealing) },
    id: accountIdOf(encodeDagCbor(genesis)),
  };
  await client.call('POST', '/api/v1/accounts', { json: account.json });
  const [block] = splitFile(utf8Bytes('a block')).blocks as [Block];
  await client.putBlock(block, scientist.signer);
  const digest = (await client.call<{ digest: string }>('GET', `/api/v1/batches/${doneId}/units/0`)).body.digest;
  return {
    coordinator,
    client,
    scientist,
    hosts,
    lease: lease as Lease,
    doneId,
    openId,
    owner: owner as KeyPair,
    account,
    block,
    digest,
  };
}
