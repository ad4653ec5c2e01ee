// Projects, blocks, app versions and batches: what is right is taken once, what is forged, stale or inconsistent is refused with its code.
import {
  type AppVersionStatus,
  type Batch,
  BLOCK_MAXIMUM_BYTES,
  encodeManifestPage,
  rawCidOf,
  splitFile,
  utf8Bytes,
} from '@manyhands/contract';
import { beforeEach, describe, expect, test } from 'vitest';
import { COMMAND, programOf, published, STEPS } from '../support/programs.js';
import { genesisOf, keyOf } from '../support/records.js';
import { Client, started, until } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { Scientist, unitOf } from '../support/scientist.js';

const block = (text: string) => ({ cid: rawCidOf(utf8Bytes(text)), bytes: utf8Bytes(text) });

describe('projects', () => {
  test('wait for approval on a coordinator that is not open', async () => {
    const client = new Client(await started({ isOpen: false }));
    const scientist = new Scientist(client);
    expect((await scientist.found()).body.state).toBe('pending');
    expect((await client.call('GET', '/api/v1/projects')).body).toEqual([]);
    expect(await client.putBlock(block('a'), scientist.signer)).toMatchObject({
      status: 403,
      body: { code: 'MH-PRJ-003' },
    });
    const approve = () => client.operator('POST', `/projects/${scientist.projectId}/approve`);
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'MH-PRJ-005' } });
    expect((await scientist.state()).body).toMatchObject({ state: 'pending', runBy: 'Ada', textsSequence: 1 });
    expect((await approve()).body).toMatchObject({ state: 'active' });
    expect((await scientist.found()).body.state).toBe('active');
    expect((await client.putBlock(block('a'), scientist.signer)).status).toBe(200);
  });

  test('with an invitation, which is good once, need no approval, only their facts', async () => {
    const client = new Client(await started({ isOpen: false }));
    const { body } = await client.operator<{ invitation: string }>('POST', '/invitations');
    const invited = new Scientist(client, 'a');
    expect((await invited.found(body.invitation)).body.state).toBe('pending');
    expect((await invited.state({ contact: '' })).body.state).toBe('pending');
    expect((await invited.state({ sequence: 2 })).body.state).toBe('active');
    expect(await new Scientist(client, 'b').found(body.invitation)).toMatchObject({
      status: 403,
      body: { code: 'MH-PRJ-002' },
    });
    expect((await new Scientist(client, 'c').found('made up')).body.code).toBe('MH-PRJ-002');
  });

  test('keep their name; a genesis is signed by the key that it names, for this coordinator', async () => {
    const client = new Client(await started());
    const scientist = new Scientist(client);
    await scientist.found();
    const other = keyOf('other');
    const post = (genesis: string) => client.call('POST', '/api/v1/projects', { json: { genesis, invitation: null } });
    const taken = scientist.sealed(genesisOf('science', other), 'project-genesis', other);
    expect(await post(taken)).toMatchObject({ status: 409, body: { code: 'MH-PRJ-001' } });
    const foreign = scientist.sealed(genesisOf('new', scientist.key), 'project-genesis', other);
    expect((await post(foreign)).body.code).toBe('MH-SIG-004');
    const wrongType = scientist.sealed(genesisOf('new', scientist.key), 'account-genesis');
    expect((await post(wrongType)).body.code).toBe('MH-SIG-001');
    const elsewhere = new Scientist(new Client({ url: '', coordinatorId: `coord_${'a'.repeat(52)}` as never }));
    expect((await post(elsewhere.sealed(genesisOf('new', elsewhere.key), 'project-genesis'))).body.code).toBe(
      'MH-SIG-001',
    );
  });

  test('are found by name, paused and resumed by the operator', async () => {
    const { client, scientist } = await prepared();
    const byName = await client.call<{ projectId: string }[]>('GET', '/api/v1/projects?name=science');
    expect(byName.body).toMatchObject([{ projectId: scientist.projectId }]);
    await client.operator('POST', `/projects/${scientist.projectId}/pause`);
    expect(await scientist.submit()).toMatchObject({ status: 403, body: { code: 'MH-PRJ-003' } });
    await client.operator('POST', `/projects/${scientist.projectId}/resume`);
    expect((await scientist.submit()).status).toBe(200);
  });
});

