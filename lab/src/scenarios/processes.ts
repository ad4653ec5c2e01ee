// Child processes of a scenario, with typed messages.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Sets scheduling policies on Linux; elsewhere a low priority must do. */
const CHRT = '/usr/bin/chrt';

/** A child process that speaks `In` and understands `Out`. */
export class Child<Out extends { type: string }, In extends { type: string }> {
  private readonly process: ChildProcess;
  private readonly listeners = new Set<(message: In) => void>();

  /** Forks `<name>.js` beside this file. `isBackground`: it gets only the processor time that nobody else wants. */
  constructor(name: string, { isBackground = false } = {}) {
    const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
    const background = { execPath: CHRT, execArgv: ['--idle', '0', process.execPath] };
    const how = isBackground && existsSync(CHRT) ? background : { execArgv: [] };
    this.process = fork(path, [], { ...how, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.process.on('message', (message: In) => {
      for (const listener of [...this.listeners]) listener(message);
    });
  }

  send(message: Out): void {
    this.process.send(message);
  }

  on(listener: (message: In) => void): void {
    this.listeners.add(listener);
  }

  /** The next message of one type. Rejects when the process ends or the time is over. */
  next<Type extends In['type']>(type: Type, timeoutMs: number): Promise<Extract<In, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.listeners.delete(listener);
        this.process.off('exit', onExit);
        settle();
      };
      const listener = (message: In) => {
        if (message.type === type) end(() => resolve(message as Extract<In, { type: Type }>));
        else if (message.type === 'failed') end(() => reject(new Error(JSON.stringify(message))));
      };
      const onExit = () => end(() => reject(new Error(`a process ended before ${type}`)));
      const timer = setTimeout(() => end(() => reject(new Error(`no ${type} within ${timeoutMs} ms`))), timeoutMs);
      this.process.once('exit', onExit);
      this.listeners.add(listener);
    });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await exited;
  }
}
