// The check of one app version: the pinned pipeline is run again on the original, and must make the builds that are stored, byte for byte.
import { readFile } from 'node:fs/promises';
import {
  type AppVersion,
  type Cid,
  decodeFileList,
  type ErrorBody,
  equalBytes,
  type FileRef,
  hasFileList,
  ManyhandsError,
  MODULE_MAXIMUM_BYTES,
  matchesCid,
} from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';

export type CheckRequest = {
  /** Files of the blocks of all modules, by their identifiers: the process sees no others. */
  blockFiles: Readonly<Record<string, string>>;
  original: FileRef;
  builds: AppVersion['builds'];
  memoryMaximumBytes: number;
};
/** `refusal` is null for an app version as the pipeline makes it. */
export type CheckVerdict = { refusal: ErrorBody | null };

/** Nothing of the record is believed: sizes are those of the stored bytes, memory and builds those that the pipeline finds. */
export async function checkModule(request: CheckRequest): Promise<CheckVerdict> {
  try {
    await compare(request);
    return { refusal: null };
  } catch (error) {
    return { refusal: ManyhandsError.from(error).toObject() };
  }
}

async function compare({ blockFiles, ...request }: CheckRequest): Promise<void> {
  const original = await readModule(request.original, blockFiles);
  const { memoryMaximumBytes } = request;
  const built = await buildApp(original, { memoryMaximumBytes, moduleMaximumBytes: MODULE_MAXIMUM_BYTES });
  if (built.memoryMaximumBytes !== memoryMaximumBytes)
    throw different(`the program may have ${built.memoryMaximumBytes} bytes of memory`, 'memoryMaximumBytes');
  const made = Object.entries(built.builds);
  const stored = new Map<string, FileRef>(Object.entries(request.builds));
  if (made.length !== stored.size)
    throw different(`its builds are ${made.map(([name]) => name).join(' and ')}`, 'builds');
  for (const [name, bytes] of made) {
    const ref = stored.get(name);
    if (!ref) throw different(`it has a build «${name}»`, 'builds');
    if (!equalBytes(bytes, await readModule(ref, blockFiles))) throw different(`its build «${name}» is another`, name);
  }
}

function different(what: string, part: string): ManyhandsError {
  const message = `The pipeline makes something else of the original: ${what}.`;
  return new ManyhandsError('MH-APP-003', { message, meta: { part } });
}

async function readModule(module: FileRef, blockFiles: CheckRequest['blockFiles']): Promise<Uint8Array> {
  const read = (cid: Cid): Promise<Uint8Array> => readBlock(cid, blockFiles[cid]);
  const first = await read(module.cid);
  const parts = hasFileList(module) ? await Promise.all(decodeFileList(module, first).blocks.map(read)) : [first];
  const wasm = new Uint8Array(Buffer.concat(parts));
  if (wasm.length !== module.sizeBytes)
    throw new ManyhandsError('MH-BAT-003', { message: 'A module has another size than its record says.' });
  return wasm;
}

async function readBlock(cid: Cid, file: string | undefined): Promise<Uint8Array> {
  const bytes = file && (await readFile(file).catch(() => undefined));
  if (!bytes) throw new ManyhandsError('MH-BLK-003', { meta: { cid } });
  if (!matchesCid(cid, bytes)) throw new ManyhandsError('MH-BLK-001', { meta: { cid } });
  return bytes;
}