describe('blocks', () => {
  let client: Client;
  let scientist: Scientist;
  beforeEach(async () => {
    client = new Client(await started({ projectQuotaBytes: BLOCK_MAXIMUM_BYTES + 10 }));
    scientist = new Scientist(client);
    await scientist.found();
  });

  test('are stored once, redirected to the gateway and served there', async () => {
    const { cid, bytes } = block('hello');
    expect((await client.call('POST', '/api/v1/blocks/missing', { json: { cids: [cid] } })).body).toEqual({
      missing: [cid],
    });
    expect((await client.putBlock(block('hello'), scientist.signer)).status).toBe(200);
    expect((await client.putBlock(block('hello'), scientist.signer)).status).toBe(200);
    expect((await client.call('POST', '/api/v1/blocks/missing', { json: { cids: [cid] } })).body).toEqual({
      missing: [],
    });
    const redirected = await client.call('GET', `/api/v1/blocks/${cid}`);
    expect(redirected.status).toBe(307);
    const served = await fetch(redirected.headers.get('location') ?? '');
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(Uint8Array.from(bytes));
  });

  test('that do not match, are too large, unsigned, signed by another key or used again are refused', async () => {
    const { cid, bytes } = block('hello');
    const put = (more: object, name: string = cid) =>
      client.call('PUT', `/api/v1/blocks/${name}?project=${scientist.projectId}`, { bytes, ...more });
    const signer = scientist.key;
    expect((await put({ signer, bytes: utf8Bytes('other') })).body.code).toBe('MH-BLK-001');
    const large = new Uint8Array(BLOCK_MAXIMUM_BYTES + 1);
    expect(await put({ signer, bytes: large })).toMatchObject({ status: 413, body: { code: 'MH-GEN-011' } });
    expect(await put({})).toMatchObject({ status: 401, body: { code: 'MH-SIG-008' } });
    expect(await put({ signer: keyOf('other') })).toMatchObject({ status: 403, body: { code: 'MH-SIG-004' } });
    expect((await put({ signer }, 'bafkreinonsense')).body.code).toBe('MH-BLK-004');
    const path = `/api/v1/blocks/${cid}?project=${scientist.projectId}`;
    const headers = { authorization: client.token('PUT', path, { body: bytes, signer }) };
    expect((await put({ headers })).status).toBe(200);
    expect(await put({ headers })).toMatchObject({ status: 401, body: { code: 'MH-SIG-006' } });
    const old = { authorization: client.token('PUT', `${path}&x=1`, { body: bytes, signer }) };
    expect((await put({ headers: old })).body.code).toBe('MH-SIG-001');
  });

  test('of a project over its quota are refused, with nothing stored', async () => {
    const first = splitFile(new Uint8Array(BLOCK_MAXIMUM_BYTES)).blocks[0] as never;
    expect((await client.putBlock(first, scientist.signer)).status).toBe(200);
    const second = block('more than ten bytes');
    expect(await client.putBlock(second, scientist.signer)).toMatchObject({
      status: 403,
      body: { code: 'MH-PRJ-004' },
    });
    const { body } = await client.call('POST', '/api/v1/blocks/missing', { json: { cids: [second.cid] } });
    expect(body).toEqual({ missing: [second.cid] });
  });
});

