// Blocks as files: `<directory>/<last two characters of the CID>/<CID>`. A file that bears a block's name is whole: it was synced before its rename.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK_MAXIMUM_BYTES, type Cid, cidSchema, ManyhandsError, matchesCid } from '@manyhands/contract';

const TEMPORARY = 'incoming';

export type StoredFile = { cid: Cid; sizeBytes: number };

/** Throws MH-BLK-001 or MH-BLK-002 when the bytes are not the block that the identifier names. */
export function assertBlock(cid: Cid, bytes: Uint8Array): void {
  if (bytes.length > BLOCK_MAXIMUM_BYTES)
    throw new ManyhandsError('MH-BLK-002', { meta: { cid, sizeBytes: bytes.length } });
  if (!matchesCid(cid, bytes)) throw new ManyhandsError('MH-BLK-001', { meta: { cid } });
}

/** The files of one directory of blocks. */
export class BlockFiles {
  private readonly directory: string;
  /** Folders made already. */
  private readonly folders = new Set<string>();

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** The size of a block's file, or undefined when there is none. */
  sizeOf(cid: Cid): number | undefined {
    return statSync(this.path(cid), { throwIfNoEntry: false })?.size;
  }

  async read(cid: Cid): Promise<Uint8Array | undefined> {
    try {
      const { buffer, byteOffset, byteLength } = await readFile(this.path(cid));
      return new Uint8Array(buffer, byteOffset, byteLength);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Writes a file that is whole or absent, whatever happens meanwhile. Throws MH-GEN-010 when the disk is full. */
  async write(cid: Cid, bytes: Uint8Array): Promise<void> {
    const temporary = join(this.directory, TEMPORARY, `${cid}.${randomBytes(6).toString('hex')}`);
    const path = this.path(cid);
    try {
      await this.makeFolders(join(temporary, '..'), join(path, '..'));
      await writeSynced(temporary, bytes);
      await rename(temporary, path);
      await syncDirectory(join(path, '..'));
    } catch (error) {
      this.folders.clear(); // someone may have removed one
      await rm(temporary, { force: true });
      throw isDiskFull(error) ? new ManyhandsError('MH-GEN-010', { meta: { cid }, cause: error }) : error;
    }
  }

  async remove(cid: Cid): Promise<void> {
    await rm(this.path(cid), { force: true });
  }

  removeNow(cid: Cid): void {
    rmSync(this.path(cid), { force: true });
  }

  /** Deletes what writers left half-written; only for the one process that owns the directory. */
  removeTemporary(): void {
    this.folders.clear();
    rmSync(join(this.directory, TEMPORARY), { recursive: true, force: true });
  }

  /** Every block there is. */
  *list(): Generator<StoredFile> {
    for (const folder of readdirSync(this.directory)) {
      if (!/^[a-z2-7]{2}$/.test(folder)) continue;
      for (const name of readdirSync(join(this.directory, folder))) {
        const cid = cidSchema.safeParse(name);
        const sizeBytes = cid.success ? this.sizeOf(cid.data) : undefined;
        if (cid.success && sizeBytes !== undefined) yield { cid: cid.data, sizeBytes };
      }
    }
  }

  private async makeFolders(...paths: string[]): Promise<void> {
    for (const path of paths) {
      if (!this.folders.has(path)) await mkdir(path, { recursive: true });
      this.folders.add(path);
    }
  }

  private path(cid: Cid): string {
    // The identifier becomes a path, so it is checked here too and not only where it came in.
    if (!cidSchema.safeParse(cid).success) throw new ManyhandsError('MH-BLK-004', { meta: { cid: String(cid) } });
    return join(this.directory, cid.slice(-2), cid);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename durable; some platforms cannot open a directory, there the rename itself must do. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => undefined);
  await directory?.sync().catch(() => {});
  await directory?.close();
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
const isDiskFull = (error: unknown): boolean => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
