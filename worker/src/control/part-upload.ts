// An upload in parts: asks how much is durable, sends what follows, part by part, straight from the file. Whatever cuts it off, the next attempt goes on there.
import { type FileHandle, open } from 'node:fs/promises';
import { ManyhandsError, PART_MAXIMUM_BYTES, type UploadState } from '@manyhands/contract';

/** A file that does not change any more. */
export type UploadFile = { path: string; sha256: Uint8Array; sizeBytes: number };

export type PartCalls = {
  /** How much is durable. */
  state(): Promise<UploadState>;
  /** Sends a part; resolves when it is durable. */
  append(offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<UploadState>;
};

/** Smaller ones help no line: the rest of a call is about one kilobyte. */
const PART_MINIMUM_BYTES = 32 * 1024;
/** Answers in a row that bring nothing forward. */
const STANDSTILLS_MAXIMUM = 5;

/**
 * Brings a file to the coordinator; resolves when the whole was checked and taken. Where a part is too large for a proxy or takes too long on this line,
 * smaller ones are tried. Throws the coordinator's code, MH-NET-…, MH-GEN-004, MH-GEN-005, MH-GEN-013; what has arrived stays there.
 */
export async function uploadInParts(
  { path, sizeBytes }: UploadFile,
  calls: PartCalls,
  onProgress: (offset: number) => void,
): Promise<void> {
  const file = await open(path, 'r');
  try {
    let partBytes = PART_MAXIMUM_BYTES;
    let standstills = 0;
    let state = await calls.state();
    while (!state.isComplete) {
      const { offset } = state;
      const bytes = await readAt(file, offset, Math.min(partBytes, sizeBytes - offset));
      const answer = await calls.append(offset, bytes).catch((error: unknown) => error);
      if (isState(answer)) state = answer;
      else if (isTooMuch(answer) && partBytes > PART_MINIMUM_BYTES) partBytes /= 2;
      else state = { offset: offsetIn(answer), isComplete: false };
      standstills = state.offset > offset || isTooMuch(answer) ? 0 : standstills + 1;
      if (standstills > STANDSTILLS_MAXIMUM) throw new ManyhandsError('MH-UPL-001', { meta: { offset } });
      if (state.offset > offset) onProgress(state.offset);
    }
  } finally {
    await file.close();
  }
}

function isState(answer: unknown): answer is UploadState {
  return !(answer instanceof Error);
}

/** A proxy that lets only smaller calls through, or a line on which the part does not arrive in time. */
function isTooMuch(error: unknown): boolean {
  return error instanceof ManyhandsError && (error.code === 'MH-NET-002' || error.code === 'MH-GEN-004');
}

/** Where the coordinator wants to go on; any other error is thrown. */
function offsetIn(error: unknown): number {
  if (!(error instanceof ManyhandsError) || error.code !== 'MH-UPL-001') throw error;
  const { offset } = error.meta;
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw error;
}

async function readAt(file: FileHandle, offset: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, sizeBytes));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
  if (bytesRead === bytes.length) return bytes;
  throw new ManyhandsError('MH-GEN-013', { message: 'A file that is to be uploaded is shorter than it was.' });
}
