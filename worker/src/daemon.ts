// The driver of the core: feeds it events, carries out its effects in order, and wakes it when it asks to be woken.
import type { AccountBinding, CoordinatorId, ErrorCode, HostId, KeyPair, MessageToWorker } from '@manyhands/contract';
import {
  type CoreOptions,
  type CoreStatus,
  describe,
  type Ending,
  initialState,
  isInline,
  nextWakeMs,
  step,
  type UnitRef,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerState,
} from '@manyhands/worker-core';
import type { Logger } from 'pino';
import { ControlClient } from './control/control-client.js';
import type { CoordinatorApi } from './control/coordinator-api.js';
import { proveMessage } from './control/host-proof.js';
import { receiptsMessage } from './control/receipts.js';
import type { DataPlane } from './data-plane/data-plane.js';
import { isDiskTrouble } from './disk-trouble.js';
import type { Journal } from './journal/journal.js';
import type { OverlayPresence } from './overlay-presence.js';
import type { UnitRunner } from './unit-runner.js';

/** Timers never wait longer, so that a suspended machine notices soon after it wakes. */
const WAKE_MAXIMUM_MS = 60_000;
const BLOCKED_RETRY_MS = 1000;
/** Events that wait while the disk is full; a coordinator that says more than this meanwhile is not worth the memory. */
const QUEUE_MAXIMUM = 20_000;

const DISK_FULL = {
  state: 'paused',
  line: "Paused: the disk is full. Finished work is safe; I'll continue when there is room.",
  code: 'MH-GEN-010',
} as const;

export type DaemonOptions = CoreOptions & { coordinatorUrl: string };

export type DaemonDependencies = {
  keyPair: KeyPair;
  journal: Journal;
  api: CoordinatorApi;
  log: Logger;
  first: { binding: AccountBinding; onBound(): void };
  onChange(): void;
  onEnd(ending: Ending): void;
};

/** Parts that need the daemon's connection themselves, set once before `start`. */
export type DaemonParts = { dataPlane: DataPlane; presence: OverlayPresence; runner: UnitRunner };

export class Daemon {
  readonly control: ControlClient;
  readonly #dependencies: DaemonDependencies;
  readonly #signer: { coordinatorId: CoordinatorId; hostId: HostId; keyPair: KeyPair };
  readonly #queue: WorkerEvent[] = [];
  readonly #uploads = new AbortController();
  #parts: DaemonParts | null = null;
  #state: WorkerState;
  #timer: NodeJS.Timeout | undefined;
  #isStepping = false;
  #isBlocked = false;

  constructor(options: DaemonOptions, dependencies: DaemonDependencies) {
    const { coordinatorId, hostId, coordinatorUrl } = options;
    this.#dependencies = dependencies;
    this.#signer = { coordinatorId, hostId, keyPair: dependencies.keyPair };
    this.#state = initialState(options);
    this.control = new ControlClient(
      { coordinatorUrl },
      {
        onOpened: (connection, nonce) => this.dispatch({ on: 'opened', connection, nonce }),
        onMessage: (connection, message) => this.#onMessage(connection, message),
        onClosed: (connection) => this.dispatch({ on: 'closed', connection }),
      },
    );
  }

