// The coordinator as its operator starts it: a process of the built command line on a folder, killed without warning and started again. Linux only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CoordinatorId } from '@manyhands/contract';

const LAUNCHER = join(import.meta.dirname, '../../../cli/bin/manyhands.js');
/** CPU time comes in ticks of so long. */
const TICK_MS = 10;

export class CoordinatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly coordinatorId: CoordinatorId,
  ) {}

  static async start(dataDirectory: string, port = 0): Promise<CoordinatorProcess> {
    const words = ['coordinator', 'start', '--data', dataDirectory, '--port', String(port), '--open', '--json'];
    const child = spawn(process.execPath, [LAUNCHER, ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, MANYHANDS_LOG_LEVEL: 'error' },
    });
    process.once('exit', () => child.kill('SIGKILL')); // however the run ends
    for await (const line of createInterface({ input: child.stdout })) {
      const { event, url, coordinatorId } = JSON.parse(line) as Record<string, string>;
      if (event !== 'listening') continue;
      child.stdout.resume();
      return new CoordinatorProcess(child, String(url), coordinatorId as CoordinatorId);
    }
    throw new Error('the coordinator ended before it listened');
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Of the whole process, since its start. */
  cpuMs(): number {
    const text = this.read('stat');
    const [user, system] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return ((user ?? 0) + (system ?? 0)) * TICK_MS;
  }

  /** How long its main thread was ready to go on, and others had the processor. */
  waitedMs(): number {
    return Number(this.read('schedstat').split(' ')[1]) / 1e6;
  }

  /** Memory that the process has in hand. */
  residentBytes(): number {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(this.read('status'))?.[1] ?? 0);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private read(file: string): string {
    return readFileSync(`/proc/${this.child.pid}/${file}`, 'utf8');
  }
}

/** Files and sockets that a process of this shell may have open. */
export function descriptorsMaximum(): number {
  const [, , hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}
