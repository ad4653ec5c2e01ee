// A stored bundle, of which only what is asked for is read. It was checked against its digest when it came.
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ManyhandsError, type ResultRecord, readBundleRecord } from '@manyhands/contract';
import type { LargeFacts } from '../../storage/sqlite/result-facts.js';
import { factsOf, headBytesOf, type Place, placesOf, SHOWN_STDOUT_MAXIMUM_BYTES } from './domain/result-facts.js';

/** A record that names the most files that a result can have is far below. */
const HEAD_MAXIMUM_BYTES = 1024 * 1024;
const LENGTH_BYTES = 4;

type Head = { readonly record: ResultRecord; readonly headBytes: number };
/** What can be sent: small bytes, or a stream of a file, which ends when its reader leaves. */
export type Content = { readonly sizeBytes: number; readonly body: Uint8Array | Readable };

export interface StoredBundle {
  /** All of it. */
  whole(): Promise<Content>;
  /** Standard output. Throws MH-GEN-001 when the bundle is damaged. */
  stdout(): Promise<Content>;
  /** A collected file; undefined when there is none of the name, or it was not written. Throws MH-GEN-001. */
  file(name: string): Promise<Content | undefined>;
}

/** A bundle that is a row. */
export function bundleInRow(bytes: Uint8Array): StoredBundle {
  const part = ({ at, sizeBytes }: Place): Content => ({ sizeBytes, body: bytes.subarray(at, at + sizeBytes) });
  const places = (): ReturnType<typeof placesOf> => {
    const record = readBundleRecord(bytes);
    if (!record) throw damaged();
    return placesOf(record, headBytesOf(bytes));
  };
  return {
    whole: async () => ({ sizeBytes: bytes.length, body: bytes }),
    stdout: async () => part(places().stdout),
    file: async (name) => {
      const place = places().files.get(name);
      return place ? part(place) : undefined;
    },
  };
}

/** A bundle that is a file of this size. */
export function bundleInFile(path: string, sizeBytes: number): StoredBundle {
  const places = async (): Promise<ReturnType<typeof placesOf>> => {
    const head = await withFile(path, readHead);
    if (!head) throw damaged();
    return placesOf(head.record, head.headBytes);
  };
  const part = async (place: Place): Promise<Content> => ({
    sizeBytes: place.sizeBytes,
    body: await streamOf(path, place),
  });
  return {
    whole: () => part({ at: 0, sizeBytes }),
    stdout: async () => part((await places()).stdout),
    file: async (name) => {
      const place = (await places()).files.get(name);
      return place ? part(place) : undefined;
    },
  };
}

/** What lists show of a bundle in memory or in a file that was checked. Throws MH-GEN-001. */
export async function largeFactsOf(bundle: Uint8Array | string): Promise<LargeFacts> {
  const facts = typeof bundle === 'string' ? await withFile(bundle, factsInFile) : factsInMemory(bundle);
  if (!facts) throw damaged();
  return facts;
}

function factsInMemory(bytes: Uint8Array): LargeFacts | undefined {
  const facts = factsOf(bytes);
  if (!facts) return undefined;
  const { exitCode, stdoutAt, stdoutBytes } = facts;
  const isShown = stdoutBytes <= SHOWN_STDOUT_MAXIMUM_BYTES;
  return { exitCode, stdout: isShown ? bytes.slice(stdoutAt, stdoutAt + stdoutBytes) : null };
}

async function factsInFile(file: FileHandle): Promise<LargeFacts | undefined> {
  const head = await readHead(file);
  if (!head) return undefined;
  const { sizeBytes } = head.record.stdout;
  const isShown = sizeBytes <= SHOWN_STDOUT_MAXIMUM_BYTES;
  return { exitCode: head.record.exitCode, stdout: isShown ? await readAt(file, head.headBytes, sizeBytes) : null };
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** The record at the head of a file; undefined when there is none. */
async function readHead(file: FileHandle): Promise<Head | undefined> {
  const length = await readAt(file, 0, LENGTH_BYTES);
  if (length.length < LENGTH_BYTES) return undefined;
  const headBytes = headBytesOf(length);
  if (headBytes > HEAD_MAXIMUM_BYTES) return undefined;
  const record = readBundleRecord(await readAt(file, 0, headBytes));
  return record && { record, headBytes };
}

async function readAt(file: FileHandle, at: number, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  const { bytesRead } = sizeBytes === 0 ? { bytesRead: 0 } : await file.read(bytes, 0, sizeBytes, at);
  return bytes.subarray(0, bytesRead);
}

async function streamOf(path: string, { at, sizeBytes }: Place): Promise<Uint8Array | Readable> {
  if (sizeBytes === 0) return new Uint8Array();
  const file = await open(path);
  return file.createReadStream({ start: at, end: at + sizeBytes - 1 });
}

function damaged(): ManyhandsError {
  return new ManyhandsError('MH-GEN-001', { message: 'a stored bundle is damaged' });
}
