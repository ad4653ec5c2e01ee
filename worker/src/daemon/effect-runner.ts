// Carries out what the core decides: over the connection, with units, with results. What is only to be remembered is in journal-effects.ts.
import {
  type AccountBinding,
  type CoordinatorId,
  type HostId,
  type KeyPair,
  ManyhandsError,
  type MessageToCoordinator,
} from '@manyhands/contract';
import { type Ending, isInline, type UnitRef, type WorkerEffect, type WorkerEvent } from '@manyhands/worker-core';
import type { Logger } from 'pino';
import type { ControlClient } from '../control/control-client.js';
import type { CoordinatorApi } from '../control/coordinator-api.js';
import { type Offer, proveMessage } from '../control/host-proof.js';
import { renewalMessage } from '../control/progress.js';
import { receiptsMessage } from '../control/receipts.js';
import type { DataPlane } from '../data-plane/data-plane.js';
import type { Journal } from '../journal/journal.js';
import { isDiskTrouble } from './disk-trouble.js';
import type { OverlayPresence } from './overlay-presence.js';
import type { FirstBinding } from './owner/join.js';
import type { UnitRunner } from './units/unit-runner.js';

export type EffectOptions = { coordinatorId: CoordinatorId; hostId: HostId; offer: Offer };

export type EffectDependencies = {
  keyPair: KeyPair;
  journal: Journal;
  api: CoordinatorApi;
  log: Logger;
  /** How the first handshake binds the host to an account. */
  first: FirstBinding;
  control: ControlClient;
  dispatch(event: WorkerEvent): void;
  onEnd(ending: Ending): void;
};

/** Parts that need the connection themselves, and so come later. */
export type EffectParts = { dataPlane: DataPlane; presence: OverlayPresence; runner: UnitRunner };

export class EffectRunner {
  readonly #options: EffectOptions;
  readonly #dependencies: EffectDependencies;
  readonly #parts: EffectParts;
  readonly #uploads = new AbortController();

  constructor(options: EffectOptions, dependencies: EffectDependencies, parts: EffectParts) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#parts = parts;
  }

  run(effect: WorkerEffect): void {
    if (!this.#runOnConnection(effect)) this.#runOnUnits(effect);
  }

  /** Uploads under way are given up. */
  stop(): void {
    this.#uploads.abort();
  }

  #runOnConnection(effect: WorkerEffect): boolean {
    const { api, control, log, onEnd } = this.#dependencies;
    switch (effect.do) {
      case 'dial':
        control.dial(effect.connection);
        return true;
      case 'hang-up':
        control.hangUp(effect.connection);
        return true;
      case 'probe':
        control.probe(effect.connection);
        return true;
      case 'send':
        control.send(this.#completed(effect.message));
        return true;
      case 'prove':
        this.#prove(effect);
        return true;
      case 'online':
        log.info({ pseudonym: effect.welcome.pseudonym }, 'connected');
        this.#dependencies.api.setFeatures(effect.welcome.features);
        this.#rememberBinding();
        api.setTime(effect.welcome.timeMs);
        this.#parts.dataPlane.goOnline(effect.welcome);
        this.#parts.presence.goOnline();
        return true;
      case 'offline':
        this.#sayOffline(effect);
        this.#parts.presence.goOffline();
        return true;
      case 'warn':
        log.warn({ code: effect.trouble.code }, effect.trouble.message);
        return true;
      case 'end':
        onEnd(effect.ending);
        return true;
      default:
        return false;
    }
  }

  /** Renewals say how far their leases have come. */
  #completed(message: MessageToCoordinator): MessageToCoordinator {
    if (message.t !== 'lease.renew') return message;
    const { coordinatorId, hostId } = this.#options;
    const { fromPeersBytes, fromOriginBytes } = this.#parts.dataPlane.stats();
    const leases = this.#parts.runner.progressOf(message.leaseIds, fromPeersBytes + fromOriginBytes);
    return renewalMessage(message, leases, { coordinatorId, hostId, keyPair: this.#dependencies.keyPair });
  }

  #runOnUnits(effect: WorkerEffect): void {
    const { runner } = this.#parts;
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
        runner.stop(effect.unit, effect.isKept);
        break;
      case 'hand-over':
        runner.handOver(effect.unit, effect.isFinal);
        break;
      case 'resume-hand-over':
        runner.resumeHandOver(effect.unit);
        break;
      case 'report':
        this.#report(effect);
        break;
      case 'upload':
        void this.#upload(effect.unit);
        break;
    }
  }

  /** Its words are ours: nothing that a peer wrote comes into the log. */
  #sayOffline({ trouble, wasOnline, retryAfterMs }: Extract<WorkerEffect, { do: 'offline' }>): void {
    const { code, message: cause } = trouble;
    this.#dependencies.log.info({ code, cause, retryAfterMs }, wasOnline ? 'disconnected' : 'not connected');
  }

  #prove({ coordinatorNonce, isFirst }: Extract<WorkerEffect, { do: 'prove' }>): void {
    const { control, first, keyPair } = this.#dependencies;
    const { coordinatorId, offer } = this.#options;
    const send = (binding: AccountBinding): void =>
      control.send(proveMessage({ coordinatorNonce, binding, offer }, { coordinatorId, keyPair }));
    const binding = isFirst ? first.binding() : { kind: 'keep' as const };
    if (!(binding instanceof Promise)) send(binding);
    else
      binding.then(send, (error: unknown) => {
        const { code, message } = ManyhandsError.from(error);
        control.abandon({ code, message });
      });
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
    const { journal, control, keyPair } = this.#dependencies;
    const { coordinatorId, hostId } = this.#options;
    const found = journal.results(leaseId, indexes);
    if (!found) return;
    const results = found.results.map((result) => ({
      ...result,
      inlineBundle: isInline(result.ending) ? journal.inlineBundle(result) : undefined,
    }));
    control.send(receiptsMessage(requestId, { lease: found.lease, results }, { coordinatorId, hostId, keyPair }));
  }

  async #upload(unit: UnitRef): Promise<void> {
    const { api, journal, log, dispatch } = this.#dependencies;
    try {
      const file = await journal.bundleFile(unit);
      if (file) await api.upload(unit, { kind: 'result', file }, { signal: this.#uploads.signal });
      else log.error('a finished result is gone from the disk; its unit is computed again');
      dispatch({ on: file ? 'uploaded' : 'bundle-lost', unit });
    } catch (error) {
      if (this.#uploads.signal.aborted) return;
      const { code, message } = ManyhandsError.from(error);
      log.warn({ code }, 'a result could not be uploaded; what arrived stays there, the rest follows later');
      dispatch({ on: 'upload-failed', unit, code, message });
    }
  }
}
