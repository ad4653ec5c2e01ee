// What strangers bring into being for good: projects that wait for the operator.
import type { Project } from '@manyhands/contract';
import { beforeEach, expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { Client, started } from '../support/running.js';
import { Scientist } from '../support/scientist.js';

let client: Client;
beforeEach(async () => {
  client = new Client(await started({ isOpen: false }));
});

const listed = async (): Promise<string[]> =>
  (await client.call<Project[]>('GET', '/api/v1/projects')).body.map(({ name }) => name);

test('a network has a share of the projects that wait, those that were invited are not counted', async () => {
  const founded: number[] = [];
  for (let at = 0; at < 25; at++) founded.push((await new Scientist(client, `project-${at}`).found()).status);
  expect(founded.slice(0, 20)).toEqual(Array(20).fill(200));
  expect(founded.slice(21), 'more come back in an hour').toEqual(Array(4).fill(429));
  expect((await new Scientist(client, 'late').found()).body).toMatchObject({ code: 'MH-GEN-012', retryable: true });
  expect((await new Scientist(client, 'project-0').found()).status, 'what exists is found').toBe(200);
  const { body } = await client.operator<{ invitation: string }>('POST', '/invitations');
  expect((await new Scientist(client, 'invited').found(body.invitation)).status).toBe(200);
});

test('the operator rejects a project, and its name is free; not one that was ever approved', async () => {
  const squatter = new Scientist(client, 'Science');
  await squatter.found();
  const owner = Object.assign(new Scientist(client, 'Science'), { key: keyOf('the owner') });
  expect((await owner.found()).body.code).toBe('MH-PRJ-001');
  const reject = (projectId: string) => client.operator('POST', `/projects/${projectId}/reject`);
  expect(await reject(squatter.projectId)).toMatchObject({ status: 200, body: { name: 'Science', state: 'pending' } });
  expect((await reject(squatter.projectId)).status).toBe(404);
  expect((await owner.found()).status).toBe(200);
  await owner.state();
  await client.operator('POST', `/projects/${owner.projectId}/approve`);
  expect(await reject(owner.projectId)).toMatchObject({ status: 409, body: { code: 'MH-PRJ-008' } });
  expect(await listed()).toEqual(['Science']);
});

test('two names do not differ in case alone', async () => {
  await new Scientist(client, 'Science').found();
  expect((await new Scientist(client, 'sCIENCE').found()).body.code).toBe('MH-PRJ-001');
});

test('pausing a project that was never approved does not publish it, and it does not go on unapproved', async () => {
  const hidden = new Scientist(client, 'hidden');
  await hidden.found();
  await client.operator('POST', `/projects/${hidden.projectId}/pause`);
  expect(await listed()).toEqual([]);
  expect(await client.operator('POST', `/projects/${hidden.projectId}/resume`)).toMatchObject({
    status: 403,
    body: { code: 'MH-PRJ-003' },
  });
  await hidden.state();
  expect((await client.operator<Project>('POST', `/projects/${hidden.projectId}/approve`)).body.state).toBe('active');
  await client.operator('POST', `/projects/${hidden.projectId}/pause`);
  expect(await listed(), 'now it is public').toEqual(['hidden']);
});
