// Carries out what the core decides about units: prepares them, runs them in the executor, and turns what comes out into events.
import { errorEntry, isErrorCode, type Lease, ManyhandsError } from '@manyhands/contract';
import { type UnitEnding, type UnitRef, unitKey, type WorkerEvent } from '@manyhands/worker-core';
import type { PreparedUnit, UnitSource } from './data-plane/unit-source.js';
import { isDiskTrouble } from './disk-trouble.js';
import type { Executor, RunResult } from './executor/executor.js';
import type { Execution } from './executor/messages.js';
import type { Journal } from './journal/journal.js';

export type UnitRunnerDependencies = {
  source: UnitSource;
  executor: Executor;
  journal: Journal;
  dispatch(event: WorkerEvent): void;
};

type Held = { preparation: AbortController; prepared: PreparedUnit | null; run: AbortController | null };

export class UnitRunner {
  readonly #dependencies: UnitRunnerDependencies;
  readonly #held = new Map<string, Held>();

  constructor(dependencies: UnitRunnerDependencies) {
    this.#dependencies = dependencies;
  }

  prepare(unit: UnitRef, lease: Lease): void {
    const held: Held = { preparation: new AbortController(), prepared: null, run: null };
    this.#held.set(unitKey(unit), held);
    const { source, dispatch } = this.#dependencies;
    source.prepare(lease, unit.index, held.preparation.signal).then(
      (prepared) => {
        held.prepared = prepared;
        if (held.preparation.signal.aborted) prepared.release();
        else dispatch({ on: 'prepared', unit, needs: prepared.needs });
      },
      (error: unknown) => {
        if (!held.preparation.signal.aborted) dispatch({ on: 'unprepared', unit, ...problemOf(error) });
      },
    );
  }

  /** Ends a preparation, or lets go of what it fetched. */
  release(unit: UnitRef): void {
    const held = this.#held.get(unitKey(unit));
    this.#held.delete(unitKey(unit));
    held?.preparation.abort();
    held?.prepared?.release();
  }

  run(unit: UnitRef): void {
    const held = this.#held.get(unitKey(unit));
    const { dispatch } = this.#dependencies;
    if (!held?.prepared) {
      dispatch({ on: 'unprepared', unit, code: 'MH-GEN-001', message: 'The unit was not prepared.' });
      return;
    }
    held.run = new AbortController();
    this.#execute(held.prepared, held.run.signal)
      .then((result) => this.#onResult(unit, result))
      .catch((error: unknown) => this.#onUnwritable(unit, error));
  }

  stop(unit: UnitRef): void {
    this.#held.get(unitKey(unit))?.run?.abort();
  }

  stopAll(): void {
    for (const { preparation, run } of this.#held.values()) {
      preparation.abort();
      run?.abort();
    }
  }

  #execute(prepared: PreparedUnit, signal: AbortSignal): Promise<RunResult> {
    if (!prepared.failure) return this.#dependencies.executor.run(prepared, signal);
    const failure = {
      kind: 'unit-failure',
      exitCode: null,
      stderrTail: '',
      elapsedMs: 0,
      ...prepared.failure,
    } as const;
    return Promise.resolve({ kind: 'execution', execution: failure });
  }

  /** The result could not be kept. On a full disk the unit waits until there is room, and runs again. */
  #onUnwritable(unit: UnitRef, error: unknown): void {
    const { dispatch } = this.#dependencies;
    if (isDiskTrouble(error)) {
      dispatch({ on: 'sensed', reason: 'disk', isActive: true });
      dispatch({ on: 'stopped', unit });
    } else dispatch({ on: 'ended', unit, ending: hostFailure(ManyhandsError.from(error)) });
  }

  /** A success is in the journal, with its bytes, before anybody hears of it. */
  async #onResult(unit: UnitRef, result: RunResult): Promise<void> {
    const { dispatch, journal } = this.#dependencies;
    if (result.kind === 'crashed' || result.kind === 'stopped') {
      dispatch({ on: result.kind, unit });
      return;
    }
    const ending = result.kind === 'execution' ? endingOf(result.execution) : hostFailure(problemOf(result.error));
    if (ending.kind === 'success' && result.kind === 'execution' && result.execution.kind === 'success')
      await journal.recordSuccess(unit, ending, result.execution.bundle);
    dispatch({ on: 'ended', unit, ending });
  }
}

function endingOf(execution: Execution): UnitEnding {
  const elapsedMs = Math.round(execution.elapsedMs);
  if (execution.kind === 'success')
    return { kind: 'success', digest: execution.digest, bundleBytes: execution.bundle.length, elapsedMs };
  return { ...execution, code: isErrorCode(execution.code) ? execution.code : 'MH-HOST-005', elapsedMs };
}

/** Trouble of the network is a failure of this host to fetch; a wrong signature or module is named as what it is. */
function problemOf(error: unknown): Pick<ManyhandsError, 'code' | 'message'> {
  const { code, message } = ManyhandsError.from(error);
  const isTrouble = errorEntry(code).retryable || code === 'MH-GEN-001' || code === 'MH-GEN-003';
  return { code: isTrouble ? 'MH-HOST-006' : code, message };
}

function hostFailure({ code, message }: Pick<ManyhandsError, 'code' | 'message'>): UnitEnding {
  return { kind: 'host-failure', code, exitCode: null, message, stderrTail: '', elapsedMs: 0 };
}
