// A small file system in memory, to be filled to the last byte. Needs the right to mount.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHUNK_BYTES = 256 * 1024;

/** Whether file systems can be mounted here; required in continuous integration. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'manyhands-mount-'));
  try {
    new SmallDisk(folder, 1).unmount();
    return true;
  } catch {
    if (process.env.MANYHANDS_REQUIRE_ALL !== '1') console.warn('skipped: a full disk (no right to mount)');
    return process.env.MANYHANDS_REQUIRE_ALL === '1';
  } finally {
    rmdirSync(folder);
  }
}

export class SmallDisk {
  /** Mounts it on a folder, which is made when it is missing. */
  constructor(
    readonly folder: string,
    sizeMebibytes: number,
  ) {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMebibytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  }

  /** Writes until nothing more fits. */
  fill(): void {
    const file = openSync(join(this.folder, 'ballast'), 'w');
    try {
      for (let size = CHUNK_BYTES; size >= 1; size = Math.floor(size / 16)) this.#writeUntilFull(file, size);
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(join(this.folder, 'ballast'), { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder], { stdio: 'pipe' });
  }

  #writeUntilFull(file: number, size: number): void {
    try {
      while (writeSync(file, Buffer.alloc(size, 1)) === size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
