// `manyhands` as a user would start it, from the build.
import { fileURLToPath } from 'node:url';
import { type ProcessOptions, TestProcess } from './process.js';

const LAUNCHER = fileURLToPath(new URL('../../cli/bin/manyhands.js', import.meta.url));

export type JsonLine = Record<string, unknown>;
export type Finished = { exitCode: number | null; lines: JsonLine[]; stdout: string; stderr: string };

export class ManyhandsProcess extends TestProcess<JsonLine> {
  constructor(args: readonly string[], options?: ProcessOptions) {
    super(`manyhands ${args.join(' ')}`, [LAUNCHER, ...args], options);
  }

  /** The first line of that event, past or future. */
  event(name: string): Promise<JsonLine> {
    return this.waitFor(({ event }) => event === name);
  }

  /** What it said, once it has ended. */
  async finished(): Promise<Finished> {
    const exitCode = await this.exit();
    return { exitCode, lines: this.lines, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Runs a command to its end. */
export function manyhands(args: readonly string[], options?: ProcessOptions): Promise<Finished> {
  return new ManyhandsProcess(args, options).finished();
}
