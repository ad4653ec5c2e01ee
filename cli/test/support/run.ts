// Runs `manyhands` as a user would and gives what it said.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/manyhands.js', import.meta.url));
const TIMEOUT_MS = 40_000;
export type JsonLine = Record<string, unknown>;
export type Ended = { exitCode: number | null; lines: JsonLine[]; stderr: string };

const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  running.clear();
});

export class Command {
  readonly lines: JsonLine[] = [];
  stderr = '';
  readonly child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...process.env, ...environment } });
    this.child = child;
    running.add(child);
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line) as JsonLine));
    child.stderr.on('data', (bytes: Buffer) => {
      this.stderr += bytes.toString();
    });
    this.#ended = once(child, 'close').then(() => {});
  }

  /** The first line of that event. */
  async event(name: string): Promise<JsonLine> {
    for (const deadlineMs = Date.now() + TIMEOUT_MS; Date.now() < deadlineMs; ) {
      const found = this.lines.find(({ event }) => event === name);
      if (found) return found;
      if (this.child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no event ${name}: ${JSON.stringify(this.lines)} ${this.stderr}`);
  }

  async end(signal?: NodeJS.Signals): Promise<Ended> {
    if (signal) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
    return { exitCode: this.child.exitCode, lines: this.lines, stderr: this.stderr };
  }
}

/** Runs a command to its end. */
export function run(args: readonly string[], environment?: Record<string, string>): Promise<Ended> {
  return new Command(args, environment).end();
}
