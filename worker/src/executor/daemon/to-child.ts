// The way to one executor process: messages in order, runs of one turn in one message, large bytes no faster than they are taken.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RunMessage, ToExecutor } from '../messages/messages.js';

export class ToChild {
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  #runs: RunMessage[] = [];

  constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid;
  }

  send(message: ToExecutor): void {
    this.#flush();
    this.#post(message);
  }

  /** Waits a moment for others, which are sent along. */
  sendRun(run: RunMessage): void {
    this.#runs.push(run);
    if (this.#runs.length === 1) setImmediate(() => this.#flush());
  }

  /** Resolves once the piece is on its way out of this process. */
  sendPiece(message: Extract<ToExecutor, { kind: 'piece' }>): Promise<void> {
    return new Promise((resolve) => {
      if (this.#child.connected) this.#child.send(message, () => resolve());
      else resolve();
    });
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #flush(): void {
    if (this.#runs.length > 0) this.#post({ kind: 'runs', runs: this.#runs });
    this.#runs = [];
  }

  /** A send to a dead child fails; its runs are settled by its exit. */
  #post(message: ToExecutor): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
