// The driver of the core: feeds it events one after the other, remembers and carries out its effects in order, and wakes it when it asks to be woken.
import { awakeNowMs, type ErrorCode, onWaking } from '@manyhands/contract';
import {
  type CoreOptions,
  type CoreStatus,
  describe,
  initialState,
  nextWakeMs,
  step,
  type WorkerEvent,
  type WorkerState,
} from '@manyhands/worker-core';
import { ControlClient } from '../control/control-client.js';
import type { WayOut } from '../control/way-out.js';
import { isDiskTrouble } from './disk-trouble.js';
import { type EffectDependencies, type EffectParts, EffectRunner } from './effect-runner.js';
import { isForJournal, rememberAll } from './journal-effects.js';

/** Timers never wait longer: what is further away may come nearer. */
const WAKE_MAXIMUM_MS = 60_000;
const BLOCKED_RETRY_MS = 1000;
/** Events that wait while the disk is full; a coordinator that says more than this meanwhile is not worth the memory. */
const QUEUE_MAXIMUM = 20_000;

const DISK_FULL = {
  state: 'paused',
  line: "Paused: the disk is full. Finished work is safe; I'll continue when there is room.",
  code: 'MH-GEN-010',
} as const;

const DISK_FULL_END = 'the disk is full. Finished work is safe and goes out when I am started again';

export type DaemonOptions = CoreOptions & { coordinatorUrl: string };
export type DaemonDependencies = Omit<EffectDependencies, 'control' | 'dispatch'> & {
  wayOut: WayOut;
  /** After every change of the state. */
  onChange(): void;
};

export class Daemon {
  readonly control: ControlClient;
  readonly #options: DaemonOptions;
  readonly #dependencies: DaemonDependencies;
  readonly #queue: WorkerEvent[] = [];
  #effects: EffectRunner | null = null;
  #state: WorkerState;
  #timer: NodeJS.Timeout | undefined;
  #isStepping = false;
  #isBlocked = false;
  #stopListening = (): void => {};

  constructor(options: DaemonOptions, dependencies: DaemonDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#state = initialState(options);
    this.control = new ControlClient(
      { coordinatorUrl: options.coordinatorUrl, wayOut: dependencies.wayOut },
      {
        onOpened: (connection, nonce) => this.dispatch({ on: 'opened', connection, nonce }),
        onMessage: (connection, message) => this.dispatch({ on: 'message', connection, message }),
        onClosed: (connection, trouble) => this.dispatch({ on: 'closed', connection, trouble }),
      },
    );
  }

  /** Goes on where the journal says that the last run ended. */
  start(parts: EffectParts): void {
    const { coordinatorId, hostId, cores, memoryBytes } = this.#options;
    this.#effects = new EffectRunner(
      { coordinatorId, hostId, offer: { cores, memoryBytes } },
      { ...this.#dependencies, control: this.control, dispatch: (event) => this.dispatch(event) },
      parts,
    );
    this.#stopListening = onWaking((sleptMs) => {
      this.#dependencies.log.info({ sleptMs: Math.round(sleptMs) }, 'this computer slept');
      this.dispatch({ on: 'slept' });
    });
    this.dispatch({ on: 'started', ...this.#dependencies.journal.restore() });
  }

  state(): WorkerState {
    return this.#state;
  }

  describe(): CoreStatus {
    const status = describe(this.#state, awakeNowMs());
    return this.#isBlocked ? { ...status, ...DISK_FULL } : status;
  }

  /** Events that come up while effects are carried out, or while nothing can be written, wait for their turn. After `close` they are lost. */
  dispatch(event: WorkerEvent): void {
    if (!this.#effects) return;
    this.#queue.push(event);
    const isLeaving = event.on === 'commanded' && event.command === 'leave';
    if (this.#isBlocked && (isLeaving || this.#queue.length > QUEUE_MAXIMUM)) this.#end('MH-GEN-010', DISK_FULL_END);
    if (!this.#isStepping && !this.#isBlocked) this.#drain();
  }

  /** Ends timers and the connection. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#effects?.stop();
    this.#effects = null;
    this.control.close();
  }

  #drain(): void {
    this.#isStepping = true;
    try {
      for (let event = this.#queue[0]; event; event = this.#queue[0]) {
        this.#step(event);
        this.#queue.shift();
      }
    } catch (error) {
      this.#onFault(error);
    } finally {
      this.#isStepping = false;
    }
    this.#sleep();
    this.#dependencies.onChange();
  }

  /** Makes a step; it counts only once what it wants remembered is remembered. */
  #step(event: WorkerEvent): void {
    const { state, effects } = step(this.#state, event, { nowMs: awakeNowMs(), random: Math.random() });
    rememberAll(this.#dependencies.journal, effects);
    this.#isBlocked = false;
    this.#state = state;
    for (const effect of effects) if (!isForJournal(effect)) this.#effects?.run(effect);
  }

  /** While the journal cannot be written nothing happens: a step whose effects cannot be remembered is not made, and tried again later. */
  #onFault(error: unknown): void {
    const { log } = this.#dependencies;
    if (isDiskTrouble(error)) {
      if (!this.#isBlocked) log.warn('the disk is full or cannot be written; waiting for room');
      this.#isBlocked = true;
      return;
    }
    log.error(error, 'a fault in the worker');
    this.#end('MH-GEN-001', `a fault in the worker: ${error instanceof Error ? error.message : String(error)}`);
  }

  #end(code: ErrorCode, reason: string): void {
    this.#dependencies.onEnd({ reason, code, isFinished: false });
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    if (!this.#effects || this.#state.ended) return;
    if (this.#isBlocked) {
      this.#timer = setTimeout(() => this.#drain(), BLOCKED_RETRY_MS);
      return;
    }
    const waitMs = Math.min(WAKE_MAXIMUM_MS, Math.max(1, Math.ceil(nextWakeMs(this.#state) - awakeNowMs())));
    this.#timer = setTimeout(() => this.dispatch({ on: 'woke' }), waitMs);
  }
}
