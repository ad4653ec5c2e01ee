// Where the bytes of an input come from, and their way into blocks: from memory, or from disk one block at a time.
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BLOCK_MAXIMUM_BYTES,
  type Cid,
  encodeFileList,
  type FileRef,
  fileError,
  ManyhandsError,
  rawCidOf,
  splitFile,
  utf8Bytes,
} from '@manyhands/contract';
import type { BlockUploader } from './block-uploader.js';

/** Bytes of an input: as they are, a text (stored as UTF-8), or a file on disk. */
export type Source = Uint8Array | string | { path: string | URL };

/** The path of a file on disk, absolute. */
export function filePathOf(path: string | URL): string {
  return path instanceof URL ? fileURLToPath(path) : resolve(path);
}

export type SourceReader = { store(source: Source): Promise<FileRef> };

/** Reads sources into blocks. A file that several units share is read once. `inputMaximumBytes`: larger ones throw MH-BAT-005. */
export function createSourceReader(
  options: { inputMaximumBytes: number },
  dependencies: { uploader: Pick<BlockUploader, 'add'> },
): SourceReader {
  const known = new Map<string, Promise<FileRef>>();
  const storeFile = async (path: string): Promise<FileRef> => {
    const { size, mtimeMs } = await stat(path).catch((error: unknown) =>
      Promise.reject(fileError('read', path, error)),
    );
    checkSize(size, { maximumBytes: options.inputMaximumBytes, path });
    const key = `${path}\0${size}\0${mtimeMs}`;
    const existing = known.get(key);
    if (existing) return existing;
    const stored = storeFromDisk(path, dependencies.uploader, options.inputMaximumBytes);
    if (known.size >= KNOWN_FILES_MAXIMUM) known.clear();
    known.set(key, stored);
    return stored;
  };
  return {
    async store(source) {
      if (typeof source === 'object' && 'path' in source) return storeFile(filePathOf(source.path));
      const bytes = typeof source === 'string' ? bytesOf(source) : source;
      checkSize(bytes.length, { maximumBytes: options.inputMaximumBytes, path: null });
      const { ref, blocks } = splitFile(bytes);
      for (const block of blocks) await dependencies.uploader.add(block);
      return ref;
    },
  };
}

const KNOWN_FILES_MAXIMUM = 10_000;

/** A text as UTF-8. Half of a surrogate pair has no bytes, and would become another character. */
function bytesOf(text: string): Uint8Array {
  if (text.isWellFormed()) return utf8Bytes(text);
  throw new ManyhandsError('MH-GEN-009', {
    message: 'An input is no Unicode text: it holds half of a surrogate pair. Please give its bytes instead.',
  });
}

/** Hashes and hands on one block at a time, so that a file of gigabytes needs only some blocks of memory. */
async function storeFromDisk(
  path: string,
  uploader: Pick<BlockUploader, 'add'>,
  inputMaximumBytes: number,
): Promise<FileRef> {
  const handle = await open(path).catch((error: unknown) => Promise.reject(fileError('read', path, error)));
  try {
    const cids: Cid[] = [];
    let sizeBytes = 0;
    for (;;) {
      const bytes = new Uint8Array(BLOCK_MAXIMUM_BYTES);
      const length = await readFully(handle, bytes);
      if (length === 0 && cids.length > 0) break;
      sizeBytes += length;
      checkSize(sizeBytes, { maximumBytes: inputMaximumBytes, path });
      const part = length === bytes.length ? bytes : bytes.slice(0, length);
      const cid = rawCidOf(part);
      cids.push(cid);
      await uploader.add({ cid, bytes: part });
      if (length < BLOCK_MAXIMUM_BYTES) break;
    }
    const [only] = cids;
    if (only && cids.length === 1) return { cid: only, sizeBytes };
    const list = encodeFileList(sizeBytes, cids);
    await uploader.add(list);
    return { cid: list.cid, sizeBytes };
  } finally {
    await handle.close();
  }
}

async function readFully(
  handle: { read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }> },
  buffer: Uint8Array,
): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

function checkSize(sizeBytes: number, { maximumBytes, path }: { maximumBytes: number; path: string | null }): void {
  if (sizeBytes <= maximumBytes) return;
  throw new ManyhandsError('MH-BAT-005', {
    message: `${path ?? 'An input'} has ${sizeBytes} bytes; the limit is ${maximumBytes} bytes.`,
    meta: { path, sizeBytes, maximumBytes },
  });
}
