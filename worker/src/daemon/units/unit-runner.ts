// Carries out what the core decides about units: prepares them, runs them in the executor, and turns what comes out into events.
import { type Lease, type LeaseId, type LeaseProgress, ManyhandsError } from '@manyhands/contract';
import { type UnitRef, unitKey, type WorkerEvent } from '@manyhands/worker-core';
import type { PreparedUnit, UnitSource } from '../../data-plane/unit-source.js';
import type { Executor, Run, RunResult } from '../../executor/daemon/executor.js';
import { failureOf } from '../../executor/messages/failures.js';
import type { Execution } from '../../executor/messages/messages.js';
import type { HandOvers } from '../../hand-over/hand-overs.js';
import type { Journal } from '../../journal/journal.js';
import { isDiskTrouble } from '../disk-trouble.js';
import { LeaseProgressBook } from '../lease-progress.js';
import { HeldUnit } from './held-unit.js';
import { endingOf, hostFailure, problemOf } from './unit-endings.js';

export type UnitRunnerOptions = {
  /** Time between two snapshots of a unit; null: chosen by cost. */
  snapshotIntervalMs: number | null;
};

export type UnitRunnerDependencies = {
  source: UnitSource;
  executor: Executor;
  journal: Journal;
  handOvers: HandOvers;
  dispatch(event: WorkerEvent): void;
};

export class UnitRunner {
  readonly #options: UnitRunnerOptions;
  readonly #dependencies: UnitRunnerDependencies;
  readonly #held = new Map<string, HeldUnit>();
  /** Runs of units that were let go and still have to stop, by the unit: it may come again meanwhile, and goes on where they stop. */
  readonly #ending = new Map<string, Promise<unknown>>();
  readonly #progress = new LeaseProgressBook();

