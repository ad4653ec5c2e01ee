// The demo's children: real `manyhands` processes, started and ended by the demo, none left behind.
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ManyhandsError } from '@manyhands/contract';
import { OBEYING } from '../support/requests-to-end.js';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
/** How long a child may take to leave by itself (a worker returns its leases) before it is killed. */
const STOP_TIMEOUT_MS = 10_000;
const STDERR_KEPT_CHARACTERS = 4000;

/** One JSON line of a child. */
type ChildEvent = { event?: string; [key: string]: unknown };

export type Child = {
  readonly pid: number;
  /** Resolves when the child ends, for whatever reason, with what it said of it. */
  readonly ended: Promise<ManyhandsError>;
  /** Resolves with the first JSON line of that event; rejects when the child ends first or after `timeoutMs`. */
  waitFor(event: string, timeoutMs: number): Promise<ChildEvent>;
  /** Asks the child to end, kills it after ten seconds. */
  stop(): Promise<void>;
};

/** Starts `manyhands <args> --json` under this same Node. */
export function startChild(args: readonly string[]): Child {
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe', OBEYING.channel],
    env: { ...process.env, ...OBEYING.environment },
  });
  const events: ChildEvent[] = [];
  const listeners = new Set<() => void>();
  let stderr = '';
  const { stdout, stderr: troubles } = child as ChildProcessByStdio<null, Readable, Readable>;
  createInterface({ input: stdout }).on('line', (line) => {
    events.push(parseEvent(line));
    for (const listener of listeners) listener();
  });
  troubles.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT_CHARACTERS);
  });
  const command = `manyhands ${args.slice(0, 2).join(' ')}`;
  const saidError = (): ManyhandsError | undefined => {
    const said = events.find(({ error }) => error !== undefined)?.error;
    return said ? ManyhandsError.fromObject(said) : undefined;
  };
  const failure = (what: string): ManyhandsError =>
    saidError() ?? new ManyhandsError('MH-GEN-001', { message: `${command} ${what}: ${stderr}` });
  let isOver = false;
  const ended = new Promise<ManyhandsError>((resolve) => {
    // Later than the exit: what the child said last has been read.
    child.once('close', () => {
      isOver = true;
      for (const listener of listeners) listener();
      const message = `${command} has ended, and the demo cannot go on without it. ${stderr.trim()}`.trim();
      resolve(saidError() ?? new ManyhandsError('MH-GEN-014', { message }));
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    waitFor: (event, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (action: () => void): void => {
          clearTimeout(timer);
          listeners.delete(check);
          action();
        };
        const check = (): void => {
          const found = events.find((candidate) => candidate.event === event);
          if (found) settle(() => resolve(found));
          else if (isOver) settle(() => reject(failure('ended')));
        };
        const timer = setTimeout(
          () => settle(() => reject(failure(`did not say "${event}" within ${timeoutMs / 1000} s`))),
          timeoutMs,
        );
        listeners.add(check);
        check();
      }),
    stop: () => stopChild(child),
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  // Over the channel: a Ctrl-C that the terminal sent to the child as well is then the same request.
  if (child.connected) child.send('SIGTERM', () => {});
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exit;
  clearTimeout(timer);
}

function parseEvent(line: string): ChildEvent {
  try {
    return JSON.parse(line) as ChildEvent;
  } catch {
    return {};
  }
}
