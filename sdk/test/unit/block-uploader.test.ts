// Uploads: what is there is not sent, what is shared is sent once, lost connections do not matter, memory stays bounded.
import {
  type Block,
  coordinatorIdOf,
  keyPairOfSeed,
  ManyhandsError,
  matchesCid,
  type ProjectId,
  rawCidOf,
} from '@manyhands/contract';
import { afterEach, expect, test } from 'vitest';
import { RestClient } from '../../src/rest/client.js';
import { BlockUploader } from '../../src/submit/block-uploader.js';
import { type Exchange, sendJson, serve, type TestServer } from '../support/http-server.js';

let server: TestServer;
afterEach(() => server.close());

const projectId = `proj_${'a'.repeat(52)}` as ProjectId;
const signer = {
  keyPair: keyPairOfSeed(new Uint8Array(32).fill(1)),
  coordinatorId: coordinatorIdOf(new Uint8Array(32)),
};
const blockOf = (number: number, sizeBytes = 100): Block => {
  const bytes = new Uint8Array(sizeBytes).fill(number % 256);
  bytes[0] = number >> 8;
  return { cid: rawCidOf(bytes), bytes };
};

/** A store behind HTTP; `refuse` may answer a request itself. */
async function start(refuse: (exchange: Exchange) => boolean = () => false) {
  const stored = new Map<string, Buffer>();
  const puts: string[] = [];
  server = await serve((exchange) => {
    const { request, response, body } = exchange;
    if (refuse(exchange)) return;
    const url = new URL(request.url ?? '', 'http://x');
    if (request.method === 'POST') {
      const { cids } = JSON.parse(body.toString()) as { cids: string[] };
      return sendJson(response, { missing: cids.filter((cid) => !stored.has(cid)) });
    }
    const cid = url.pathname.split('/').at(-1) ?? '';
    expect(url.searchParams.get('project')).toBe(projectId);
    puts.push(cid);
    stored.set(cid, body);
    sendJson(response, {});
  });
  const rest = new RestClient({ url: server.url, patienceMs: 10_000 });
  return { stored, puts, uploader: () => new BlockUploader({ rest, signer, projectId, signal: undefined }) };
}

test('every block arrives whole; a block that comes twice is sent once', async () => {
  const { stored, puts, uploader } = await start();
  const upload = uploader();
  const blocks = Array.from({ length: 520 }, (_, number) => blockOf(number));
  for (const block of [...blocks, ...blocks]) await upload.add(block);
  await upload.finish();
  expect(puts).toHaveLength(520);
  for (const { cid } of blocks) expect(matchesCid(cid, stored.get(cid) ?? new Uint8Array()), cid).toBe(true);
  expect(upload.counts).toEqual({ blocks: 520, uploadedBlocks: 520, uploadedBytes: 52_000 });
});

test('a second upload sends only what is missing', async () => {
  const { puts, uploader } = await start();
  const first = uploader();
  for (let number = 0; number < 5; number += 1) await first.add(blockOf(number));
  await first.finish();
  const second = uploader();
  for (let number = 0; number < 8; number += 1) await second.add(blockOf(number));
  await second.finish();
  expect(puts).toHaveLength(8);
  expect(second.counts).toMatchObject({ blocks: 8, uploadedBlocks: 3 });
});

test('dropped connections are tried again', async () => {
  const { stored, uploader } = await start(({ request, number }) => {
    if (number % 3 !== 1) return false;
    request.socket.destroy();
    return true;
  });
  const upload = uploader();
  for (let number = 0; number < 6; number += 1) await upload.add(blockOf(number));
  await upload.finish();
  expect(stored.size).toBe(6);
});

test('a refusal ends the upload with its code', async () => {
  const { uploader } = await start(({ request, response }) => {
    if (request.method !== 'PUT') return false;
    sendJson(response, new ManyhandsError('MH-PRJ-004').toObject(), 403);
    return true;
  });
  const upload = uploader();
  await upload.add(blockOf(1));
  await expect(upload.finish()).rejects.toThrow(expect.objectContaining({ code: 'MH-PRJ-004' }));
});

test('while the network rests, only so much is taken', async () => {
  const held: Exchange[] = [];
  const { uploader } = await start((exchange) => {
    held.push(exchange);
    return true;
  });
  const upload = uploader();
  let taken = 0;
  const adding = (async () => {
    for (let number = 0; number < 64; number += 1) {
      await upload.add(blockOf(number, 1024 * 1024));
      taken += 1;
    }
  })();
  adding.catch(() => undefined); // ends when the server does
  await expect.poll(() => held.length).toBeGreaterThan(0);
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThan(24);
});
