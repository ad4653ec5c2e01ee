// The manifest: the same inputs give the same bytes, whatever they come from; pages are full; bounds are kept.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AppVersionId,
  BLOCK_MAXIMUM_BYTES,
  type Block,
  type Cid,
  decodeManifestPage,
  encodeDagCbor,
  type ManifestRoot,
  type ProjectId,
  splitFile,
  UNITS_PER_PAGE,
} from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { makeRoot, storeFiles, writePages } from '../../src/submit/manifest.js';
import type { BatchOptions, Inputs } from '../../src/submit/options.js';
import { createSourceReader } from '../../src/submit/source.js';

const identity = {
  projectId: `proj_${'a'.repeat(52)}` as ProjectId,
  appVersionId: `app_${'b'.repeat(52)}` as AppVersionId,
  appName: 'count',
};
let directory: string;
beforeAll(async () => {
  directory = await temporaryFolder();
});

type Written = { root: ManifestRoot; blocks: Map<Cid, Block> };

async function write(inputs: Inputs, options: BatchOptions = {}, inputMaximumBytes = 2 ** 32): Promise<Written> {
  const blocks = new Map<Cid, Block>();
  const addBlock = async (block: Block): Promise<void> => {
    blocks.set(block.cid, block);
  };
  const sources = createSourceReader({ inputMaximumBytes }, { uploader: { add: addBlock } });
  const files = await storeFiles(options.files ?? {}, sources);
  const written = await writePages(
    inputs,
    { hasCollectedFiles: false, unitsMaximum: 5000 },
    { sources, addBlock, onUnit: () => undefined },
  );
  return { root: makeRoot(identity, options, { ...written, files }), blocks };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );

test('text, bytes, files on disk, arrays and generators of the same content make the same manifest', async () => {
  const path = join(directory, 'input.txt');
  await writeFile(path, 'hello');
  const fromText = await write([{ name: 'u', stdin: 'hello' }]);
  const fromBytes = await write([{ name: 'u', stdin: new TextEncoder().encode('hello') }]);
  const fromDisk = await write(
    (async function* () {
      yield { name: 'u', stdin: { path } };
    })(),
  );
  expect(encodeDagCbor(fromBytes.root)).toEqual(encodeDagCbor(fromText.root));
  expect(encodeDagCbor(fromDisk.root)).toEqual(encodeDagCbor(fromText.root));
});

test('the order in which options are written does not matter, their content does', async () => {
  const inputs = [{ name: 'u', files: { b: '2', a: '1' } }];
  const first = await write(inputs, {
    files: { y: 'Y', x: 'X' },
    env: { B: '2', A: '1' },
    collect: ['q', 'p'],
    okExitCodes: [20, 0],
  });
  const second = await write([{ name: 'u', files: { a: '1', b: '2' } }], {
    okExitCodes: [0, 20, 0],
    collect: ['p', 'q', 'p'],
    env: { A: '1', B: '2' },
    files: { x: 'X', y: 'Y' },
  });
  expect(encodeDagCbor(second.root)).toEqual(encodeDagCbor(first.root));
  const third = await write(inputs, { files: { y: 'Y', x: 'Z' } });
  expect(third.root.batchName).not.toBe(first.root.batchName);
});

test('a name by default depends on contents, a given one is kept', async () => {
  const first = await write([{ name: 'u', stdin: '1' }]);
  const second = await write([{ name: 'u', stdin: '2' }]);
  expect(first.root.batchName).toMatch(/^count-[a-z2-7]{10}$/);
  expect(second.root.batchName).not.toBe(first.root.batchName);
  expect((await write([{ name: 'u' }], { name: 'mine' })).root.batchName).toBe('mine');
});

test('all pages but the last are full and hold the units in order', async () => {
  const inputs = Array.from({ length: 2 * UNITS_PER_PAGE + 5 }, (_, index) => ({
    name: `u${index}`,
    args: [`${index}`],
  }));
  const { root, blocks } = await write(inputs);
  expect(root.pages).toHaveLength(3);
  const units = root.pages.flatMap(
    (cid, index) => decodeManifestPage(root, index, blocks.get(cid)?.bytes ?? new Uint8Array()).units,
  );
  expect(units.map(({ name }) => name)).toEqual(inputs.map(({ name }) => name));
});

test('a large file on disk is cut as the contract cuts it', async () => {
  const bytes = new Uint8Array(2 * BLOCK_MAXIMUM_BYTES + 17).map((_, index) => index % 251);
  const exact = bytes.subarray(0, 2 * BLOCK_MAXIMUM_BYTES);
  for (const [name, content] of [
    ['odd', bytes],
    ['exact', exact],
    ['empty', new Uint8Array()],
  ] as const) {
    const path = join(directory, name);
    await writeFile(path, content);
    const { root, blocks } = await write([{ name: 'u' }], { files: { data: { path } } });
    const expected = splitFile(content);
    expect(root.common.files, name).toEqual([{ name: 'data', ...expected.ref }]);
    for (const { cid } of expected.blocks) expect(blocks.has(cid), name).toBe(true);
  }
});

test('clock and fuel have documented defaults', async () => {
  const { root } = await write([{ name: 'u' }], { timeoutMs: 1000 });
  expect([root.common.clockMs, root.limits.fuelMaximum]).toEqual([null, 20_000_000_000]);
  const set = await write([{ name: 'u' }], { clockMs: 5, fuelMaximum: 6 });
  expect([set.root.common.clockMs, set.root.limits.fuelMaximum]).toEqual([5, 6]);
  expect(await codeOf(write([{ name: 'u' }], { fuelMaximum: 0 }))).toBe('MH-GEN-009');
  expect(await codeOf(write([{ name: 'u' }], { clockMs: 8e15 }))).toBe('MH-GEN-009');
});

test('no input, an input over the limit, too many units, unusable options', async () => {
  expect(await codeOf(write([]))).toBe('MH-BAT-007');
  expect(await codeOf(write([{ name: 'u', stdin: 'x'.repeat(101) }], {}, 100))).toBe('MH-BAT-005');
  const many = Array.from({ length: 5001 }, (_, index) => ({ name: `${index}` }));
  expect(await codeOf(write(many))).toBe('MH-BAT-005');
  expect(await codeOf(write([{ name: 'u' }], { timeoutMs: 1 }))).toBe('MH-GEN-009');
  expect(await codeOf(write([{ name: 'u', stdin: { path: join(directory, 'absent') } }]))).toBe('MH-GEN-013');
  const wordy = Array.from({ length: UNITS_PER_PAGE }, (_, index) => ({ name: `${index}`, args: ['x'.repeat(2000)] }));
  expect(await codeOf(write(wordy))).toBe('MH-BAT-005');
});
