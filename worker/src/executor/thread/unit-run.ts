// One run of a unit in slices: from its first instruction or its snapshot to its end, a stop or the limit of its time.
import { setTimeout as delay } from 'node:timers/promises';
import { encodeBundle, isManyhandsError } from '@manyhands/contract';
import { UnitMachine, type UnitOutcome } from '@manyhands/runtime';
import { failureOf, hostFailure } from '../messages/failures.js';
import type { Ask, ResultMessage, SnapshotHead } from '../messages/messages.js';
import type { FromThread, ThreadTask } from '../messages/thread-messages.js';
import { pack, unpack } from './packing.js';
import type { RunAsks } from './run-asks.js';
import { RunningTime, readTime } from './running-time.js';
import type { SlicePacer } from './slice-pacer.js';

export type SliceHost = {
  asks: RunAsks;
  say(message: FromThread): void;
  /** The bytes are transferred. */
  sayWithBytes(message: Extract<FromThread, { kind: 'snapshot' }>): void;
  /** Takes in what was said to the batch since. */
  hear(): void;
  pacerFor(moduleCid: string): SlicePacer;
};

/** Beyond it, asks are heard. */
const UNHEARD_MS = 50;
const KEEPING_POLL_MS = 5;
/** Unless told otherwise, snapshots take at most a hundredth of the time, and come at most this often. */
const SNAPSHOT_COST_FACTOR = 100;
const SNAPSHOT_INTERVAL_MS = 30_000;
/** What a snapshot may hold beside memory and files: the unwind stack, globals, links, bookkeeping. */
const SNAPSHOT_FRAMING_BYTES = 128 * 1024 * 1024;

/** Runs a unit. Never throws for what a program or a snapshot does. */
export async function runInSlices(
  module: WebAssembly.Module,
  task: ThreadTask,
  host: SliceHost,
): Promise<ResultMessage> {
  const ask = host.asks.take(task.id);
  if (ask === 'stop' || ask === 'pause' || (ask === 'final-hand-over' && !task.resume))
    return { kind: 'stopped', id: task.id };
  if (ask === 'final-hand-over') host.asks.ask(task.id, ask);
  return new SlicedRun(module, task, host).run();
}

class SlicedRun {
  readonly #module: WebAssembly.Module;
  readonly #task: ThreadTask;
  readonly #host: SliceHost;
  readonly #pacer: SlicePacer;
  /** Of all runs of the unit together. */
  readonly #time: RunningTime;
  #heardAtMs = performance.now();
  #snapshotAtMs = this.#heardAtMs;
  #snapshotCostMs = 0;

  constructor(module: WebAssembly.Module, task: ThreadTask, host: SliceHost) {
    this.#module = module;
    this.#task = task;
    this.#host = host;
    this.#pacer = host.pacerFor(task.moduleCid);
    this.#time = new RunningTime(task.resume?.elapsedMs ?? 0, readTime);
  }

  async run(): Promise<ResultMessage> {
    const { id } = this.#task;
    try {
      const machine = this.#time.during(() => this.#start());
      if (this.#task.resume) {
        this.#host.say({ kind: 'resumed', id, fuel: machine.fuelUsed });
        await this.#hear(machine);
      }
      return await this.#runSlices(machine);
    } catch (error) {
      if (isManyhandsError(error) && error.code.startsWith('MH-CKP-'))
        return { kind: 'refused', id, code: error.code, message: error.message };
      if (isManyhandsError(error) && error.code === 'MH-HOST-001') return this.#failed(error.code, error.message);
      return this.#failed('MH-HOST-005', `The unit could not be run: ${(error as Error).message}`);
    }
  }

