// The awake clock of this process, and deadlines by it: what falls due while the machine sleeps is not late when it wakes.
import { AWAKE_STEP_MS, AwakeClock } from './awake-clock.js';

let clock: AwakeClock | undefined;
/** Since listeners were told last. */
let sleptMs = 0;
const wakingListeners = new Set<(sleptMs: number) => void>();
const deadlines = new Set<{ atMs: number; act(): void }>();

/** Milliseconds that this process was awake; the origin means nothing. For deadlines, instead of a clock that goes on in sleep. */
export function awakeNowMs(): number {
  clock ??= start();
  const now = clock.read(readings());
  sleptMs += now.sleptMs;
  return now.awakeMs;
}

/** Calls back whenever the machine has slept. Returns the way to stop. */
export function onWaking(listener: (sleptMs: number) => void): () => void {
  awakeNowMs();
  wakingListeners.add(listener);
  return () => wakingListeners.delete(listener);
}

/** Acts after so much time awake, late by a second at most. Keeps no process alive. Returns the way to stop it. */
export function afterAwake(delayMs: number, act: () => void): () => void {
  const deadline = { atMs: awakeNowMs() + delayMs, act };
  deadlines.add(deadline);
  return () => deadlines.delete(deadline);
}

/** `AbortSignal.timeout` by the awake clock. */
export function awakeTimeout(delayMs: number): AbortSignal {
  const controller = new AbortController();
  afterAwake(delayMs, () => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')));
  return controller.signal;
}

function start(): AwakeClock {
  const timer: unknown = setInterval(tick, AWAKE_STEP_MS);
  // Browsers number their timers.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  return new AwakeClock(readings());
}

function readings() {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** Only here are others called back: who merely asks for the time is not interrupted. */
function tick(): void {
  const nowMs = awakeNowMs();
  if (sleptMs > 0) for (const listener of wakingListeners) listener(sleptMs);
  sleptMs = 0;
  for (const deadline of deadlines)
    if (deadline.atMs <= nowMs) {
      deadlines.delete(deadline);
      deadline.act();
    }
}
