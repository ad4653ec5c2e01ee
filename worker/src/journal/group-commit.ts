// Writes that come up in one turn of the event loop share one commit: a flush of the disk costs more than many small units.

type Write = { work: () => void; resolve(): void; reject(error: unknown): void };

export class GroupCommit {
  readonly #together: (work: () => void) => void;
  #writes: Write[] = [];

  /** `together` runs work in one transaction and throws when it cannot be committed. */
  constructor(together: (work: () => void) => void) {
    this.#together = together;
  }

  /** Resolves once the write is on the disk; rejects for all writes of the commit when it fails. */
  add(work: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#writes.push({ work, resolve, reject });
      if (this.#writes.length === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const writes = this.#writes;
    this.#writes = [];
    try {
      this.#together(() => {
        for (const { work } of writes) work();
      });
    } catch (error) {
      for (const { reject } of writes) reject(error);
      return;
    }
    for (const { resolve } of writes) resolve();
  }
}
