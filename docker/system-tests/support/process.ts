// One `manyhands` process of a test: started like a user would, its JSON lines kept, ended by signal.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/manyhands.js', import.meta.url));
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export type JsonLine = Record<string, unknown>;

export class ManyhandsProcess {
  readonly lines: JsonLine[] = [];
  stderr = '';
  #isRead = false;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly args: readonly string[],
    environment: Record<string, string> = {},
  ) {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.#child = child;
    running.add(child);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(parse(line));
      this.#notify();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-20_000);
    });
    child.once('exit', () => {
      running.delete(child);
      this.#notify();
    });
    // Later than the exit: what it wrote last has been read.
    child.once('close', () => {
      this.#isRead = true;
      this.#notify();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The first line, past or future, that fits. Throws with what the process said when it ends or the time is over. */
  async waitFor(fits: (line: JsonLine) => boolean, timeoutMs = 30_000): Promise<JsonLine> {
    const deadlineMs = Date.now() + timeoutMs;
    for (;;) {
      const found = this.lines.find(fits);
      if (found) return found;
      if (this.hasEnded || Date.now() > deadlineMs)
        throw new Error(
          `manyhands ${this.args.join(' ')}: no such line; ended: ${this.hasEnded}\n${JSON.stringify(this.lines.slice(-5))}\n${this.stderr}`,
        );
      await this.#change(250);
    }
  }

  /** Waits for the end and all output; gives the exit code (null after a signal). */
  async exit(timeoutMs = 60_000): Promise<number | null> {
    const deadlineMs = Date.now() + timeoutMs;
    while (!this.#isRead) {
      if (Date.now() > deadlineMs) throw new Error(`manyhands ${this.args.join(' ')} did not end\n${this.stderr}`);
      await this.#change(250);
    }
    return this.#child.exitCode;
  }

  /** Ends it without warning, as a power cut would. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to end and waits. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.#child.kill('SIGTERM');
    return this.exit(20_000);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #change(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, atMostMs);
      this.#listeners.add(done);
    });
  }
}

/** Runs a command to its end. */
export async function manyhands(
  args: readonly string[],
  timeoutMs = 120_000,
): Promise<{ exitCode: number | null; lines: JsonLine[]; stderr: string }> {
  const child = new ManyhandsProcess(args);
  const exitCode = await child.exit(timeoutMs);
  return { exitCode, lines: child.lines, stderr: child.stderr };
}

function parse(line: string): JsonLine {
  try {
    return JSON.parse(line) as JsonLine;
  } catch {
    return { text: line };
  }
}
