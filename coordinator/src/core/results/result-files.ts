// Result bundles too large for a row: files named by their digest, durable before anything refers to them.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import { diskError, nameDurably, syncFolder } from '../../storage/durable-files.js';
import { bundleInFile, type StoredBundle } from './stored-bundle.js';

export class ResultFiles {
  constructor(private readonly directory: string) {}

  /** Resolves once the bytes and their name are on the disk. Throws MH-GEN-010 when it is full, MH-GEN-013 on other trouble. */
  async put(digestHex: string, bytes: Uint8Array): Promise<void> {
    const file = this.fileOf(digestHex);
    const unfinished = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeDurably(unfinished, bytes);
      await rename(unfinished, file);
      await syncFolder(dirname(file));
      await syncFolder(this.directory);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw diskError(error);
    }
  }

  /** The same for a file that is durable already and stays where it is. */
  async keep(digestHex: string, file: string): Promise<void> {
    const folder = dirname(this.fileOf(digestHex));
    try {
      await mkdir(folder, { recursive: true });
      await nameDurably(file, { folder, name: digestHex });
      await syncFolder(this.directory);
    } catch (error) {
      throw diskError(error);
    }
  }

  /** Undefined when it is gone. Throws MH-GEN-013. */
  async get(digestHex: string): Promise<StoredBundle | undefined> {
    const file = this.fileOf(digestHex);
    try {
      return bundleInFile(file, (await stat(file)).size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new ManyhandsError('MH-GEN-013', { cause: error });
    }
  }

  async remove(digestHex: string): Promise<void> {
    await rm(this.fileOf(digestHex), { force: true });
  }

  private fileOf(digestHex: string): string {
    return join(this.directory, digestHex.slice(0, 2), digestHex);
  }
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
