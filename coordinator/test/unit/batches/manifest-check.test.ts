// A manifest is complete and consistent, or refused with the reason.
import {
  BLOCK_MAXIMUM_BYTES,
  type Block,
  encodeManifestPage,
  type ManifestRoot,
  manifestRootSchema,
  rawCidOf,
  splitFile,
  type UnitDescriptor,
  utf8Bytes,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { checkManifest } from '../../../src/batches/manifest-check.js';

const shared = splitFile(utf8Bytes('shared input'));
const large = splitFile(new Uint8Array(2 * BLOCK_MAXIMUM_BYTES + 5));

function unit(name: string, more: Partial<UnitDescriptor> = {}): UnitDescriptor {
  return { name, args: [], stdin: null, files: [], ...more };
}

function manifest(units: readonly UnitDescriptor[], more: { blocks?: Block[]; collect?: string[] } = {}) {
  const pages: Block[] = [];
  for (let start = 0; start < units.length; start += 1024)
    pages.push(encodeManifestPage({ version: 1, firstIndex: start, units: units.slice(start, start + 1024) }));
  const root: ManifestRoot = manifestRootSchema.parse({
    version: 1,
    projectId: `proj_${'a'.repeat(52)}`,
    batchName: 'batch',
    appVersionId: `app_${'a'.repeat(52)}`,
    unitCount: units.length,
    pages: pages.map(({ cid }) => cid),
    common: {
      programName: 'program',
      args: [],
      env: {},
      files: [{ name: 'shared', ...shared.ref }],
      collect: more.collect ?? [],
      okExitCodes: [0],
      clockMs: null,
    },
    limits: { timeoutMs: 1000, outputMaximumBytes: 1000, fuelMaximum: 1000, expectedDurationMs: 1000 },
    presentation: null,
  });
  const stored = new Map([...pages, ...shared.blocks, ...(more.blocks ?? [])].map(({ cid, bytes }) => [cid, bytes]));
  const reader = {
    sizeOf: (cid: Block['cid']) => stored.get(cid)?.length,
    read: async (cid: Block['cid']) => stored.get(cid) ?? new Uint8Array(),
  };
  return { root, pages, stored, check: (checked = root) => checkManifest(checked, reader) };
}

test('gives every block that the batch needs, once', async () => {
  const units = Array.from({ length: 1025 }, (_, index) => unit(`unit-${index}`, { stdin: large.ref }));
  const { pages, check } = manifest(units, { blocks: large.blocks });
  const expected = [...pages, ...shared.blocks, ...large.blocks].map(({ cid }) => cid);
  expect([...(await check())].sort()).toEqual([...new Set(expected)].sort());
});

test('missing blocks are named: pages, lists and their parts', async () => {
  const { stored, check, root } = manifest([unit('a', { stdin: large.ref })], { blocks: large.blocks });
  const [page] = root.pages;
  for (const cid of [page, large.ref.cid, large.blocks[2]?.cid, shared.ref.cid]) {
    const bytes = stored.get(cid as Block['cid']);
    stored.delete(cid as Block['cid']);
    await expect(check()).rejects.toMatchObject({ code: 'MH-BAT-002', meta: { missing: [cid], missingCount: 1 } });
    stored.set(cid as Block['cid'], bytes as Uint8Array);
  }
  await expect(check()).resolves.toBeDefined();
});

test('two units of one name are refused, also across pages', async () => {
  const units = Array.from({ length: 1025 }, (_, index) => unit(index === 1024 ? 'unit-0' : `unit-${index}`));
  await expect(manifest(units).check()).rejects.toMatchObject({ code: 'MH-BAT-006', meta: { name: 'unit-0' } });
});

test('a size that is not the size of the block is refused', async () => {
  const stdin = { cid: rawCidOf(utf8Bytes('shared input')), sizeBytes: 5 };
  await expect(manifest([unit('a', { stdin })]).check()).rejects.toMatchObject({ code: 'MH-BAT-003' });
});

test('a list of blocks that does not fit its size is refused', async () => {
  const stdin = { cid: large.ref.cid, sizeBytes: large.ref.sizeBytes - 5 };
  const { check } = manifest([unit('a', { stdin })], { blocks: large.blocks });
  await expect(check()).rejects.toMatchObject({ code: 'MH-BAT-003' });
});

test('pages that do not fit the number of units are refused', async () => {
  const { root, check } = manifest([unit('a'), unit('b')]);
  await expect(check({ ...root, unitCount: 1 })).rejects.toMatchObject({ code: 'MH-BAT-003' });
  await expect(check({ ...root, unitCount: 2000 })).rejects.toMatchObject({ code: 'MH-BAT-003' });
  const twice = [root.pages[0], root.pages[0]] as Block['cid'][];
  await expect(check({ ...root, unitCount: 1026, pages: twice })).rejects.toMatchObject({ code: 'MH-BAT-003' });
});

test('collected files must be sorted and named once', async () => {
  await expect(manifest([unit('a')], { collect: ['b', 'a'] }).check()).rejects.toMatchObject({ code: 'MH-BAT-003' });
  await expect(manifest([unit('a')], { collect: ['a', 'a'] }).check()).rejects.toMatchObject({ code: 'MH-BAT-003' });
  await expect(manifest([unit('a')], { collect: ['a', 'b'] }).check()).resolves.toBeDefined();
});
