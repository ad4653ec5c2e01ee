// Checkpoints on their way to a successor: encrypted with a key of their own, in pieces, so that a large one never lies in memory as a whole.
import { type CipherGCM, createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ManyhandsError } from '@manyhands/contract';

//   file: nonce (12 bytes) | AES-256-GCM of (1 byte: 1 compressed, 0 not | snapshot) | tag (16 bytes)

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FLAG_BYTES = 1;
const PIECE_BYTES = 1024 * 1024;
/** What a sealed checkpoint is longer than the snapshot in it. */
export const SEAL_BYTES = NONCE_BYTES + FLAG_BYTES + TAG_BYTES;

export type SealedCheckpoint = { key: Uint8Array; digest: Uint8Array; sizeBytes: number };

/** Encrypts a snapshot into a file, which is durable when this resolves. Throws what reading throws. */
export async function sealTo(
  path: string,
  snapshot: { isCompressed: boolean; pieces: AsyncIterable<Uint8Array> },
): Promise<SealedCheckpoint> {
  const key = new Uint8Array(randomBytes(32));
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'w', 0o600);
  try {
    for await (const bytes of sealedPieces({ cipher, nonce, ...snapshot })) {
      hash.update(bytes);
      sizeBytes += bytes.length;
      await file.writeFile(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { key, digest: new Uint8Array(hash.digest()), sizeBytes };
}

async function* sealedPieces(sealing: {
  cipher: CipherGCM;
  nonce: Uint8Array;
  isCompressed: boolean;
  pieces: AsyncIterable<Uint8Array>;
}): AsyncGenerator<Uint8Array> {
  const { cipher, nonce, isCompressed, pieces } = sealing;
  yield nonce;
  yield cipher.update(new Uint8Array([isCompressed ? 1 : 0]));
  for await (const piece of pieces) yield cipher.update(piece);
  yield cipher.final();
  yield cipher.getAuthTag();
}

/** What a snapshot in a sealed file says of itself: the first piece is its flag. */
export type Unsealed = { isCompressed: boolean; pieces: AsyncGenerator<Uint8Array> };

/** Decrypts a file in pieces. The last piece comes only when the tag is right; until then nothing may be believed. Throws MH-CKP-005. */
export async function unseal(path: string, { key, sizeBytes }: SealedCheckpoint): Promise<Unsealed> {
  if (sizeBytes <= SEAL_BYTES) throw wrong();
  const pieces = unsealedPieces(path, { key, sizeBytes });
  const first = await pieces.next();
  const flag = first.done ? undefined : first.value[0];
  if (flag !== 0 && flag !== 1) {
    await pieces.return(undefined);
    throw wrong();
  }
  return { isCompressed: flag === 1, pieces };
}

async function* unsealedPieces(
  path: string,
  { key, sizeBytes }: Pick<SealedCheckpoint, 'key' | 'sizeBytes'>,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const read = async (position: number, length: number): Promise<Uint8Array> => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, position);
      if (bytesRead !== length) throw wrong();
      return buffer;
    };
    const decipher = createDecipheriv(ALGORITHM, key, await read(0, NONCE_BYTES));
    decipher.setAuthTag(await read(sizeBytes - TAG_BYTES, TAG_BYTES));
    const end = sizeBytes - TAG_BYTES;
    yield decipher.update(await read(NONCE_BYTES, FLAG_BYTES));
    for (let position = NONCE_BYTES + FLAG_BYTES; position < end; position += PIECE_BYTES)
      yield decipher.update(await read(position, Math.min(PIECE_BYTES, end - position)));
    try {
      decipher.final();
    } catch {
      throw wrong();
    }
  } finally {
    await file.close();
  }
}

function wrong(): ManyhandsError {
  return new ManyhandsError('MH-CKP-005', { message: 'The checkpoint does not open with the key of its hand-over.' });
}
