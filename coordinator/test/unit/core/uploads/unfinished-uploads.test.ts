// Unfinished uploads on a disk of their own: what a crash leaves, what expires, what gives way.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { expect, test } from 'vitest';
import {
  UNFINISHED_MAXIMUM_MS,
  UNFINISHED_PER_HOST_MAXIMUM,
  UnfinishedUploads,
} from '../../../../src/core/uploads/unfinished-uploads.js';
import type { UploadPlace } from '../../../../src/storage/sqlite/uploads.js';
import { openCore, type TestCore } from '../../../support/core.js';
import { sha256 } from '../../../support/hand-over.js';

const BYTES = new Uint8Array(10_000).map((_, at) => at % 251);
const WHOLE = { sha256: sha256(BYTES), sizeBytes: BYTES.length };
const quotaBytes = 1_000_000;

/** A core whose units 0 to 19 are leased to a host. */
async function withUnits(): Promise<{ core: TestCore; folder: string; placeOf(index: number): UploadPlace }> {
  const folder = await temporaryFolder();
  const core = await openCore({ folder });
  await core.addBatch({ batchRowId: 1, unitCount: 20 });
  const host = await core.host('ann');
  await core.lease(host, 20);
  const placeOf = (index: number): UploadPlace => ({
    kind: 'result',
    unitId: 2 ** 20 + index,
    hostRowId: host.hostRowId,
  });
  return { core, folder, placeOf };
}

const filesIn = (folder: string): string[] => readdirSync(join(folder, 'uploads')).sort();

async function whole(uploads: UnfinishedUploads, place: UploadPlace): Promise<Uint8Array> {
  let taken: Uint8Array = new Uint8Array();
  await uploads.finish(place, WHOLE, {
    onPiece: () => {},
    take: async (file) => {
      taken = new Uint8Array(readFileSync(file));
    },
  });
  return taken;
}

test('bytes that a crash left behind the acknowledged ones are overwritten; files without a row are removed at the start', async () => {
  const { core, folder, placeOf } = await withUnits();
  const place = placeOf(0);
  await core.uploads.append(place, WHOLE, { offset: 0, bytes: BYTES.subarray(0, 4000), quotaBytes });
  const file = join(folder, 'uploads', String(filesIn(folder)[0]));
  appendFileSync(file, 'torn'.repeat(4000));
  writeFileSync(join(folder, 'uploads', 'result-9-9'), 'of nobody');
  const again = new UnfinishedUploads(core.store, core.options);
  await again.onApplicationBootstrap();
  again.onModuleDestroy();
  expect(filesIn(folder)).toHaveLength(1);
  expect(again.receivedBytes(place, WHOLE)).toBe(4000);
  await again.append(place, WHOLE, { offset: 4000, bytes: BYTES.subarray(4000), quotaBytes });
  expect(await whole(again, place)).toEqual(BYTES);
  expect(filesIn(folder)).toEqual([]);
  core.close();
});

test('one that gets no part for a day is removed, and one whose unit is settled', async () => {
  const { core, folder, placeOf } = await withUnits();
  const send = (index: number) =>
    core.uploads.append(placeOf(index), WHOLE, { offset: 0, bytes: BYTES.subarray(0, 100), quotaBytes });
  await send(0);
  core.clock.nowMs += UNFINISHED_MAXIMUM_MS;
  await send(1);
  await send(2);
  await core.uploads.sweep();
  expect(filesIn(folder), 'not older than a day').toHaveLength(3);
  core.clock.nowMs += 1;
  await core.uploads.sweep();
  expect(filesIn(folder)).toHaveLength(2);
  expect(core.uploads.sumBytes('result')).toBe(200);
  await core.endings.end(1, 'MH-VAL-004');
  await core.uploads.sweep();
  expect(filesIn(folder)).toEqual([]);
  core.close();
});

test('of too many uploads of one host the one that stood still longest gives way; another content replaces the one before', async () => {
  const { core, folder, placeOf } = await withUnits();
  for (let index = 0; index <= UNFINISHED_PER_HOST_MAXIMUM; index++) {
    core.clock.nowMs += 1;
    await core.uploads.append(placeOf(index), WHOLE, { offset: 0, bytes: BYTES.subarray(0, 100), quotaBytes });
  }
  expect(filesIn(folder)).toHaveLength(UNFINISHED_PER_HOST_MAXIMUM);
  expect([0, 1].map((index) => core.uploads.receivedBytes(placeOf(index), WHOLE))).toEqual([0, 100]);
  const other = { sha256: sha256(BYTES.subarray(1)), sizeBytes: BYTES.length - 1 };
  expect(core.uploads.receivedBytes(placeOf(5), other)).toBe(0);
  await core.uploads.append(placeOf(5), other, { offset: 0, bytes: BYTES.subarray(1, 50), quotaBytes });
  expect(core.uploads.receivedBytes(placeOf(5), WHOLE)).toBe(0);
  expect(core.uploads.receivedBytes(placeOf(5), other)).toBe(49);
  core.close();
});

test('parts that come at one time are taken one after the other', async () => {
  const { core, placeOf } = await withUnits();
  const place = placeOf(3);
  const parts = [0, 0, 2500, 2500, 5000, 7500];
  const answers = await Promise.all(
    parts.map((offset) =>
      core.uploads.append(place, WHOLE, { offset, bytes: BYTES.subarray(offset, offset + 2500), quotaBytes }),
    ),
  );
  expect(answers).toEqual([2500, 2500, 5000, 5000, 7500, 10_000]);
  expect(await whole(core.uploads, place)).toEqual(BYTES);
  core.close();
});

test('a taker that fails for good takes the upload with it, one that fails for now leaves it', async () => {
  const { core, placeOf } = await withUnits();
  const place = placeOf(4);
  const finish = (code: 'MH-GEN-010' | 'MH-RCP-002') =>
    core.uploads.finish(place, WHOLE, {
      onPiece: () => {},
      take: () => Promise.reject(new ManyhandsError(code)),
    });
  await core.uploads.append(place, WHOLE, { offset: 0, bytes: BYTES, quotaBytes });
  await expect(finish('MH-GEN-010')).rejects.toMatchObject({ code: 'MH-GEN-010' });
  expect(core.uploads.receivedBytes(place, WHOLE)).toBe(BYTES.length);
  await expect(finish('MH-RCP-002')).rejects.toMatchObject({ code: 'MH-RCP-002' });
  expect(core.uploads.receivedBytes(place, WHOLE)).toBe(0);
  await expect(whole(core.uploads, place)).rejects.toMatchObject({ code: 'MH-UPL-001' });
  core.close();
});
