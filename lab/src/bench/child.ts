// A child process of the benchmark with typed messages.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ANSWER_TIMEOUT_MS = 120_000;

export class BenchChild<Ask extends { type: string }, Say extends { type: string }> {
  private readonly child: ChildProcess;

  /** Forks `<name>.js` beside this file. */
  constructor(name: string) {
    const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
    this.child = fork(path, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** Sends a question and waits for the answer of a type. */
  async ask<Type extends Say['type']>(question: Ask, type: Type): Promise<Extract<Say, { type: Type }>> {
    const answer = this.next(type);
    this.child.send(question);
    return answer;
  }

  tell(message: Ask): void {
    this.child.send(message);
  }

  private next<Type extends Say['type']>(type: Type): Promise<Extract<Say, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: Say): void => {
        if (message.type === type) end(() => resolve(message as Extract<Say, { type: Type }>));
      };
      const onExit = (): void => end(() => reject(new Error(`a process of the benchmark ended before ${type}`)));
      const timer = setTimeout(() => end(() => reject(new Error(`no ${type} in time`))), ANSWER_TIMEOUT_MS);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.child.off('message', onMessage).off('exit', onExit);
        settle();
      };
      this.child.on('message', onMessage).once('exit', onExit);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await exited;
  }
}
