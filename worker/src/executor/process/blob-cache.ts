// Bytes of modules and inputs inside the executor process, shared with its threads without copying.

export class BlobCache {
  readonly #blobs = new Map<string, Uint8Array>();

  /** Keeps a copy that threads can share. */
  put(name: string, bytes: Uint8Array): void {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    this.#blobs.set(name, shared);
  }

  /** Throws when the daemon named what it did not send: a fault of ours. */
  get(name: string): Uint8Array {
    const bytes = this.#blobs.get(name);
    if (!bytes) throw new Error(`the executor was not given ${name}`);
    return bytes;
  }

  forget(name: string): void {
    this.#blobs.delete(name);
  }
}
