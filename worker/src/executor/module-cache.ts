// Compiled modules inside the executor process: compiled once, off the main thread, and handed to threads, which share the machine code.
import type { BlobCache } from './blob-cache.js';

export class ModuleCache {
  readonly #modules = new Map<string, Promise<WebAssembly.Module>>();
  readonly #blobs: BlobCache;

  constructor(blobs: BlobCache) {
    this.#blobs = blobs;
  }

  /** The compiled module of a blob. Throws WebAssembly.CompileError. */
  compile(name: string): Promise<WebAssembly.Module> {
    const known = this.#modules.get(name);
    if (known) return known;
    // A copy, because compiling from shared memory is not allowed.
    const compiled = WebAssembly.compile(this.#blobs.get(name).slice());
    this.#modules.set(name, compiled);
    compiled.catch(() => this.#modules.delete(name));
    return compiled;
  }

  forget(name: string): void {
    this.#modules.delete(name);
  }
}
