// The process of one check: computes for a turn, is stopped, goes on, and says at last what it found.
import { afterAwake, type ErrorBody, errorBodySchema, ManyhandsError } from '@manyhands/contract';
import { type Confined, watchMemory } from '@manyhands/sandbox';
import { z } from 'zod';

/** A busy machine gives a process of lowest priority little of its time. */
const WALL_CLOCK_FACTOR = 5;
/** Until the process itself begins to compute. */
const START_MS = 20_000;
const REASON_MAXIMUM_CHARACTERS = 200;
const MEBIBYTE = 2 ** 20;
/** How the engine ends without room, as the first process of a namespace too: there SIGABRT does nothing. */
const OUT_OF_ROOM: readonly unknown[] = [
  'SIGABRT',
  'SIGSEGV',
  'SIGTRAP',
  'SIGILL',
  128 + 6,
  128 + 11,
  128 + 5,
  128 + 4,
];

/** The process has met a program of a stranger: what it says is checked before it is believed. */
const verdictSchema = z.object({ refusal: errorBodySchema.nullable() });
/** Now and then: how long it has computed. */
const usedSchema = z.object({ usedMs: z.number().min(0) });

export type CheckBounds = {
  /** Computing of the whole check, which the process ends by itself; the clock may take five times as long while it runs. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
};

/** `refusal` is null for a program that is as it should be. */
export type TurnEnd = { readonly isDone: false } | { readonly isDone: true; readonly refusal: ErrorBody | null };

export class CheckRun {
  /** Computing so far, as the process tells. */
  usedMs = 0;
  /** Memory that it has, as last seen; kept while it is stopped. */
  residentBytes = 0;
  readonly #confined: Confined;
  readonly #bounds: CheckBounds;
  readonly #verdict: Promise<ErrorBody | null>;
  #ranMs = 0;
  #onUsed = (): void => {};
  #refuse: (refusal: ErrorBody) => void = () => {};

  constructor(confined: Confined, bounds: CheckBounds) {
    this.#confined = confined;
    this.#bounds = bounds;
    this.#verdict = this.#listen();
  }

  /** Lets it compute for so long, or until it is done. */
  async turn(turnMs: number): Promise<TurnEnd> {
    const untilMs = this.usedMs + turnMs;
    const beganMs = performance.now();
    signal(this.#confined, 'SIGCONT');
    const stopping = Promise.withResolvers<'over'>();
    this.#onUsed = () => {
      if (this.usedMs >= untilMs) stopping.resolve('over');
    };
    const endTurn = afterAwake(START_MS + WALL_CLOCK_FACTOR * turnMs, () => stopping.resolve('over'));
    const leftMs = START_MS + WALL_CLOCK_FACTOR * this.#bounds.cpuMs - this.#ranMs;
    const endCheck = afterAwake(leftMs, () => this.#refuse(trouble('The check of the module took too long.')));
    const ended = await Promise.race([this.#verdict, stopping.promise]);
    endTurn();
    endCheck();
    this.#onUsed = () => {};
    if (ended !== 'over') return { isDone: true, refusal: ended };
    signal(this.#confined, 'SIGSTOP');
    this.#ranMs += performance.now() - beganMs;
    return { isDone: false };
  }

  /** Ends it, stopped or not. */
  end(): void {
    this.#confined.end();
  }

  /** What the process says; why it was ended; a refusal that may be tried again when it says nothing in time. */
  #listen(): Promise<ErrorBody | null> {
    const { child } = this.#confined;
    const { memoryBytes } = this.#bounds;
    return new Promise((resolve) => {
      this.#refuse = resolve;
      let reason = '';
      const tooMuchMemory = `more than ${Math.round(memoryBytes / MEBIBYTE)} MiB of memory`;
      const endFor = (why: string): void => {
        reason = (reason + why).slice(0, REASON_MAXIMUM_CHARACTERS);
        this.end();
      };
      child.stdout?.on('data', (part: Buffer) => endFor(part.toString()));
      child.stderr?.resume();
      const stopWatching = watchMemory(this.#confined, (residentBytes) => {
        this.residentBytes = residentBytes;
        if (residentBytes > memoryBytes && !reason) endFor(tooMuchMemory);
      });
      child.on('message', (message) => {
        const used = usedSchema.safeParse(message);
        if (used.success) {
          this.usedMs = Math.max(this.usedMs, used.data.usedMs);
          this.#onUsed();
          return;
        }
        const verdict = verdictSchema.safeParse(message);
        if (!verdict.success) resolve(trouble('The check of the module said something else.'));
        else resolve(verdict.data.refusal && ManyhandsError.fromObject(verdict.data.refusal).toObject());
      });
      child.once('error', () => resolve(trouble('The process that checks modules could not be started.')));
      child.once('close', (code, signalName) => {
        stopWatching();
        if (this.#confined.isOverMemory) reason ||= tooMuchMemory;
        if (OUT_OF_ROOM.includes(signalName ?? code)) reason ||= 'more memory than there is';
        resolve(reason ? tooDear(reason) : trouble('The check of the module ended early.'));
      });
    });
  }
}

/** Where the system cannot stop a process, it goes on beside the others. */
function signal({ pid, isGone }: Confined, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined || isGone) return;
  try {
    process.kill(pid, name);
  } catch {
    // it has just ended by itself
  }
}

function tooDear(reason: string): ErrorBody {
  return new ManyhandsError('MH-MOD-016', {
    message: `Instrumenting the module takes ${reason}.`,
    meta: { reason },
  }).toObject();
}

function trouble(message: string): ErrorBody {
  return new ManyhandsError('MH-GEN-004', { message }).toObject();
}
