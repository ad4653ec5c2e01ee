// Signals and the end of a process that starts another one: what it is told it passes on, and when it is killed its child does not run on alone.
import { pathToFileURL } from 'node:url';
import { at } from './places.mjs';

const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);

/**
 * Passes signals on to a child; gives the way to stop that. `isObeying`: a child that listens over its channel (MANYHANDS_LAUNCHED) and
 * knows what its terminal has told it already; to any other, a terminal tells Ctrl-C by itself.
 */
export function passSignals(child, { isObeying = false } = {}) {
  const pass = (signal) => {
    if (isObeying) child.connected && child.send(signal, () => {});
    else if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

/** What a Node is started with so that it ends with this process. Not under Windows, where a shell is between them. */
export const LIFELINE =
  process.platform === 'win32'
    ? { flags: [], stdio: [], variables: {} }
    : {
        flags: ['--import', pathToFileURL(at('scripts/setup/lifeline.mjs')).href],
        stdio: ['ipc'],
        variables: { MANYHANDS_LAUNCHED: '1' },
      };
