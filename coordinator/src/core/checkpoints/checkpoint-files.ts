// Encrypted checkpoints as files named by the row that describes them: received in parts, durable before the row says so.
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import { diskError, nameDurably, syncFolder } from '../../storage/durable-files.js';

const UNFINISHED = '.tmp';

export class CheckpointFiles {
  constructor(private readonly directory: string) {}

  /** Resolves once all bytes are on the disk. Throws MH-GEN-011 beyond `maximumBytes`, MH-GEN-010 when the disk is full, MH-GEN-013 on other trouble. */
  async receive(
    id: number,
    parts: AsyncIterable<Uint8Array>,
    maximumBytes: number,
  ): Promise<{ digest: Uint8Array; sizeBytes: number }> {
    const file = this.fileOf(id);
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      const received = await writeDurably(`${file}${UNFINISHED}`, parts, maximumBytes);
      await rename(`${file}${UNFINISHED}`, file);
      await syncFolder(this.directory);
      return received;
    } catch (error) {
      await this.remove(id);
      throw diskError(error);
    }
  }

  /** Takes over a file that is durable already. */
  async keep(id: number, file: string): Promise<void> {
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await nameDurably(file, { folder: this.directory, name: String(id) });
    } catch (error) {
      throw diskError(error);
    }
  }

  /** Undefined when the file is gone. */
  async read(id: number): Promise<{ stream: ReadStream; sizeBytes: number } | undefined> {
    try {
      const { size } = await stat(this.fileOf(id));
      return { stream: createReadStream(this.fileOf(id)), sizeBytes: size };
    } catch {
      return undefined;
    }
  }

  async remove(id: number): Promise<void> {
    await rm(this.fileOf(id), { force: true });
    await rm(`${this.fileOf(id)}${UNFINISHED}`, { force: true });
  }

  /** Removes every file but those of the ids. */
  async removeAllBut(ids: ReadonlySet<number>): Promise<void> {
    const names = await readdir(this.directory).catch((): string[] => []);
    const kept = new Set([...ids].map(String));
    await Promise.all(
      names.filter((name) => !kept.has(name)).map((name) => rm(join(this.directory, name), { force: true })),
    );
  }

  private fileOf(id: number): string {
    return join(this.directory, String(id));
  }
}

async function writeDurably(
  file: string,
  parts: AsyncIterable<Uint8Array>,
  maximumBytes: number,
): Promise<{ digest: Uint8Array; sizeBytes: number }> {
  const handle = await open(file, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const part of parts) {
      sizeBytes += part.length;
      if (sizeBytes > maximumBytes) throw new ManyhandsError('MH-GEN-011', { meta: { maximumBytes } });
      hash.update(part);
      await handle.writeFile(part);
    }
    await handle.sync();
    return { digest: hash.digest(), sizeBytes };
  } finally {
    await handle.close();
  }
}
