// One process of a test: its output lines kept, waited for without a limit, ended by signal, never left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { atEnd, type Lifetime } from './lifetime.js';
import { childrenOf, isAlive } from './system.js';
import { until } from './until.js';

const KEPT_STDERR_LENGTH = 20_000;
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export type ProcessOptions = {
  environment?: Record<string, string | undefined>;
  /** The folder that it runs in. */
  cwd?: string;
  /** What is run: the Node of the tests unless told otherwise. */
  executable?: string;
  /** What it ends with; default: the test that starts it, or the file outside of tests. */
  lifetime?: Lifetime;
};

/** Lines of JSON are parsed; any other line is `{ text }`. */
export class TestProcess<Line extends object = Record<string, unknown>> {
  readonly lines: Line[] = [];
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  #isRead = false;

  /** `name` is what messages call it; `args` go to Node itself, or to the `executable`. */
  constructor(
    readonly name: string,
    args: readonly string[],
    { environment, cwd, lifetime, executable = process.execPath }: ProcessOptions = {},
  ) {
    // Nothing that a test waits for gives way to other processes: on a busy machine it would never have its turn.
    const env = { ...process.env, MANYHANDS_NICE: '0', ...environment };
    const child = spawn(executable, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd });
    this.child = child;
    running.add(child);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.stdout += `${line}\n`;
      this.lines.push(parse(line) as Line);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-KEPT_STDERR_LENGTH);
    });
    child.once('exit', () => running.delete(child));
    // Later than the exit: what it wrote last has been read.
    child.once('close', () => {
      this.#isRead = true;
    });
    atEnd(() => this.kill(), lifetime);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The first line, past or future, that fits. Throws with what the process said when it ends without. */
  waitFor(fits: (line: Line) => boolean): Promise<Line> {
    return until(
      () => `a line of ${this.story()} that fits ${fits}`,
      () => {
        const hasSaidAll = this.#isRead;
        const found = this.lines.find(fits);
        if (!found && hasSaidAll) throw new Error(`no line that fits ${fits} of ${this.story()}`);
        return found;
      },
    );
  }

  /** Waits for the end and all output; gives the exit code (null after a signal). */
  async exit(): Promise<number | null> {
    await until(
      () => `the end of ${this.story()}`,
      () => this.#isRead,
    );
    return this.child.exitCode;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it without warning, as a power cut would, and waits for the end of it and of its children (which may hold ports). */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const children = childrenOf(this.pid);
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    await until(
      () => `the end of the children of ${this.name}: ${children.filter(isAlive)}`,
      () => !children.some(isAlive),
    );
  }

  /** Asks it to end and waits. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.hasEnded) this.child.kill(signal);
    return this.exit();
  }

  /** What it is and what it said last. */
  story(): string {
    const state = this.hasEnded ? `ended with ${this.child.exitCode ?? this.child.signalCode}` : 'running';
    return `${this.name} (${state})\n${this.stdout.slice(-2_000)}${this.stderr.slice(-4_000)}`;
  }
}

function parse(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : { text: line };
  } catch {
    return { text: line };
  }
}
