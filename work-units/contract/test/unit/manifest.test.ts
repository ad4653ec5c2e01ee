// Manifests, files and identifiers: deterministic, consistent with their references, safe names.
import {
  BLOCK_MAXIMUM_BYTES,
  decodeFileList,
  decodeManifestPage,
  encodeManifestPage,
  filePathSchema,
  hasFileList,
  type ManifestRoot,
  matchesCid,
  parseCid,
  rawCidOf,
  splitFile,
} from '@manyhands/contract';
import { expect, test } from 'vitest';

test('identifiers are those of other IPFS tools', () => {
  expect(rawCidOf(new TextEncoder().encode('hello world'))).toBe(
    'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
  );
  for (const bad of ['', 'bafkrei', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG', 5, `bafkrei${'1'.repeat(52)}`])
    expect(() => parseCid(bad), String(bad)).toThrow(expect.objectContaining({ code: 'MH-BLK-004' }));
});

test('a file of several blocks lists them in order', () => {
  const bytes = new Uint8Array(2 * BLOCK_MAXIMUM_BYTES + 3).map((_, index) => index % 251);
  const { ref, blocks } = splitFile(bytes);
  const list = blocks.at(-1);
  expect(hasFileList(ref)).toBe(true);
  expect(list?.cid).toBe(ref.cid);
  const { blocks: cids } = decodeFileList(ref, list?.bytes ?? new Uint8Array());
  expect(cids).toEqual(blocks.slice(0, -1).map(({ cid }) => cid));
  for (const { cid, bytes: part } of blocks) expect(matchesCid(cid, part), cid).toBe(true);
  expect(() => decodeFileList({ ...ref, sizeBytes: 1 }, list?.bytes ?? new Uint8Array())).toThrow(
    expect.objectContaining({ code: 'MH-BAT-003' }),
  );
  expect(hasFileList(splitFile(new Uint8Array(3)).ref)).toBe(false);
});

test('a page must hold the units that its place demands', () => {
  const unit = { name: 'a', args: [], stdin: null, files: [] };
  const { bytes } = encodeManifestPage({ version: 1, firstIndex: 0, units: [unit] });
  expect(decodeManifestPage({ unitCount: 1 } as ManifestRoot, 0, bytes).units).toEqual([unit]);
  expect(() => decodeManifestPage({ unitCount: 2 } as ManifestRoot, 0, bytes)).toThrow(
    expect.objectContaining({ code: 'MH-BAT-003' }),
  );
  expect(() => decodeManifestPage({ unitCount: 1 } as ManifestRoot, 0, bytes.subarray(1))).toThrow(
    expect.objectContaining({ code: 'MH-BAT-003' }),
  );
});

test('paths cannot leave their folder', () => {
  for (const bad of ['', '/etc/passwd', '../x', 'a/../b', 'a//b', './a', 'a\\b', 'a\0b', 'a\nb'])
    expect(filePathSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  for (const good of ['a', 'a/b.txt', '.hidden', 'ü 1'])
    expect(filePathSchema.safeParse(good).success, good).toBe(true);
});
