// Runs commands inside the test's own process: fast, and what they said is there to look at.
import { manyhands } from '@manyhands/testing';
import { createOutput, type Output } from '../../src/output.js';
import { runCommand } from '../../src/program.js';

export type JsonLine = Record<string, unknown>;
export type Ended = {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** With `--json`: what was printed, parsed. */
  lines: JsonLine[];
  /** The code of the error that ended it. */
  code: unknown;
};

export async function run(...words: readonly string[]): Promise<Ended> {
  if (process.env.MANYHANDS_UNDER_TEST !== undefined) return runThere(words);
  const said = { out: '', err: '' };
  const exitCode = await runCommand(words, {
    writeOut: (text) => {
      said.out += text;
    },
    writeErr: (text) => {
      said.err += text;
    },
  });
  const lines = words.includes('--json')
    ? said.out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as JsonLine)
    : [];
  return { exitCode, stdout: said.out, stderr: said.err, lines, code: codeOf(lines) };
}

/** Another clone's commands are processes. */
async function runThere(words: readonly string[]): Promise<Ended> {
  const ended = await manyhands(words);
  const lines = words.includes('--json') ? ended.lines : [];
  return { ...ended, exitCode: ended.exitCode ?? -1, lines, code: codeOf(lines) };
}

function codeOf(lines: readonly JsonLine[]): unknown {
  return (lines.at(-1)?.error as { code?: unknown } | undefined)?.code;
}

/** An output that keeps what it is given. */
export function keptOutput({ isJson = false }: { isJson?: boolean } = {}): {
  out: Output;
  said: string[];
  noted: string[];
} {
  const said: string[] = [];
  const noted: string[] = [];
  const out = createOutput(isJson, {
    writeOut: (text) => void said.push(text.replace(/\n$/, '')),
    writeErr: (text) => void noted.push(text.replace(/\n$/, '')),
  });
  return { out, said, noted };
}

/** Sets variables of the environment and gives the way back. */
export function setEnvironment(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(values))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
  set(variables);
  return () => set(before);
}
