// Ctrl-C and SIGTERM while something runs: the work is aborted in order, and the exit code says so.
import { EXIT } from '../output.js';
import { type EndingSignal, onRequestToEnd } from './requests-to-end.js';

const EXIT_CODES: Readonly<Record<EndingSignal, number>> = { SIGHUP: 129, SIGINT: EXIT.interrupted, SIGTERM: 143 };

/** Runs with a signal that aborts on SIGINT, SIGTERM and SIGHUP. Returns 130, 143 or 129 then, after calling `onInterrupt`. A second Ctrl-C ends at once. */
export async function interruptible(
  run: (signal: AbortSignal) => Promise<number>,
  onInterrupt: () => void = () => undefined,
): Promise<number> {
  const stop = new AbortController();
  let exitCode: number | undefined;
  const release = onRequestToEnd((signal) => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = EXIT_CODES[signal];
    stop.abort();
  });
  try {
    return await run(stop.signal);
  } catch (error) {
    if (exitCode === undefined) throw error;
    onInterrupt();
    return exitCode;
  } finally {
    release();
  }
}
