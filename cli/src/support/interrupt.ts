// Ctrl-C and SIGTERM while something runs: the work is aborted in order, and the exit code says so.
import { EXIT } from '../output.js';

const EXIT_TERMINATED = 143;

/** Runs with a signal that aborts on SIGINT and SIGTERM. Returns 130 or 143 then, after calling `onInterrupt`. A second Ctrl-C ends at once. */
export async function interruptible(
  run: (signal: AbortSignal) => Promise<number>,
  onInterrupt: () => void = () => undefined,
): Promise<number> {
  const stop = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT_TERMINATED;
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await run(stop.signal);
  } catch (error) {
    if (exitCode === undefined) throw error;
    onInterrupt();
    return exitCode;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
