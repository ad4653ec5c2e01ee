// Standard output that may be closed by its reader, or on a full disk: what was begun goes on without it, and the exit code says so.
import { EXIT, reportError } from '../output.js';

export type StandardOutput = {
  write(text: string): void;
  /** The exit code for what happened to the output; undefined while all is well. */
  trouble(): number | undefined;
};

/** `onTrouble` is called once. `isGone`: nobody expects the rest to be read. */
export function watchOutput(
  stream: Pick<NodeJS.WriteStream, 'write' | 'on'>,
  { note, onTrouble, isGone }: { note(text: string): void; onTrouble(): void; isGone(): boolean },
): StandardOutput {
  let exitCode: number | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (exitCode !== undefined) return;
    if (isGone()) exitCode = EXIT.done;
    // Whoever reads may stop early, as `head` does: that is worth no word.
    else exitCode = error.code === 'EPIPE' ? EXIT.unread : reportError(error, note);
    onTrouble();
  });
  return {
    write: (text) => {
      if (exitCode === undefined) stream.write(text);
    },
    trouble: () => exitCode,
  };
}
