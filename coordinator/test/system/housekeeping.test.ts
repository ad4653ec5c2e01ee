// A full disk stops new work before accepted data is at risk; old batches and unused blocks go.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Batch, type Block, rawCidOf, splitFile, utf8Bytes } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { Client, started, until } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { Scientist, unitOf } from '../support/scientist.js';

const input = splitFile(utf8Bytes('an input'));
const fileOf = (dataDirectory: string, { cid }: Block) => join(dataDirectory, 'blocks', cid.slice(-2), cid);

test('with the reserve used up: no uploads, no batches, not ready, but all reading goes on', async () => {
  const { dataDirectory, coordinator: before, scientist } = await prepared();
  const { body: batch } = await scientist.submit();
  await before.stop();
  const client = new Client(await started({ dataDirectory, diskReserveBytes: Number.MAX_SAFE_INTEGER }));
  const short = { status: 507, body: { code: 'MH-GEN-010', retryable: true } };
  const { projectId, signer } = scientist.signer;
  const bytes = utf8Bytes('new block');
  expect(await client.putBlock({ cid: rawCidOf(bytes), bytes }, { projectId, signer })).toMatchObject(short);
  const again = Object.assign(new Scientist(client), { projectId, appVersionId: scientist.appVersionId });
  expect(await again.submit({ name: 'next' })).toMatchObject(short);
  expect((await client.call('GET', '/readyz')).status).toBe(503);
  expect((await client.call('GET', '/healthz')).status).toBe(200);
  expect((await client.call<Batch>('GET', `/api/v1/batches/${batch.batchId}`)).body).toEqual(batch);
  expect((await again.submit()).body).toEqual(batch);
});

test('blocks that nothing names are removed, held ones stay', async () => {
  const { dataDirectory, coordinator: first, scientist } = await prepared();
  await scientist.submit({ units: [unitOf('a', { stdin: input.ref })], blocks: input.blocks });
  const loose = splitFile(utf8Bytes('nothing names this')).blocks[0] as Block;
  await scientist.client.putBlock(loose, scientist.signer);
  await first.stop();
  const second = await started({ dataDirectory, unusedBlockRetentionMs: 0, retentionIntervalMs: 50 });
  await until(
    async () => existsSync(fileOf(dataDirectory, loose)),
    (exists) => !exists,
  );
  const served = await fetch(`${second.gatewayUrl}/blocks/${input.ref.cid}`);
  expect(await served.text()).toBe('an input');
});

test('a batch that ended long ago loses blocks and results, and says so', async () => {
  const { dataDirectory, coordinator, client: before, scientist } = await prepared();
  const units = [unitOf('a', { stdin: input.ref })];
  const { body: batch } = await scientist.submit({ units, blocks: input.blocks });
  const [block] = input.blocks as [Block];
  expect(existsSync(fileOf(dataDirectory, block))).toBe(true);
  await before.call('POST', `/api/v1/batches/${batch.batchId}/cancel`, { json: {}, signer: scientist.key });
  await coordinator.stop();
  const retention = { retentionMs: 0, unusedBlockRetentionMs: 0, retentionIntervalMs: 100 };
  const client = new Client(await started({ dataDirectory, ...retention }));
  await until(
    async () => existsSync(fileOf(dataDirectory, block)),
    (exists) => !exists,
  );
  const { body } = await client.call<Batch>('GET', `/api/v1/batches/${batch.batchId}`);
  expect(body).toMatchObject({ state: 'cancelled', name: 'batch' });
  const missing = await client.call('POST', '/api/v1/blocks/missing', { json: { cids: [block.cid] } });
  expect(missing.body).toEqual({ missing: [block.cid] });
});

test('a batch that ended a moment ago keeps all it has', async () => {
  const { dataDirectory, coordinator, client: before, scientist } = await prepared();
  const units = [unitOf('a', { stdin: input.ref })];
  const { body: batch } = await scientist.submit({ units, blocks: input.blocks });
  const [block] = input.blocks as [Block];
  const loose = splitFile(utf8Bytes('nothing names this')).blocks[0] as Block;
  await before.putBlock(loose, scientist.signer);
  await before.call('POST', `/api/v1/batches/${batch.batchId}/cancel`, { json: {}, signer: scientist.key });
  await coordinator.stop();
  const dayMs = 24 * 60 * 60_000;
  await started({ dataDirectory, retentionMs: dayMs, unusedBlockRetentionMs: 0, retentionIntervalMs: 50 });
  // Old batches go before blocks that nothing names: when those are gone, the batch has been looked at.
  await until(
    async () => existsSync(fileOf(dataDirectory, loose)),
    (exists) => !exists,
  );
  expect(existsSync(fileOf(dataDirectory, block))).toBe(true);
});

test('a batch ends when its time is over, and not before', async () => {
  const { client, scientist } = await prepared();
  const { body: long } = await scientist.submit({ name: 'long', expiresAfterMs: 24 * 60 * 60_000 });
  const { body: short } = await scientist.submit({ name: 'short', expiresAfterMs: 1000 });
  const shown = async ({ batchId }: Batch) => (await client.call<Batch>('GET', `/api/v1/batches/${batchId}`)).body;
  const first = await until(
    () => Promise.all([shown(short), shown(long)]),
    (batches) => batches.some(({ state }) => state !== 'open'),
  );
  expect(first).toMatchObject([{ state: 'expired' }, { state: 'open' }]);
  // The batch ends first, then its units.
  const { counts } = await until(
    () => shown(short),
    (batch) => batch.counts.failed === 2,
  );
  expect(counts.ended).toEqual({ cancelled: 0, expired: 2, stopped: 0 });
});
