// `manyhands` as a user would start it, from the build.
import { temporaryFolderSync } from './folders.js';
import { LAUNCHER } from './installation.js';
import { type ProcessOptions, TestProcess } from './process.js';

export type JsonLine = Record<string, unknown>;
export type Finished = { exitCode: number | null; lines: JsonLine[]; stdout: string; stderr: string };

let home: string | undefined;
/** Of all processes of a file of tests: what one remembers is never somebody else's, and nobody's own data is touched. */
function homeOfFile(): Record<string, string> {
  home ??= temporaryFolderSync('home', 'file');
  return { XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, LOCALAPPDATA: home };
}

export class ManyhandsProcess extends TestProcess<JsonLine> {
  constructor(args: readonly string[], options: ProcessOptions = {}) {
    const environment = { ...homeOfFile(), ...options.environment };
    super(`manyhands ${args.join(' ')}`, [LAUNCHER, ...args], { ...options, environment });
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
