// Compiled modules inside the executor process: compiled once, off the main thread, and handed to threads, which share the machine code.
import { afterAwake } from '@manyhands/contract';
import type { BlobCache } from './blob-cache.js';

/** The largest modules take some seconds on a slow machine. */
const COMPILE_MAXIMUM_MS = 120_000;

export class ModuleCache {
  readonly #modules = new Map<string, Promise<WebAssembly.Module>>();
  readonly #blobs: BlobCache;
  readonly #onEndless: () => void;

  /** `onEndless`: a compilation takes so long that only the end of the process ends it. */
  constructor(dependencies: { blobs: BlobCache; onEndless(): void }) {
    this.#blobs = dependencies.blobs;
    this.#onEndless = dependencies.onEndless;
  }

  /** The compiled module of a blob. Throws WebAssembly.CompileError, or Error when it takes too long. */
  compile(name: string): Promise<WebAssembly.Module> {
    const known = this.#modules.get(name);
    if (known) return known;
    // A copy, because compiling from shared memory is not allowed.
    const compiled = this.#bounded(WebAssembly.compile(this.#blobs.get(name).slice()));
    this.#modules.set(name, compiled);
    compiled.catch(() => this.#modules.delete(name));
    return compiled;
  }

  forget(name: string): void {
    this.#modules.delete(name);
  }

  #bounded(compiling: Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
    return new Promise((resolve, reject) => {
      const stopTimer = afterAwake(COMPILE_MAXIMUM_MS, () => {
        reject(new Error(`compiling took longer than ${COMPILE_MAXIMUM_MS} ms`));
        this.#onEndless();
      });
      compiling.then(resolve, reject).finally(stopTimer);
    });
  }
}
