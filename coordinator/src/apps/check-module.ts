// The check of one module: the pinned pipeline, run on it again, must change nothing.
import {
  decodeFileList,
  type ErrorBody,
  equalBytes,
  type FileRef,
  ManyhandsError,
  MODULE_MAXIMUM_BYTES,
} from '@manyhands/contract';
import { prepareModule } from '@manyhands/instrument';
import { type BlockDirectory, openBlockDirectory } from '@manyhands/overlay-node';

export type CheckRequest = {
  blocksDirectory: string;
  module: FileRef;
  /** Whether the reference names a list of blocks. */
  hasList: boolean;
  memoryMaximumBytes: number;
};
/** `refusal` is null for a module as the pipeline makes it. */
export type CheckVerdict = { refusal: ErrorBody | null };

export async function checkModule(request: CheckRequest): Promise<CheckVerdict> {
  try {
    const wasm = await readModule(request, openBlockDirectory({ directory: request.blocksDirectory }));
    const prepared = prepareModule(wasm, {
      memoryMaximumBytes: request.memoryMaximumBytes,
      moduleMaximumBytes: MODULE_MAXIMUM_BYTES,
    });
    if (equalBytes(prepared.wasm, wasm)) return { refusal: null };
    return { refusal: new ManyhandsError('MH-APP-003').toObject() };
  } catch (error) {
    return { refusal: ManyhandsError.from(error).toObject() };
  }
}

async function readModule({ module, hasList }: CheckRequest, directory: BlockDirectory): Promise<Uint8Array> {
  const read = async (cid: FileRef['cid']): Promise<Uint8Array> => {
    const bytes = await directory.get(cid);
    if (!bytes) throw new ManyhandsError('MH-BLK-003', { meta: { cid } });
    return bytes;
  };
  const first = await read(module.cid);
  const parts = hasList ? await Promise.all(decodeFileList(module, first).blocks.map(read)) : [first];
  const wasm = new Uint8Array(Buffer.concat(parts));
  if (wasm.length !== module.sizeBytes)
    throw new ManyhandsError('MH-BAT-003', { message: 'The module has another size than its record says.' });
  return wasm;
}
