// What all commands share: one document or JSON lines with `--json`, errors with their code, exit codes, colours on terminals only.
import { ManyhandsError } from '@manyhands/contract';
import { type Command, CommanderError } from 'commander';
import pc from 'picocolors';

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
  readonly color: ReturnType<typeof pc.createColors>;
  /** Prints one JSON document (or JSON line of a stream) with `--json`; otherwise nothing. */
  json(document: unknown): void;
  /** Prints one line for people; nothing with `--json`. */
  line(text?: string): void;
  /** Prints one line of progress or hint on standard error; nothing with `--json`. */
  note(text: string): void;
};

/** Colours are ours; any other control character came from a host, a program or a coordinator, and must not steer the terminal. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}](\[[\d;]*m)?/gu, (found, style: string | undefined) => {
    const isOurs = found.startsWith('\n') || (style !== undefined && found.startsWith('\u001b'));
    return isOurs ? found : ` ${style ?? ''}`;
  });
}

/** Decided by the terminal alone: picocolors by itself would also colour what a pipe of a build server reads. */
export const color = pc.createColors(
  process.stdout.isTTY === true && process.stderr.isTTY === true && pc.isColorSupported,
);

export function createOutput(isJson: boolean, { writeOut, writeErr }: Streams): Output {
  return {
    isJson,
    color,
    json: (document) => {
      if (isJson) writeOut(`${JSON.stringify(document)}\n`);
    },
    line: (text = '') => {
      if (!isJson) writeOut(`${harmless(text)}\n`);
    },
    note: (text) => {
      if (!isJson) writeErr(`${harmless(text)}\n`);
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
  note(`${color.red('manyhands:')} ${error.message} ${color.dim(error.code)}`);
  if (error.code === 'MH-GEN-001' && error.cause instanceof Error) note(error.cause.stack ?? '');
  if (error.fault === 'self') {
    note(FAULT_WORDS);
    return EXIT.fault;
  }
  return error.retryable || error.fault === 'platform' ? EXIT.trouble : EXIT.usage;
}
