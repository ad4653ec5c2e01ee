// How this process is asked to end: by the terminal, by `kill`, and by the process that launched it, which passes on what it gets and may itself be gone.
import { Presses, type Way } from './presses.js';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof ENDING_SIGNALS)[number];
type Listener = (signal: EndingSignal) => void;

/** Set for a child that is to listen to its launcher over the channel between them (see bin/manyhands.js). */
const LAUNCHED = 'MANYHANDS_LAUNCHED';

let presses = new Presses();
let isAsked = false;
const listeners = new Set<Listener>();

/** Whether this process is about to end because it was asked to: the terminal that asked may be gone. */
export function wasAskedToEnd(): boolean {
  return isAsked;
}

/** Calls back at each request to end, instead of ending at once. Returns the way to stop that. */
export function onRequestToEnd(listener: Listener): () => void {
  if (listeners.size === 0) {
    presses = new Presses();
    for (const signal of ENDING_SIGNALS) process.on(signal, onStraight);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) for (const signal of ENDING_SIGNALS) process.off(signal, onStraight);
  };
}

/** Listens to the launcher, if there is one: to the signals that it passes on, and to its end, after which nothing may run on alone. */
export function obeyLauncher(): void {
  const isLaunched = process.env[LAUNCHED] === '1';
  delete process.env[LAUNCHED]; // not for our own children
  if (!isLaunched || !process.channel) return;
  process.on('message', (message) => {
    const signal = ENDING_SIGNALS.find((known) => known === message);
    if (signal) onPassedOn(signal);
  });
  process.on('disconnect', () => onPassedOn('SIGTERM'));
  process.channel.unref();
  if (!process.connected) onPassedOn('SIGTERM');
}

/** How a child is started that obeys: the last entry of `stdio`, and the environment. */
export const OBEYING = { channel: 'ipc', environment: { [LAUNCHED]: '1' } } as const;

function onStraight(signal: NodeJS.Signals): void {
  tell('straight', signal as EndingSignal);
}

function onPassedOn(signal: EndingSignal): void {
  if (listeners.size === 0)
    process.kill(process.pid, signal); // as if it had come straight to a program that does not care
  else tell('passed-on', signal);
}

function tell(way: Way, signal: EndingSignal): void {
  isAsked = true;
  if (presses.isAnother(way, signal, performance.now())) for (const listener of [...listeners]) listener(signal);
}
