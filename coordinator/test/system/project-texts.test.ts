// What a project says of itself: changed by its owner's signature alone, and not taken back where the operator asks for it.
import { fromBase64Url, open, type Project, projectTextsSchema } from '@manyhands/contract';
import { beforeAll, expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { Client, started } from '../support/running.js';
import { Scientist } from '../support/scientist.js';

let openOne: Client;
let closed: Client;
beforeAll(async () => {
  const [first, second] = await Promise.all([started(), started({ isOpen: false })]);
  [openOne, closed] = [new Client(first), new Client(second)];
});

async function founded(name: string, isOpen = true): Promise<Scientist> {
  const scientist = new Scientist(isOpen ? openOne : closed, name);
  await scientist.found();
  return scientist;
}

test('a higher sequence replaces every text, and anyone can verify who said it', async () => {
  const scientist = await founded('edited');
  const { client, projectId } = scientist;
  const show = async (): Promise<Project> => (await client.call<Project>('GET', `/api/v1/projects/${projectId}`)).body;
  expect(await show()).toMatchObject({ title: 'Project edited', contact: '', textsSequence: 0, texts: null });
  await scientist.state({ sequence: 3, title: 'Another title', contact: 'https://ada.example.org' });
  const shown = await show();
  expect(shown).toMatchObject({ title: 'Another title', contact: 'https://ada.example.org', textsSequence: 3 });
  const context = { type: 'project-texts', coordinatorId: client.coordinatorId } as const;
  const opened = open(fromBase64Url(shown.texts ?? ''), context, {
    schema: projectTextsSchema,
    publicKey: scientist.key.publicKey,
  });
  expect(opened).toMatchObject({ ok: true, value: { sequence: 3, title: 'Another title' } });
  expect((await client.call<Project[]>('GET', '/api/v1/projects?name=edited')).body).toEqual([shown]);
});

test('the same record again changes nothing; another one of that sequence or a lower one is refused', async () => {
  const scientist = await founded('twice');
  const first = await scientist.state({ sequence: 2 });
  expect((await scientist.state({ sequence: 2 })).body).toEqual(first.body);
  for (const change of [{ sequence: 2, title: 'Other' }, { sequence: 1 }])
    expect(await scientist.state(change)).toMatchObject({
      status: 409,
      body: { code: 'MH-PRJ-006', meta: { textsSequence: 2 } },
    });
});

test('records of others, for others or of another shape are refused', async () => {
  const scientist = await founded('stranger');
  expect(await scientist.state({}, keyOf('eve'))).toMatchObject({ status: 403, body: { code: 'MH-SIG-004' } });
  expect((await scientist.state({ projectId: `proj_${'a'.repeat(52)}` })).body.code).toBe('MH-SIG-004');
  expect((await scientist.state({ colour: 'red' })).body.code).toBe('MH-SIG-002');
  expect((await scientist.state({ runBy: 'x'.repeat(201) })).body.code).toBe('MH-SIG-002');
  const put = (path: string, json: unknown) => scientist.client.call('PUT', `/api/v1/projects/${path}/texts`, { json });
  expect(await put(scientist.projectId, {})).toMatchObject({ status: 400, body: { code: 'MH-GEN-002' } });
  expect(await put(`proj_${'a'.repeat(52)}`, { texts: 'AA' })).toMatchObject({
    status: 404,
    body: { code: 'MH-GEN-003' },
  });
});

test('on an open coordinator facts may be missing', async () => {
  const scientist = await founded('silent');
  await scientist.state();
  expect((await scientist.state({ sequence: 2, runBy: '', contact: '' })).body).toMatchObject({
    state: 'active',
    runBy: '',
  });
});

test('where the operator approves, an active project keeps stating its facts; the refusal names what is missing', async () => {
  const scientist = await founded('kept', false);
  await scientist.state();
  await scientist.client.operator('POST', `/projects/${scientist.projectId}/approve`);
  const refused = await scientist.state({ sequence: 2, runBy: '  ', resultLicence: '' });
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'MH-PRJ-005', meta: { missing: ['--result-licence', '--run-by'] } },
  });
  expect(refused.body.message).toContain('manyhands project edit kept');
  expect((await scientist.state({ sequence: 2, runBy: 'Grace' })).body).toMatchObject({
    state: 'active',
    runBy: 'Grace',
  });
});