describe('app versions', () => {
  let scientist: Scientist;
  beforeEach(async () => {
    scientist = new Scientist(new Client(await started()));
    await scientist.found();
  });

  test('are ready once the pipeline made the same module again', async () => {
    expect(await scientist.publishChecked()).toMatchObject({ state: 'ready', refusal: null, name: 'program' });
    const again = await scientist.publish();
    expect(again.body).toMatchObject({ appVersionId: scientist.appVersionId, state: 'ready' });
  });

  test('of a command have two builds', async () => {
    const program = await programOf(COMMAND);
    expect(Object.keys(program.builds)).toEqual(['nonleaf', 'all']);
    expect(await scientist.publishChecked(program)).toMatchObject({ state: 'ready', refusal: null });
  });

  test('whose builds are not what the pipeline makes are refused', async () => {
    const refused = { state: 'refused', refusal: { code: 'MH-APP-003' } };
    const { builds } = await programOf(STEPS);
    expect(await scientist.publishChecked(published(STEPS, { step: STEPS }))).toMatchObject(refused);
    expect((await scientist.submit()).body.code).toBe('MH-APP-002');
    const swapped = published(STEPS, { nonleaf: STEPS, all: STEPS });
    expect(await scientist.publishChecked(swapped)).toMatchObject(refused);
    const otherOriginal = { ...(await programOf(STEPS)), ...published(COMMAND, {}), builds };
    await scientist.publish(await programOf(STEPS), { name: 'blocks-only' });
    expect(await scientist.publishChecked(otherOriginal)).toMatchObject(refused);
  });

  test('that say more or less memory than their builds may take are refused', async () => {
    for (const memoryMaximumBytes of [8 * 65536, 17 * 65536]) {
      const status = await scientist.publishChecked(await programOf(), { memoryMaximumBytes });
      expect(status, `${memoryMaximumBytes}`).toMatchObject({ state: 'refused', refusal: { code: 'MH-APP-003' } });
    }
  });

  test('with something that is no module are refused', async () => {
    const text = utf8Bytes('this is not a module');
    const status: AppVersionStatus = await scientist.publishChecked(published(text, { step: text }));
    expect(status).toMatchObject({ state: 'refused', refusal: { code: 'MH-MOD-001' } });
  });

  test('that take more memory to check than allowed are refused', async () => {
    const narrow = new Scientist(new Client(await started({ appCheckMemoryBytes: 64 * 1024 ** 2 })), 'narrow');
    await narrow.found();
    expect(await narrow.publishChecked(await programOf(COMMAND))).toMatchObject({
      state: 'refused',
      refusal: { code: 'MH-MOD-016', retryable: false },
    });
  });

  test('wait for their check in bounded numbers', async () => {
    const eager = new Scientist(new Client(await started({ pendingAppVersionsMaximum: 1 })), 'eager');
    await eager.found();
    const command = await programOf(COMMAND);
    const answers = await Promise.all(['a', 'b'].map((name) => eager.publish(command, { name })));
    expect(answers.map(({ body }) => body.code).sort()).toEqual(['MH-GEN-012', undefined]);
  });

  test('of missing blocks, of another project or by another key are refused', async () => {
    const never = splitFile(utf8Bytes('never put, never put')).ref;
    for (const record of [{ original: never }, { builds: { step: never } }])
      expect((await scientist.publish(undefined, record)).body.code).toBe('MH-BAT-002');
    const projectId = `proj_${'a'.repeat(52)}`;
    expect((await scientist.publish(undefined, { projectId })).body.code).toBe('MH-SIG-004');
    const thief = new Scientist(scientist.client, 'thief');
    thief.projectId = scientist.projectId;
    expect((await thief.publish()).body.code).toBe('MH-SIG-004');
  });

  test('are stopped by the operator, with their batches', async () => {
    const { scientist } = await prepared();
    const { body: batch } = await scientist.submit();
    await scientist.client.operator('POST', `/app-versions/${scientist.appVersionId}/stop`);
    const { body } = await scientist.client.call<Batch>('GET', `/api/v1/batches/${batch.batchId}`);
    expect(body).toMatchObject({ state: 'cancelled', counts: { failed: 2, waiting: 0 } });
    expect((await scientist.submit({ name: 'next' })).body.code).toBe('MH-APP-002');
  });
});

