// Standard output that may be closed by its reader, or on a full disk: what was begun goes on without it, and the exit code says so.
import { EXIT, reportError } from '../output.js';

export type StandardOutput = {
  write(text: string): void;
  /** The exit code for what happened to the output; undefined while all is well. */
  trouble(): number | undefined;
};

/** `onTrouble` is called once. */
export function watchOutput(
  stream: Pick<NodeJS.WriteStream, 'write' | 'on'>,
  { note, onTrouble }: { note(text: string): void; onTrouble(): void },
): StandardOutput {
  let exitCode: number | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (exitCode !== undefined) return;
    // Whoever reads may stop early, as `head` does: that is worth no word.
    exitCode = error.code === 'EPIPE' ? EXIT.unread : reportError(error, note);
    onTrouble();
  });
  return {
    write: (text) => {
      if (exitCode === undefined) stream.write(text);
    },
    trouble: () => exitCode,
  };
}
