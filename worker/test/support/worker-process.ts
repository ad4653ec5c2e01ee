// A worker as a process of its own, from the built package: its statuses come back as JSON lines.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { WorkerEnd, WorkerOptions, WorkerStatus } from '@manyhands/worker';

const SCRIPT = `
import { startWorker } from '${new URL('../../dist/index.js', import.meta.url).href}';
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
try {
  const worker = await startWorker(JSON.parse(process.argv[1]));
  process.on('SIGTERM', () => worker.stop());
  worker.onStatus((status) => say({ status }));
  say({ status: worker.status() });
  const end = await worker.done;
  say({ end });
  process.exitCode = end.exitCode;
} catch (error) {
  say({ refused: error.code, message: error.message });
  process.exitCode = 2;
}`;

type Line = { status?: WorkerStatus; end?: WorkerEnd; refused?: string; message?: string };

export class WorkerProcess {
  readonly lines: Line[] = [];
  stderr = '';
  readonly #child: ChildProcess;

  constructor(options: WorkerOptions) {
    const given = JSON.stringify({ isP2p: false, cpus: 1, logLevel: 'silent', ...options });
    this.#child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, given], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (!this.#child.stdout || !this.#child.stderr) throw new Error('no pipes');
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line) as Line));
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  status(): WorkerStatus | undefined {
    return this.lines.findLast(({ status }) => status)?.status;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** The exit code, once it has ended. */
  async exit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  end(): Line {
    return this.lines.findLast(({ end, refused }) => end || refused) ?? {};
  }
}