  constructor(options: UnitRunnerOptions, dependencies: UnitRunnerDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  prepare(unit: UnitRef, lease: Lease): void {
    const { source, dispatch, journal, handOvers } = this.#dependencies;
    const held = new HeldUnit({ unit, lease }, { dispatch, handOvers, snapshots: journal.snapshots });
    this.#held.set(unitKey(unit), held);
    const { signal } = held.life;
    const prepare = async (): Promise<PreparedUnit> => {
      await this.#ending.get(keyOf(held));
      await held.findBeginning();
      return source.prepare(lease, unit.index, signal);
    };
    prepare().then(
      (prepared) => {
        held.prepared = prepared;
        this.#progress.add(unit.leaseId, { fetchedBytes: prepared.needs.inputBytes });
        if (signal.aborted) prepared.release();
        else dispatch({ on: 'prepared', unit, needs: prepared.needs });
      },
      (error: unknown) => {
        if (!signal.aborted) dispatch({ on: 'unprepared', unit, ...problemOf(error) });
      },
    );
  }

  /** Ends a preparation, or lets go of what it fetched. */
  release(unit: UnitRef): void {
    const held = this.#held.get(unitKey(unit));
    this.#held.delete(unitKey(unit));
    this.#dependencies.handOvers.forget(unit);
    if (!held) return;
    if (held.run) this.#waitForEnd(held, held.run);
    held.life.abort();
    held.prepared?.release();
  }

  #waitForEnd(held: HeldUnit, { finished }: Run): void {
    const key = keyOf(held);
    const ending = finished.then(() => {
      if (this.#ending.get(key) === ending) this.#ending.delete(key);
    });
    this.#ending.set(key, ending);
  }

  run(unit: UnitRef): void {
    const held = this.#held.get(unitKey(unit));
    if (held?.prepared) this.#run(held, held.prepared);
    else {
      const message = 'The unit was not prepared.';
      this.#dependencies.dispatch({ on: 'unprepared', unit, code: 'MH-GEN-001', message });
    }
  }

  /** `isKept`: with a snapshot, to go on later. */
  stop(unit: UnitRef, isKept: boolean): void {
    const held = this.#held.get(unitKey(unit));
    if (!held) return;
    held.isSettled = !isKept;
    if (isKept) held.run?.pause();
    else held.run?.stop();
  }

  /** Brings a checkpoint of the unit to the coordinator; one that stands still is taken up for a moment. */
  handOver(unit: UnitRef, isFinal: boolean): void {
    const held = this.#held.get(unitKey(unit));
    if (!held?.prepared) {
      this.#dependencies.dispatch({ on: 'hand-over-failed', unit, isFinal });
      return;
    }
    if (!held.run) this.#run(held, held.prepared);
    held.handOver(isFinal);
  }

  /** Goes on with a checkpoint of the unit that a restart cut off on its way. */
  resumeHandOver(unit: UnitRef): void {
    const held = this.#held.get(unitKey(unit));
    if (held) void held.resumeHandOver();
    else this.#dependencies.dispatch({ on: 'hand-over-failed', unit, isFinal: false });
  }

  /** How far each of the leases has come. `fetchedBytes`: all that this host has fetched. */
  progressOf(leaseIds: readonly LeaseId[], fetchedBytes: number): LeaseProgress[] {
    const held = [...this.#held.values()].map(({ unit, prepared, run }) => ({
      ...{ leaseId: unit.leaseId, isFetching: prepared === null },
      ...(run?.progress() ?? { fuel: 0, markCount: 0 }),
    }));
    return this.#progress.of(leaseIds, { held, fetchedBytes });
  }

  stopAll(): void {
    for (const { life, run } of this.#held.values()) {
      life.abort();
      run?.stop();
    }
  }

  #run(held: HeldUnit, prepared: PreparedUnit): void {
    if (prepared.failure) {
      this.#dependencies.dispatch({ on: 'ended', unit: held.unit, ending: endingOf(failureOf(prepared.failure, 0)) });
      return;
    }
    held.isSettled = false;
    const run = this.#dependencies.executor.start(prepared, held.keeping(this.#options.snapshotIntervalMs));
    held.run = run;
    run.finished
      .then((result) => {
        held.run = null;
        return this.#onResult(held, result);
      })
      .catch((error: unknown) => this.#onUnwritable(held.unit, error));
  }

  /** The result could not be kept. On a full disk the unit waits until there is room, and runs again. */
  #onUnwritable(unit: UnitRef, error: unknown): void {
    const { dispatch } = this.#dependencies;
    if (isDiskTrouble(error)) {
      dispatch({ on: 'sensed', reason: 'disk', isActive: true });
      dispatch({ on: 'stopped', unit });
    } else dispatch({ on: 'ended', unit, ending: hostFailure(ManyhandsError.from(error)) });
  }

  async #onResult(held: HeldUnit, result: RunResult): Promise<void> {
    const { dispatch } = this.#dependencies;
    const { unit } = held;
    switch (result.kind) {
      case 'execution':
        held.isSettled = true;
        await this.#onExecution(unit, result.execution);
        break;
      case 'unreadable':
        dispatch({ on: 'ended', unit, ending: hostFailure(problemOf(result.error)) });
        break;
      case 'refused':
        this.#onRefused(held, result);
        break;
      default:
        dispatch({ on: result.kind, unit });
    }
    if (result.kind !== 'refused') held.failHandOver();
  }

  /** A success is in the journal, with its bytes, before anybody hears of it. */
  async #onExecution(unit: UnitRef, execution: Execution): Promise<void> {
    const ending = endingOf(execution);
    const { fuel, markCount } = ending;
    this.#progress.add(unit.leaseId, { fuel, markCount });
    if (ending.kind === 'success' && execution.kind === 'success')
      await this.#dependencies.journal.recordSuccess(unit, ending, execution.bundle);
    this.#dependencies.dispatch({ on: 'ended', unit, ending });
  }

  /** Another host's checkpoint that is not what it signed is not computed on. This host's own, damaged on the disk, means only to begin anew. */
  #onRefused(held: HeldUnit, { code, message }: Extract<RunResult, { kind: 'refused' }>): void {
    const { dispatch } = this.#dependencies;
    const { unit } = held;
    const isForeign = held.dropSnapshot();
    if (isForeign) {
      dispatch({ on: 'ended', unit, ending: hostFailure({ code, message }) });
      held.failHandOver();
    } else void this.#beginAnew(held);
  }

  async #beginAnew(held: HeldUnit): Promise<void> {
    held.failHandOver();
    try {
      await held.findBeginning();
      const { prepared, life } = held;
      if (prepared && !life.signal.aborted) this.#run(held, prepared);
    } catch (error) {
      const { dispatch } = this.#dependencies;
      if (!held.life.signal.aborted) dispatch({ on: 'ended', unit: held.unit, ending: hostFailure(problemOf(error)) });
    }
  }
}

function keyOf({ name }: HeldUnit): string {
  return `${name.manifestCid}/${name.index}`;
}
