// The bytes of a stored bundle, whatever it is stored in.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Content, StoredBundle } from '../../src/core/results/stored-bundle.js';

export async function bytesOf(bundle: StoredBundle | undefined): Promise<Uint8Array | undefined> {
  return bundle && contentOf(await bundle.whole());
}

async function contentOf({ body }: Content): Promise<Uint8Array> {
  return new Uint8Array(body instanceof Readable ? await buffer(body) : body);
}
