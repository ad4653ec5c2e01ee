// Reads content-addressed files back from the coordinator's block gateway, every block verified.
import {
  BLOCK_MAXIMUM_BYTES,
  type Cid,
  concatBytes,
  decodeFileList,
  type FileRef,
  hasFileList,
  ManyhandsError,
  matchesCid,
} from '@manyhands/contract';
import { RestClient } from '../rest/client.js';

const PARALLEL_DOWNLOADS = 4;
const BLOCK_TIMEOUT_MS = 60_000;
/** Blocks that do not come within this time are reported as missing. */
const BLOCK_PATIENCE_MS = 30_000;

export type BlockReader = {
  /** One block. Throws MH-BLK-001, MH-BLK-003, MH-GEN-005. */
  block(cid: Cid): Promise<Uint8Array>;
  /** A whole file. Throws MH-BAT-003 when its list of blocks is wrong. */
  file(ref: FileRef): Promise<Uint8Array>;
};

/** Reads from a gateway (`<gatewayUrl>/blocks/<cid>`). */
export function createBlockReader(options: { gatewayUrl: string; signal?: AbortSignal | undefined }): BlockReader {
  const base = new URL(options.gatewayUrl);
  const rest = new RestClient({ url: base, patienceMs: BLOCK_PATIENCE_MS });
  const block = async (cid: Cid): Promise<Uint8Array> => {
    const path = `${base.pathname.replace(/\/$/, '')}/blocks/${cid}`;
    const call = { method: 'GET', path, signal: options.signal, timeoutMs: BLOCK_TIMEOUT_MS } as const;
    const bytes = await rest.bytes(call, BLOCK_MAXIMUM_BYTES);
    if (!matchesCid(cid, bytes)) throw new ManyhandsError('MH-BLK-001', { meta: { cid } });
    return bytes;
  };
  const file = async (ref: FileRef): Promise<Uint8Array> => {
    const first = await block(ref.cid);
    if (!hasFileList(ref)) return checkLength(ref, first);
    const { blocks } = decodeFileList(ref, first);
    const parts: Uint8Array[] = [];
    const queue = [...blocks.entries()];
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) parts[next[0]] = await block(next[1]);
    };
    await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, lane));
    return checkLength(ref, concatBytes(...parts));
  };
  return { block, file };
}

function checkLength(ref: FileRef, bytes: Uint8Array): Uint8Array {
  if (bytes.length === ref.sizeBytes) return bytes;
  throw new ManyhandsError('MH-BAT-003', {
    message: 'A file has another length than its reference says.',
    meta: { cid: ref.cid },
  });
}
