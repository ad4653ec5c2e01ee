// What all commands share: one document or JSON lines with `--json`, errors with their code, exit codes, colours on terminals only.
import { jsonLine, ManyhandsError } from '@manyhands/contract';
import { type Command, CommanderError } from 'commander';
import { color, type Palette, terminalLine } from './terminal-text.js';

/** The exit codes of `manyhands`; documented in docs/command-line.md. */
export const EXIT = {
  done: 0,
  workFailed: 1,
  usage: 2,
  trouble: 3,
  endedEarly: 4,
  fault: 70,
  interrupted: 130,
  /** As a shell counts the signal that ends other programs then. */
  unread: 141,
} as const;

/** Where a fault of ours is to be reported. */
const ISSUES_URL = 'https://github.com/manyhands/manyhands/issues';
export const FAULT_WORDS = `This is a fault of Manyhands, not of yours. Please report it, with these lines and what you did: ${ISSUES_URL}`;

/** The code of the error with which a command hands its exit code up. */
export const ENDED = 'manyhands.ended';

/** For options that may be given more than once. */
export const collectWords = (value: string, values: string[] = []): string[] => [...values, value];

/** Where the output goes. */
export type Streams = { writeOut(text: string): void; writeErr(text: string): void };

export type Output = {
  readonly isJson: boolean;
  /** Colours, or none when the output is no terminal or NO_COLOR is set. */
  readonly color: Palette;
  /** Prints one JSON document (or JSON line of a stream) with `--json`; otherwise nothing. */
  json(document: unknown): void;
  /** Prints one line for people, whatever is in the text: whose it was must not matter, so that its line breaks are blanks. Nothing with `--json`. */
  line(text?: string): void;
  /** Prints one line of progress or hint on standard error; nothing with `--json`. */
  note(text?: string): void;
};

export function createOutput(isJson: boolean, { writeOut, writeErr }: Streams): Output {
  return {
    isJson,
    color,
    json: (document) => {
      if (isJson) writeOut(`${jsonLine(document)}\n`);
    },
    line: (text = '') => {
      if (!isJson) writeOut(`${terminalLine(text)}\n`);
    },
    note: (text = '') => {
      if (!isJson) writeErr(`${terminalLine(text)}\n`);
    },
  };
}

/** Wraps the action of a command: `--json`, errors and the exit code. `run` returns the exit code. */
export function action<Options extends { json?: boolean }>(
  run: (input: { args: string[]; options: Options; out: Output; command: Command }) => Promise<number>,
): (...parameters: unknown[]) => Promise<void> {
  return async (...parameters) => {
    const command = parameters.at(-1) as Command;
    const options = command.optsWithGlobals<Options>();
    const { writeOut, writeErr } = command.configureOutput() as Streams;
    const out = createOutput(options.json === true, { writeOut, writeErr });
    let exitCode: number;
    try {
      exitCode = await run({ args: command.args, options, out, command });
    } catch (error) {
      out.json({ version: 1, error: ManyhandsError.from(error).toObject() });
      exitCode = reportError(error, out.note);
    }
    throw new CommanderError(exitCode, ENDED, '');
  };
}

/** Tells people of an error and gives its exit code. */
export function reportError(cause: unknown, note: (text: string) => void): number {
  const error = ManyhandsError.from(cause);
  const [first = '', ...others] = error.message.split('\n');
  const code = color.dim(error.code);
  note(`${color.red('manyhands:')} ${first}${others.length > 0 ? '' : ` ${code}`}`);
  for (const [at, line] of others.entries()) note(`  ${line.trim()}${at + 1 < others.length ? '' : ` ${code}`}`);
  if (error.code === 'MH-GEN-001' && error.cause instanceof Error)
    for (const line of (error.cause.stack ?? '').split('\n')) note(line);
  if (error.fault === 'self') {
    note(FAULT_WORDS);
    return EXIT.fault;
  }
  return error.retryable || error.fault === 'platform' ? EXIT.trouble : EXIT.usage;
}
