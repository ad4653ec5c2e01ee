// Real `manyhands` processes for tests: started, watched by their JSON lines, ended by their own handle.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/manyhands.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

export type JsonLine = Record<string, unknown>;
export type Started = { child: ChildProcess; lines: JsonLine[]; stderr(): string };
export type Finished = { exitCode: number | null; lines: JsonLine[]; stderr: string };

function start(args: readonly string[], environment: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const lines: JsonLine[] = [];
  let stderr = '';
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    lines.push(JSON.parse(line) as JsonLine);
    child.emit('json-line');
  });
  child.stderr?.on('data', (part: Buffer) => {
    stderr += part.toString();
  });
  return { child, lines, stderr: () => stderr };
}

/** Runs a command with --json to its end. */
export async function manyhands(args: readonly string[]): Promise<Finished> {
  const { child, lines, stderr } = start([...args, '--json']);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, lines, stderr: stderr() };
}

/** Starts a command with --json and waits for the first line of that event. */
export async function startUntil(
  args: readonly string[],
  event: string,
): Promise<{ started: Started; line: JsonLine }> {
  const started = start([...args, '--json']);
  const { child, lines } = started;
  const line = await new Promise<JsonLine>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Error(`manyhands ${args.join(' ')} ${why}: ${started.stderr()} ${JSON.stringify(lines)}`));
    const timer = setTimeout(() => fail(`did not say ${event}`), START_TIMEOUT_MS);
    const check = (): void => {
      const found = lines.find((candidate) => candidate.event === event);
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.on('json-line', check);
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended');
    });
  });
  return { started, line };
}

/** Ends a process in order, or hard after ten seconds. */
export async function stop({ child }: Started, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
