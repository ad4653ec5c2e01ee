// Large bundles as files: written beside, flushed, renamed; a file that is there is whole.
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnitRef } from '@manyhands/worker-core';
import { syncDirectory, syncDirectorySync } from './sync-directory.js';

/** The file is not there, or its disk is broken; too many open files pass. */
const GONE = /^(ENOENT|EIO|EISDIR)$/;

export class BundleFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Resolves once the bytes and their name are on the disk. */
  async put(unit: UnitRef, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = this.#path(unit);
    const file = await open(`${path}.part`, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    await syncDirectory(this.#directory);
  }

  /** Where it lies, its hash and its length; undefined when it cannot be read. */
  async find(unit: UnitRef): Promise<{ path: string; sha256: Uint8Array; sizeBytes: number } | undefined> {
    const path = this.#path(unit);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    try {
      for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
        hash.update(piece);
        sizeBytes += piece.length;
      }
    } catch (error) {
      if (GONE.test(String((error as NodeJS.ErrnoException).code))) return undefined;
      throw error;
    }
    return { path, sha256: new Uint8Array(hash.digest()), sizeBytes };
  }

  /** The same bytes under the name of another lease; returns once they are on the disk. */
  copy(from: UnitRef, to: UnitRef): void {
    const path = this.#path(to);
    rmSync(path, { force: true });
    try {
      linkSync(this.#path(from), path);
    } catch {
      copyFileSync(this.#path(from), path); // a file system without hard links
      const file = openSync(path, 'r+');
      fsyncSync(file);
      closeSync(file);
    }
    syncDirectorySync(this.#directory);
  }

  delete(unit: UnitRef): void {
    rmSync(this.#path(unit), { force: true });
  }

  /** Removes files of units that the journal does not know, and unfinished ones. */
  removeAllBut(units: Iterable<UnitRef>): void {
    const known = new Set([...units].map((unit) => nameOf(unit)));
    for (const name of readdirSync(this.#directory))
      if (!known.has(name)) rmSync(join(this.#directory, name), { force: true });
  }

  #path(unit: UnitRef): string {
    return join(this.#directory, nameOf(unit));
  }
}

function nameOf({ leaseId, index }: UnitRef): string {
  return `${leaseId}-${index}`;
}
