// What the executor process has been given, as the daemon knows it: least recently used bytes go first, those of running units never.

export class BlobMirror {
  readonly #sizes = new Map<string, number>();
  readonly #users = new Map<string, number>();
  readonly #capacityBytes: number;
  #usedBytes = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  has(name: string): boolean {
    return this.#sizes.has(name);
  }

  /** Marks blobs as sent and used by a run. Says which others may be forgotten. */
  use(blobs: readonly { name: string; sizeBytes: number }[]): string[] {
    for (const { name, sizeBytes } of blobs) {
      if (!this.#sizes.has(name)) this.#usedBytes += sizeBytes;
      this.#sizes.delete(name);
      this.#sizes.set(name, sizeBytes); // to the young end
      this.#users.set(name, (this.#users.get(name) ?? 0) + 1);
    }
    return this.#evict();
  }

  /** The run is over. */
  release(blobs: readonly { name: string }[]): void {
    for (const { name } of blobs) {
      const count = (this.#users.get(name) ?? 0) - 1;
      if (count > 0) this.#users.set(name, count);
      else this.#users.delete(name);
    }
  }

  /** The process is gone, and what it had with it. */
  clear(): void {
    this.#sizes.clear();
    this.#users.clear();
    this.#usedBytes = 0;
  }

  #evict(): string[] {
    const forgotten: string[] = [];
    for (const [name, sizeBytes] of this.#sizes) {
      if (this.#usedBytes <= this.#capacityBytes) break;
      if (this.#users.has(name)) continue;
      this.#sizes.delete(name);
      this.#usedBytes -= sizeBytes;
      forgotten.push(name);
    }
    return forgotten;
  }
}
