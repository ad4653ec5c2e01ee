// The files of uploads that came in part, each named by its place. What a row says of one is durable; bytes behind that are overwritten.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskError, syncFolder } from '../../storage/durable-files.js';
import type { UploadPlace } from '../../storage/sqlite/uploads.js';

const PIECE_BYTES = 256 * 1024;

export class UploadFiles {
  constructor(private readonly directory: string) {}

  /** Resolves once the bytes are on the disk; false: the file whose end they belong to is gone. Throws MH-GEN-010, MH-GEN-013. */
  async write(place: UploadPlace, bytes: Uint8Array, offset: number): Promise<boolean> {
    try {
      if (offset === 0) await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await writeDurably(this.fileOf(place), bytes, offset);
      if (offset === 0) await syncFolder(this.directory);
      return true;
    } catch (error) {
      if (offset > 0 && (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw diskError(error);
    }
  }

  /** The hash of the first `sizeBytes` bytes; undefined when there are not so many. `onPiece` sees them as they are read. */
  async hash(
    place: UploadPlace,
    sizeBytes: number,
    onPiece: (bytes: Uint8Array) => void,
  ): Promise<Uint8Array | undefined> {
    const hash = createHash('sha256');
    let readBytes = 0;
    try {
      const end = sizeBytes - 1;
      for await (const piece of createReadStream(this.fileOf(place), { end, highWaterMark: PIECE_BYTES })) {
        const bytes = piece as Buffer;
        readBytes += bytes.length;
        hash.update(bytes);
        onPiece(bytes);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw diskError(error);
    }
    return readBytes === sizeBytes ? hash.digest() : undefined;
  }

  fileOf({ kind, unitId, hostRowId }: UploadPlace): string {
    return join(this.directory, `${kind}-${unitId}-${hostRowId}`);
  }

  async remove(place: UploadPlace): Promise<void> {
    await rm(this.fileOf(place), { force: true });
  }

  /** Removes every file but those of the places. */
  async removeAllBut(places: readonly UploadPlace[]): Promise<void> {
    const kept = new Set(places.map((place) => this.fileOf(place)));
    const names = await readdir(this.directory).catch((): string[] => []);
    const others = names.map((name) => join(this.directory, name)).filter((file) => !kept.has(file));
    await Promise.all(others.map((file) => rm(file, { force: true })));
  }
}

async function writeDurably(file: string, bytes: Uint8Array, offset: number): Promise<void> {
  const handle = await open(file, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    let written = 0;
    while (written < bytes.length)
      written += (await handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
    await handle.truncate(offset + bytes.length); // what a crash left behind the durable bytes
    await handle.sync();
  } finally {
    await handle.close();
  }
}