  #start(): UnitMachine {
    const { input, build, moduleCid, markSpacing, resume } = this.#task;
    const options = { build, moduleCid, markSpacing };
    if (!resume) return UnitMachine.start(this.#module, input, options);
    const { memoryMaximumBytes, fileTreeMaximumBytes, outputMaximumBytes } = input.limits;
    const maximumBytes = memoryMaximumBytes + fileTreeMaximumBytes + outputMaximumBytes + SNAPSHOT_FRAMING_BYTES;
    const snapshot = unpack(resume, maximumBytes);
    const expected = resume.expected ? { expected: resume.expected } : {};
    return UnitMachine.start(this.#module, input, { ...options, snapshot, ...expected });
  }

  async #runSlices(machine: UnitMachine): Promise<ResultMessage> {
    for (;;) {
      const isStopped = await this.#obey(machine, this.#host.asks.take(this.#task.id));
      if (isStopped) return { kind: 'stopped', id: this.#task.id };
      if (this.#time.elapsedMs > this.#task.timeoutMs) return this.#timedOut();
      const outcome = this.#time.during(() => this.#slice(machine));
      if (outcome) return this.#result(outcome);
      if (this.#isSnapshotDue()) this.#save(machine, 'timer');
      if (performance.now() - this.#heardAtMs > UNHEARD_MS) await this.#hear(machine);
    }
  }

  #slice(machine: UnitMachine): UnitOutcome | null {
    const beforeMs = performance.now();
    const { fuelUsed, markCount } = machine;
    const slice = machine.runSlice(this.#pacer.fuel);
    if (slice.kind === 'ended') return slice.outcome;
    // A slice that ended at a mark was hashing too.
    if (machine.markCount === markCount) this.#pacer.record(machine.fuelUsed - fuelUsed, performance.now() - beforeMs);
    return null;
  }

  /** Takes in what was said meanwhile, and lets the event loop turn. */
  async #hear(machine: UnitMachine): Promise<void> {
    this.#sayAlive(machine, false);
    await new Promise((resolve) => setImmediate(resolve));
    this.#host.hear();
    this.#heardAtMs = performance.now();
  }

  #sayAlive({ fuelUsed: fuel, markCount }: UnitMachine, isSaving: boolean): void {
    this.#host.say({ kind: 'alive', id: this.#task.id, isSaving, fuel, markCount });
  }

  /** Does what is asked; true: the run ends here. */
  async #obey(machine: UnitMachine, ask: Ask | undefined): Promise<boolean> {
    if (ask === undefined) return false;
    if (ask === 'stop') return true;
    // One snapshot of a unit at a time is on its way.
    while (this.#host.asks.isKeeping(this.#task.id)) {
      await delay(KEEPING_POLL_MS);
      this.#host.hear();
    }
    this.#save(machine, ask);
    return ask !== 'hand-over';
  }

  #isSnapshotDue(): boolean {
    const { snapshotIntervalMs, id } = this.#task;
    if (snapshotIntervalMs === 'never' || this.#host.asks.isKeeping(id)) return false;
    const intervalMs =
      snapshotIntervalMs ?? Math.max(SNAPSHOT_INTERVAL_MS, this.#snapshotCostMs * SNAPSHOT_COST_FACTOR);
    return performance.now() - this.#snapshotAtMs >= intervalMs;
  }

  #save(machine: UnitMachine, reason: SnapshotHead['reason']): void {
    this.#sayAlive(machine, true);
    this.#snapshotAtMs = performance.now();
    const cost = new RunningTime(0, readTime);
    cost.during(() => this.#saySnapshot(machine, reason));
    this.#snapshotCostMs = cost.elapsedMs;
  }

  #saySnapshot(machine: UnitMachine, reason: SnapshotHead['reason']): void {
    const { id } = this.#task;
    const isHandOver = reason === 'hand-over' || reason === 'final-hand-over';
    const stateHash = isHandOver ? machine.stateHash() : null;
    const { bytes, isCompressed } = pack(machine.snapshot());
    const { fuelUsed: fuel, markCount, chainRoot } = machine;
    const { elapsedMs } = this.#time;
    const head = { chainRoot, reason, sizeBytes: bytes.length, isCompressed, fuel, markCount, stateHash, elapsedMs };
    this.#host.asks.beginKeeping(id);
    this.#host.sayWithBytes({ kind: 'snapshot', id, head, bytes });
  }

  #result(outcome: UnitOutcome): ResultMessage {
    const { id } = this.#task;
    const { elapsedMs } = this.#time;
    if (outcome.kind === 'success') {
      const { bundle, digest } = encodeBundle(outcome);
      const { fuel, markCount, chainRoot } = outcome;
      return {
        kind: 'execution',
        id,
        execution: { kind: 'success', bundle, digest, elapsedMs, fuel, markCount, chainRoot },
      };
    }
    return { kind: 'execution', id, execution: failureOf(outcome, elapsedMs) };
  }

  #timedOut(): ResultMessage {
    return this.#failed('MH-HOST-003', `The unit computed for longer than ${this.#task.timeoutMs} ms.`);
  }

  #failed(code: 'MH-HOST-001' | 'MH-HOST-003' | 'MH-HOST-005', message: string): ResultMessage {
    return {
      kind: 'execution',
      id: this.#task.id,
      execution: hostFailure({ code, message, elapsedMs: this.#time.elapsedMs }),
    };
  }
}