describe('batches', () => {
  let scientist: Scientist;
  beforeEach(async () => {
    ({ scientist } = await prepared());
  });

  test('are shown with their units', async () => {
    const { body: batch } = await scientist.submit();
    expect(batch).toMatchObject({
      ...{ name: 'batch', state: 'open', quorum: 2, isVerified: true, policySequence: 0 },
      counts: { total: 2, waiting: 2, running: 0, checking: 0, accepted: 0, failed: 0 },
      ...{ creditMilli: 0, completedAtMs: null },
    });
    const get = <T>(path: string) => scientist.client.call<T>('GET', `/api/v1/batches/${batch.batchId}${path}`);
    expect((await get('/units')).body).toMatchObject({
      units: [{ index: 0, name: 'unit-1', state: 'waiting' }, { index: 1 }],
    });
    expect((await get('/units/1')).body).toMatchObject({ name: 'unit-2', digest: null, replicas: [] });
    expect(await get('/units/2')).toMatchObject({ status: 404, body: { code: 'MH-GEN-003' } });
    expect(await get('/units/0/stdout')).toMatchObject({ status: 404, body: { code: 'MH-BAT-009' } });
    expect((await get('/outcomes?waitMs=100')).body).toMatchObject({ outcomes: [], batch: { state: 'open' } });
  });

  test('of the same name and content are the same; of other content are refused', async () => {
    const first = await scientist.submit();
    expect((await scientist.submit()).body).toEqual(first.body);
    const together = await Promise.all([scientist.submit({ name: 'b' }), scientist.submit({ name: 'b' })]);
    expect(together.map(({ status }) => status)).toEqual([200, 200]);
    expect(await scientist.submit({ units: [unitOf('other')] })).toMatchObject({
      status: 409,
      body: { code: 'MH-BAT-001' },
    });
  });

  test('with blocks that are missing are refused by name, and taken once they are there', async () => {
    const input = splitFile(utf8Bytes('an input'));
    const units = [unitOf('a', { stdin: input.ref })];
    const refused = await scientist.submit({ units });
    expect(refused).toMatchObject({ status: 409, body: { code: 'MH-BAT-002', meta: { missing: [input.ref.cid] } } });
    expect((await scientist.submit({ units, blocks: input.blocks })).status).toBe(200);
  });

  test('with two units of one name, or another first index, are refused', async () => {
    expect((await scientist.submit({ units: [unitOf('a'), unitOf('a')] })).body.code).toBe('MH-BAT-006');
    const shifted = encodeManifestPage({ version: 1, firstIndex: 5, units: [unitOf('a'), unitOf('b')] });
    const answer = await scientist.submit({ blocks: [shifted], root: { pages: [shifted.cid] } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'MH-BAT-003' } });
  });

  test('with bad signatures, foreign policies or unknown apps are refused', async () => {
    const other = keyOf('other');
    const { blocks, json, batchId } = scientist.plan();
    for (const put of blocks) await scientist.client.putBlock(put, scientist.signer);
    const policy = (value: Record<string, unknown>, key = scientist.key) => ({
      ...json,
      policy: scientist.sealed(value, 'policy', key),
    });
    const flipped = `${json.manifest.slice(0, -10)}${json.manifest.at(-10) === 'A' ? 'B' : 'A'}${json.manifest.slice(-9)}`;
    expect((await scientist.post({ ...json, manifest: flipped })).body.code).toMatch(/^MH-SIG-00[12]$/);
    expect((await scientist.post({ ...json, manifest: json.policy })).body.code).toBe('MH-SIG-001');
    expect((await scientist.post(policy(scientist.policy(batchId, {}), other))).body.code).toBe('MH-SIG-004');
    expect((await scientist.post(policy(scientist.policy(batchId, { sequence: 1 })))).body.code).toBe('MH-BAT-003');
    const elsewhere = `batch_${'a'.repeat(52)}`;
    expect((await scientist.post(policy(scientist.policy(elsewhere, {})))).body.code).toBe('MH-BAT-003');
    expect((await scientist.submit({ root: { appVersionId: `app_${'a'.repeat(52)}` } })).body.code).toBe('MH-BAT-003');
  });

  test('change their policy by higher sequences only', async () => {
    const { body: batch } = await scientist.submit();
    const put = (value: Record<string, unknown>) => {
      const json = { policy: scientist.sealed(value, 'policy') };
      return scientist.client.call<Batch>('PUT', `/api/v1/batches/${batch.batchId}/policy`, { json });
    };
    const second = scientist.policy(batch.batchId, { sequence: 2, quorum: 1 });
    expect((await put(second)).body).toMatchObject({ policySequence: 2, quorum: 1, isVerified: false });
    expect((await put(second)).status).toBe(200);
    expect((await put(scientist.policy(batch.batchId, { sequence: 1 }))).body.code).toBe('MH-SIG-006');
    expect((await put(scientist.policy(`batch_${'a'.repeat(52)}`, { sequence: 3 }))).body.code).toBe('MH-BAT-003');
  });

  test('are cancelled by their owner only, and then take no policy and no retry', async () => {
    const { body: batch } = await scientist.submit();
    const post = (path: string, signer = scientist.key) =>
      scientist.client.call<Batch>('POST', `/api/v1/batches/${batch.batchId}${path}`, {
        signer,
        json: path === '/retry' ? { indexes: null } : {},
      });
    expect((await post('/cancel', keyOf('other'))).body.code).toBe('MH-SIG-004');
    expect((await post('/cancel')).body).toMatchObject({ state: 'cancelled', counts: { failed: 2 } });
    expect((await post('/cancel')).body).toMatchObject({ state: 'cancelled' });
    expect((await post('/retry')).body.code).toBe('MH-BAT-004');
    const { body } = await scientist.client.call('GET', `/api/v1/batches/${batch.batchId}/outcomes`);
    expect(body).toMatchObject({
      outcomes: [
        { name: 'unit-1', state: 'failed', code: 'MH-VAL-004' },
        { name: 'unit-2', state: 'failed', code: 'MH-VAL-004' },
      ],
    });
  });

  test('end when their time is over', async () => {
    const { body: batch } = await scientist.submit({ expiresAfterMs: 1000 });
    const ended = await until(
      () => scientist.client.call<Batch>('GET', `/api/v1/batches/${batch.batchId}`),
      ({ body }) => body.state !== 'open' && body.counts.failed === 2,
    );
    expect(ended.body.state).toBe('expired');
  });
});
