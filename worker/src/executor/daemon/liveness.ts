// Whether the executor process is still there behind its pid: one that says nothing for long, though it runs and this machine is awake, has lost its main loop.
import { readFile } from 'node:fs/promises';
import { awakeNowMs } from '@manyhands/contract';

const CHECK_MS = 10_000;
/** The process says that it is there every few seconds; a busy machine may keep it waiting. */
const SILENCE_MAXIMUM_MS = 5 * 60_000;

export class Liveness {
  #heardAtMs = awakeNowMs();
  readonly #timer: NodeJS.Timeout;

  /** `onLost` is called once. */
  constructor(pid: number | undefined, onLost: () => void) {
    this.#timer = setInterval(() => void this.#check(pid, onLost), CHECK_MS);
    this.#timer.unref();
  }

  heard(): void {
    this.#heardAtMs = awakeNowMs();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Somebody stopped it: it is no wonder that it says nothing. */
  async #check(pid: number | undefined, onLost: () => void): Promise<void> {
    if (await isStopped(pid)) this.heard();
    if (awakeNowMs() - this.#heardAtMs < SILENCE_MAXIMUM_MS) return;
    this.stop();
    onLost();
  }
}

/** Stopped by a signal or a debugger. Only where /proc tells it. */
async function isStopped(pid: number | undefined): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /^[Tt]/.test(text.slice(text.lastIndexOf(')') + 2));
}
