// Tells the parts of the coordinator that projects, app versions or batches changed in a way that concerns the giving of work.
import { Injectable } from '@nestjs/common';

export type Change =
  | { kind: 'project'; projectRowId: number }
  | { kind: 'app-version'; appVersionRowId: number }
  | { kind: 'batch'; batchRowId: number };

@Injectable()
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Returns the way to stop. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
