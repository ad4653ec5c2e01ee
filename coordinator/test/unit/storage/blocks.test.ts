// The register of blocks: quotas, holders, and what may be forgotten.
import { type Cid, projectIdOf, rawCidOf, utf8Bytes } from '@manyhands/contract';
import { expect, test } from 'vitest';
import type { BlocksRepository } from '../../../src/blocks/blocks.repository.js';
import { SqliteBlocks } from '../../../src/storage/sqlite/blocks.js';
import { SqliteProjects } from '../../../src/storage/sqlite/projects.js';
import { keyOf } from '../../support/records.js';
import { testDatabase } from '../../support/storage.js';

const QUOTA_BYTES = 100;
const NOTHING: ReadonlySet<string> = new Set();

async function setUp() {
  const database = testDatabase();
  const projects = new SqliteProjects(database);
  const blocks = new SqliteBlocks(database);
  const rowIds: number[] = [];
  for (const name of ['one', 'two']) rowIds.push(await addProject(projects, name));
  const [one = 0, two = 0] = rowIds;
  return { projects, blocks, one, two };
}

async function addProject(projects: SqliteProjects, name: string): Promise<number> {
  const projectId = projectIdOf(utf8Bytes(name));
  const genesis = {
    ...{ version: 1 as const, name, title: name, question: '', description: '' },
    ...{ ownerKey: keyOf(name).publicKey, nonce: new Uint8Array(16) },
  };
  const rest = {
    envelope: new Uint8Array(),
    isActive: true,
    invitationHash: null,
    nowMs: 1,
    network: '',
    mayBeFounded: () => true,
  };
  await projects.create({ projectId, genesis, ...rest });
  return projects.find(projectId)?.rowId ?? 0;
}

const cidOf = (text: string): Cid => rawCidOf(utf8Bytes(text));

function put(blocks: BlocksRepository, text: string, projectRowId: number, { sizeBytes = 60, nowMs = 10 } = {}) {
  return blocks.record({ cid: cidOf(text), sizeBytes, projectRowId, quotaBytes: QUOTA_BYTES, nowMs });
}

test('a block is charged once to each project that puts it', async () => {
  const { blocks, projects, one, two } = await setUp();
  await put(blocks, 'a', one);
  await put(blocks, 'a', one);
  await put(blocks, 'a', two);
  expect(
    [...projects.list({ afterRowId: 0, isPendingWanted: true, limit: 10 })].map(({ blockBytes }) => blockBytes),
  ).toEqual([60, 60]);
  expect(blocks.totals()).toEqual({ blocks: 1, sizeBytes: 60 });
});

test('a project over its quota is refused, another one is not', async () => {
  const { blocks, projects, one, two } = await setUp();
  await put(blocks, 'a', one);
  expect(await put(blocks, 'b', one)).toBe('quota-exceeded');
  expect(blocks.find(cidOf('b'))).toBeUndefined();
  expect(await put(blocks, 'b', two)).toBe('recorded');
  expect(
    [...projects.list({ afterRowId: 0, isPendingWanted: true, limit: 10 })].map(({ blockBytes }) => blockBytes),
  ).toEqual([60, 60]);
});

test('held blocks stay, unheld ones go when nobody touched them, and the quota is given back', async () => {
  const { blocks, projects, one, two } = await setUp();
  await put(blocks, 'held', one);
  await put(blocks, 'old', two, { sizeBytes: 40, nowMs: 10 });
  await put(blocks, 'asked', two, { sizeBytes: 30, nowMs: 10 });
  const holder = await blocks.addHolder(1);
  expect(await blocks.hold(holder, [cidOf('held')])).toEqual([]);
  expect(await blocks.missing([cidOf('asked'), cidOf('none')], 50)).toEqual([cidOf('none')]);
  expect(await blocks.forgetUnused({ touchedBeforeMs: 20, except: NOTHING })).toEqual([cidOf('old')]);
  expect(
    [...projects.list({ afterRowId: 0, isPendingWanted: true, limit: 10 })].map(({ blockBytes }) => blockBytes),
  ).toEqual([60, 30]);
});

test('a released holder lets go of its blocks, others keep theirs', async () => {
  const { blocks, one } = await setUp();
  await put(blocks, 'a', one);
  const [first, second] = [await blocks.addHolder(1), await blocks.addHolder(1)];
  for (const holder of [first, first, second]) await blocks.hold(holder, [cidOf('a')]);
  expect(await blocks.releaseSome(first)).toBe(true);
  expect(await blocks.releaseSome(first)).toBe(false);
  expect(blocks.abandonedHolders()).toEqual([second]);
  expect(await blocks.forgetUnused({ touchedBeforeMs: 1000, except: NOTHING })).toEqual([]);
  await blocks.releaseSome(second);
  expect(await blocks.forgetUnused({ touchedBeforeMs: 1000, except: new Set([cidOf('a')]) })).toEqual([]);
  expect(await blocks.forgetUnused({ touchedBeforeMs: 1000, except: NOTHING })).toEqual([cidOf('a')]);
});

test('holding names what is missing; holders of nothing that exists are abandoned', async () => {
  const { blocks, one } = await setUp();
  await put(blocks, 'a', one);
  const holder = await blocks.addHolder(1);
  expect(await blocks.hold(holder, [cidOf('a'), cidOf('b')])).toEqual([cidOf('b')]);
  expect(blocks.abandonedHolders()).toEqual([holder]);
});
