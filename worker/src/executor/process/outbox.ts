// Results to the daemon: those of one turn share a message, because a message costs more than a tiny unit.
import type { FromExecutor, ResultMessage } from '../messages/messages.js';

/** Bundles of one message together. */
const MESSAGE_BYTES = 4 * 1024 * 1024;

export class Outbox {
  readonly #say: (message: FromExecutor) => void;
  #results: ResultMessage[] = [];
  #sizeBytes = 0;

  constructor(say: (message: FromExecutor) => void) {
    this.#say = say;
  }

  add(result: ResultMessage): void {
    this.#results.push(result);
    if (result.kind === 'execution' && result.execution.kind === 'success')
      this.#sizeBytes += result.execution.bundle.length;
    if (this.#sizeBytes >= MESSAGE_BYTES) this.#flush();
    else if (this.#results.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#results.length > 0) this.#say({ kind: 'results', results: this.#results });
    this.#results = [];
    this.#sizeBytes = 0;
  }
}
