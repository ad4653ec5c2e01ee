// `manyhands` of some version as a process, with the JSON lines that it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const KEPT_STDERR_LENGTH = 4000;
const running = new Set<Manyhands>();
process.on('exit', () => {
  for (const child of running) child.kill();
});

export type Line = { event?: string; [key: string]: unknown };

export class Manyhands {
  readonly lines: Line[] = [];
  private stderr = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<void>;
  private readonly listeners = new Set<() => void>();

  /** `root`: the repository of the version, built. */
  constructor(
    root: string,
    private readonly words: readonly string[],
    { logFile, environment = {} }: { logFile?: string; environment?: Record<string, string> } = {},
  ) {
    const launcher = join(root, 'cli/bin/manyhands.js');
    // A group of its own, so that its children can be killed with it.
    const parameters = [launcher, ...words, '--json'];
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
    this.child = child;
    running.add(this);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.tell();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-KEPT_STDERR_LENGTH);
    });
    if (logFile !== undefined) child.stderr.pipe(createWriteStream(logFile));
    this.closed = once(child, 'close').then(() => {
      running.delete(this);
      this.tell();
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first line, past or future, that fits. Throws when it ends without. */
  async waitFor(fits: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.lines.find(fits);
      if (found) return found;
      if (!running.has(this)) throw new Error(`manyhands ${this.words.join(' ')} ended: ${this.stderr}`);
      await new Promise<void>((resolve) => this.listeners.add(resolve));
    }
  }

  event(name: string): Promise<Line> {
    return this.waitFor(({ event }) => event === name);
  }

  /** Its last line, once it has ended well. */
  async finished(): Promise<Line> {
    await this.closed;
    if (this.child.exitCode !== 0)
      throw new Error(`manyhands ${this.words.join(' ')} ended with ${this.child.exitCode}: ${this.stderr}`);
    return this.lines.at(-1) ?? {};
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.closed;
  }

  /** As a power cut would: with all its children, at once. */
  kill(): void {
    try {
      process.kill(-(this.child.pid as number), 'SIGKILL');
    } catch {
      // it is gone already
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}
