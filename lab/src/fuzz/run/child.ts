// Runs one of our programs in a process of its own and gives its standard output by lines.
import { spawn } from 'node:child_process';

/** How to start a JavaScript file: an engine and its flags. */
export type Engine = { command: string; flags: readonly string[] };

const OUTPUT_TAIL = 2_000;

/** Throws when the process fails or takes longer than `timeoutMs`. */
export function runProcess(engine: Engine, parameters: readonly string[], timeoutMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine.command, [...engine.flags, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => errors.push(bytes));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const lines = Buffer.concat(output).toString('utf8').split('\n');
      if (code === 0) resolve(lines.filter((line) => line !== ''));
      else
        reject(
          new Error(`${parameters[0]} ended with ${signal ?? code}: ${Buffer.concat(errors).subarray(-OUTPUT_TAIL)}`),
        );
    });
  });
}

/** The processes' files lie beside this one. */
export function besideThis(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
