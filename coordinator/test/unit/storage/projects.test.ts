// Projects: one per name, invitations good for one use, a bound on those that wait.
import { projectIdOf, utf8Bytes } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { SqliteNonces } from '../../../src/storage/sqlite/nonces.js';
import { SqliteProjects } from '../../../src/storage/sqlite/projects.js';
import { keyOf } from '../../support/records.js';
import { testDatabase } from '../../support/storage.js';

const INVITATION = utf8Bytes('hash of an invitation');

function create(
  projects: SqliteProjects,
  name: string,
  more: { id?: string; invitation?: Uint8Array; nowMs?: number; network?: string; mayBeFounded?: boolean } = {},
) {
  return projects.create({
    projectId: projectIdOf(utf8Bytes(more.id ?? name)),
    genesis: {
      ...{ version: 1, name, title: name, question: '', description: '' },
      ...{ ownerKey: keyOf(name).publicKey, nonce: new Uint8Array(16) },
    },
    envelope: new Uint8Array(),
    isActive: false,
    invitationHash: more.invitation ?? null,
    nowMs: more.nowMs ?? 1,
    network: more.network ?? 'here',
    mayBeFounded: () => more.mayBeFounded ?? true,
  });
}

test('the same genesis again is found, another one of that name is refused', async () => {
  const projects = new SqliteProjects(testDatabase());
  expect(await create(projects, 'a')).toBe('created');
  expect(await create(projects, 'a')).toBe('exists');
  expect(await create(projects, 'a', { id: 'other' })).toBe('name-taken');
  expect([...projects.list({ afterRowId: 0, isPendingWanted: false, limit: 10 })]).toEqual([]);
  expect(projects.findByName('a')?.state).toBe('pending');
});

test('an invitation is good once and until it expires', async () => {
  const projects = new SqliteProjects(testDatabase());
  await projects.addInvitation(INVITATION, 100);
  expect(await create(projects, 'late', { invitation: INVITATION, nowMs: 100 })).toBe('invitation-refused');
  expect(await create(projects, 'unknown', { invitation: utf8Bytes('x') })).toBe('invitation-refused');
  expect(await create(projects, 'a', { invitation: INVITATION })).toBe('created');
  expect(projects.findByName('a'), 'its facts are still to be stated').toMatchObject({
    state: 'pending',
    isInvited: true,
  });
  expect(await create(projects, 'b', { invitation: INVITATION })).toBe('invitation-refused');
});

test('texts replace those of a lower sequence, and only those', async () => {
  const projects = new SqliteProjects(testDatabase());
  await create(projects, 'a');
  const projectId = projectIdOf(utf8Bytes('a'));
  const words = { title: 'A', question: '?', description: '', inputLicence: 'i', resultLicence: 'r', contact: 'c' };
  const put = (sequence: number, runBy: string): Promise<boolean> =>
    projects.putTexts({ version: 1, projectId, sequence, ...words, runBy }, utf8Bytes(`texts ${sequence}`), 'pending');
  expect([await put(2, 'ann'), await put(2, 'bob'), await put(1, 'cid')]).toEqual([true, false, false]);
  expect(projects.find(projectId)).toMatchObject({ ...words, runBy: 'ann', textsSequence: 2, name: 'a' });
  expect(projects.find(projectId)?.texts).toEqual(Buffer.from('texts 2'));
  expect(await put(3, 'dan')).toBe(true);
});

test('strangers cannot fill the list of those that wait', async () => {
  const projects = new SqliteProjects(testDatabase());
  await Promise.all(Array.from({ length: 100 }, (_, number) => create(projects, `p${number}`)));
  expect(await create(projects, 'one-more')).toBe('too-many-pending');
});

test('when all places are taken, the network that has most of them gives one up for another', async () => {
  const projects = new SqliteProjects(testDatabase());
  for (let at = 0; at < 98; at++) await create(projects, `flood-${at}`, { network: 'flood' });
  await create(projects, 'small-1', { network: 'small' });
  await create(projects, 'small-2', { network: 'small' });
  expect(await create(projects, 'honest', { network: 'elsewhere' })).toBe('created');
  expect(await create(projects, 'flood-again', { network: 'flood' })).toBe('too-many-pending');
  const names = [...projects.list({ afterRowId: 0, isPendingWanted: true, limit: 1000 })].map(({ name }) => name);
  expect(names).toHaveLength(100);
  expect(names).not.toContain('flood-97');
  expect(names).toEqual(expect.arrayContaining(['flood-0', 'small-1', 'small-2', 'honest']));
});

test('a network that has founded its share is told so, unless it was invited', async () => {
  const projects = new SqliteProjects(testDatabase());
  await projects.addInvitation(INVITATION, 100);
  expect(await create(projects, 'a', { mayBeFounded: false })).toBe('too-many-founded');
  expect(await create(projects, 'a', { mayBeFounded: false, invitation: INVITATION })).toBe('created');
  expect(await create(projects, 'a', { mayBeFounded: false, invitation: INVITATION })).toBe('exists');
});

test('names that differ in case alone are one name', async () => {
  const projects = new SqliteProjects(testDatabase());
  await create(projects, 'Words-2024');
  expect(await create(projects, 'words-2024')).toBe('name-taken');
  expect(projects.findByName('words-2024'), 'but each is found as it is written').toBeUndefined();
});

test('those that wait are removed after a while, or rejected; what was ever approved is not', async () => {
  const projects = new SqliteProjects(testDatabase());
  await projects.addInvitation(INVITATION, 1000);
  const rowOf = (name: string) => projects.findByName(name) as NonNullable<ReturnType<typeof projects.findByName>>;
  for (const [at, name] of ['old', 'approved', 'invited', 'young'].entries())
    await create(projects, name, { nowMs: at === 3 ? 600 : 1, ...(name === 'invited' && { invitation: INVITATION }) });
  expect(await projects.activate(rowOf('approved'))).toBe(true);
  await projects.removeWaiting(500);
  expect([...projects.list({ afterRowId: 0, isPendingWanted: true, limit: 1000 })].map(({ name }) => name)).toEqual([
    'approved',
    'invited',
    'young',
  ]);
  expect(await projects.remove(rowOf('approved').projectId)).toBe(false);
  expect(await projects.remove(rowOf('invited').projectId)).toBe(true);
  expect(await create(projects, 'again', { invitation: INVITATION }), 'it stays used').toBe('invitation-refused');
  expect(await create(projects, 'invited')).toBe('created');
});

test('pausing publishes nothing that was never approved', async () => {
  const projects = new SqliteProjects(testDatabase());
  await create(projects, 'a');
  const { projectId } = projects.findByName('a') as { projectId: string };
  expect(await projects.setState(projectId, 'pending', 'paused')).toBe(true);
  expect(await projects.setState(projectId, 'pending', 'active'), 'it is in another state by now').toBe(false);
  expect([...projects.list({ afterRowId: 0, isPendingWanted: false, limit: 10 })]).toEqual([]);
});

test('a nonce is good once', async () => {
  const nonces = new SqliteNonces(testDatabase());
  const laterMs = Date.now() + 60_000;
  expect([await nonces.use('a', laterMs), await nonces.use('b', laterMs), await nonces.use('a', laterMs)]).toEqual([
    true,
    true,
    false,
  ]);
});