  start(parts: DaemonParts): void {
    this.#parts = parts;
    this.dispatch({ on: 'started', ...this.#dependencies.journal.restore() });
  }

  state(): WorkerState {
    return this.#state;
  }

  describe(): CoreStatus {
    const status = describe(this.#state, performance.now());
    return this.#isBlocked ? { ...status, ...DISK_FULL } : status;
  }

  /** Events that come up while effects are carried out, or while nothing can be written, wait for their turn. */
  dispatch(event: WorkerEvent): void {
    this.#queue.push(event);
    const isLeaving = event.on === 'commanded' && event.command === 'leave';
    if (this.#isBlocked && (isLeaving || this.#queue.length > QUEUE_MAXIMUM)) this.#end('MH-GEN-010', DISK_FULL.line);
    if (!this.#isStepping && !this.#isBlocked) this.#drain();
  }

  /** Ends timers and the connection; nothing is dispatched any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#uploads.abort();
    this.control.close();
    this.#parts = null;
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

  /** Makes a step; it counts only once what it wants remembered is remembered. */
  #step(event: WorkerEvent): void {
    const { state, effects } = step(this.#state, event, { nowMs: performance.now(), random: Math.random() });
    if (!this.#parts) return;
    this.#record(effects);
    this.#isBlocked = false;
    this.#state = state;
    for (const effect of effects)
      if (!isForJournal(effect) && !this.#performOnConnection(effect, this.#parts))
        this.#performOnUnits(effect, this.#parts);
  }

  /** What is to be remembered comes first and in one commit, so that no message speaks of what could be forgotten. */
  #record(effects: readonly WorkerEffect[]): void {
    const { journal } = this.#dependencies;
    const toJournal = effects.filter((effect) => isForJournal(effect));
    if (toJournal.length > 0)
      journal.together(() => {
        for (const effect of toJournal) record(journal, effect);
      });
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    if (!this.#parts || this.#state.ended) return;
    if (this.#isBlocked) {
      this.#timer = setTimeout(() => this.#drain(), BLOCKED_RETRY_MS);
      return;
    }
    const waitMs = Math.min(WAKE_MAXIMUM_MS, Math.max(1, Math.ceil(nextWakeMs(this.#state) - performance.now())));
    this.#timer = setTimeout(() => this.dispatch({ on: 'woke' }), waitMs);
  }

  #onMessage(connection: number, message: MessageToWorker): void {
    this.dispatch({ on: 'message', connection, message });
  }

  #performOnConnection(effect: WorkerEffect, { dataPlane, presence }: DaemonParts): boolean {
    const { log, first } = this.#dependencies;
    switch (effect.do) {
      case 'dial':
        this.control.dial(effect.connection);
        return true;
      case 'hang-up':
        log.debug({ trouble: this.#state.lastTrouble?.code }, 'hanging up');
        this.control.hangUp(effect.connection);
        return true;
      case 'send':
        this.control.send(effect.message);
        return true;
      case 'prove': {
        const binding = effect.isFirst ? first.binding : { kind: 'keep' as const };
        const { coordinatorNonce } = effect;
        this.control.send(proveMessage({ coordinatorNonce, binding, offer: this.#state.options }, this.#signer));
        return true;
      }
      case 'online':
        log.info({ pseudonym: effect.welcome.pseudonym }, 'connected');
        this.#rememberBinding();
        dataPlane.goOnline(effect.welcome);
        presence.goOnline();
        return true;
      case 'offline':
        log.info({ trouble: this.#state.lastTrouble?.code }, 'disconnected');
        presence.goOffline();
        return true;
      case 'report':
        this.#report(effect);
        return true;
      case 'end':
        this.#dependencies.onEnd(effect.ending);
        return true;
      default:
        return false;
    }
  }

  #performOnUnits(effect: WorkerEffect, { runner }: DaemonParts): void {
    switch (effect.do) {
      case 'prepare':
        runner.prepare(effect.unit, effect.lease);
        break;
      case 'release':
        runner.release(effect.unit);
        break;
      case 'run':
        runner.run(effect.unit);
        break;
      case 'stop':
        runner.stop(effect.unit);
        break;
      case 'upload':
        void this.#upload(effect.unit);
        break;
    }
  }

  /** A disk that is full just now must not undo the welcome; at worst a used code is given again at the next start. */
  #rememberBinding(): void {
    try {
      this.#dependencies.first.onBound();
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
    }
  }

  #report({ requestId, leaseId, indexes }: Extract<WorkerEffect, { do: 'report' }>): void {
    const { journal } = this.#dependencies;
    const found = journal.results(leaseId, indexes);
    if (!found) return;
    const results = found.results.map((result) => ({
      ...result,
      inlineBundle: isInline(result.ending) ? journal.inlineBundle(result) : undefined,
    }));
    this.control.send(receiptsMessage(requestId, { lease: found.lease, results }, this.#signer));
  }

  async #upload(unit: UnitRef): Promise<void> {
    const { api, journal, log } = this.#dependencies;
    try {
      await api.putBundle(unit, await journal.bundle(unit), this.#uploads.signal);
      this.dispatch({ on: 'uploaded', unit });
    } catch (error) {
      log.warn({ code: (error as { code?: unknown }).code }, 'a result could not be uploaded; trying again later');
      if (this.#parts) this.dispatch({ on: 'upload-failed', unit });
    }
  }
}

type JournalEffect = Extract<
  WorkerEffect,
  { do: 'record-lease' | 'drop-units' | 'record-failure' | 'keep-result' | 'delete-result' }
>;

function isForJournal(effect: WorkerEffect): effect is JournalEffect {
  return /^(record-lease|drop-units|record-failure|keep-result|delete-result)$/.test(effect.do);
}

function record(journal: Journal, effect: JournalEffect): void {
  switch (effect.do) {
    case 'record-lease':
      journal.recordLease(effect.lease);
      break;
    case 'drop-units':
      journal.dropUnits(effect.leaseId, effect.indexes);
      break;
    case 'record-failure':
      journal.recordFailure(effect.unit, effect.failure);
      break;
    case 'keep-result':
      journal.keepResult(effect.unit);
      break;
    case 'delete-result':
      journal.deleteResult(effect.unit);
      break;
  }
}
