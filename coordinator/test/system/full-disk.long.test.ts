// A disk that is really full (a small file system in memory; needs the right to mount one): uploads are refused, reading goes on, and
// everything works again once there is room.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, type Block, rawCidOf } from '@manyhands/contract';
import { afterAll, expect, test } from 'vitest';
import { Client, started, until } from '../support/running.js';
import { Scientist } from '../support/scientist.js';

const SIZE_MEBIBYTES = 12;
const directory = mkdtempSync(join(tmpdir(), 'manyhands-disk-'));

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MEBIBYTES}m`, 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env.MANYHANDS_REQUIRE_ALL === '1') throw error;
    return false;
  }
}

const isMounted = mount();
if (!isMounted) console.warn('skipped: a really full disk (no right to mount a file system)');
afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', directory]);
  rmSync(directory, { recursive: true, force: true });
});

function randomBlock(): Block {
  const bytes = Uint8Array.from(randomBytes(1024 * 1024));
  return { cid: rawCidOf(bytes), bytes };
}

test.skipIf(!isMounted)('nothing accepted is lost on a full disk, and room makes it work again', async () => {
  const filler = join(directory, 'filler');
  const client = new Client(await started({ dataDirectory: join(directory, 'data') }));
  const scientist = await new Scientist(client).prepare();
  const { body: batch } = await scientist.submit();
  await writeFile(filler, Buffer.alloc(3 * 1024 * 1024));
  const stored: Block[] = [];
  for (;;) {
    const block = randomBlock();
    const answer = await client.putBlock(block, scientist.signer);
    if (answer.status === 507) {
      expect(answer.body).toMatchObject({ code: 'MH-GEN-010', retryable: true });
      break;
    }
    expect(answer.status).toBe(200);
    expect(stored.push(block)).toBeLessThan(SIZE_MEBIBYTES);
  }
  expect((await client.call<Batch>('GET', `/api/v1/batches/${batch.batchId}`)).body).toEqual(batch);
  const cids = stored.map(({ cid }) => cid);
  await rm(filler);
  const next = randomBlock();
  await until(
    () => client.putBlock(next, scientist.signer),
    ({ status }) => status === 200,
  );
  for (const cid of cids) {
    const { headers } = await client.call('GET', `/api/v1/blocks/${cid}`);
    const served = await fetch(headers.get('location') ?? '');
    expect(rawCidOf(new Uint8Array(await served.arrayBuffer()))).toBe(cid);
  }
  expect((await scientist.submit({ name: 'next' })).status).toBe(200);
});
