// One unit, run slice by slice: stops and goes on anywhere, in another instance too, with the same output, fuel and chain.
import { isManyhandsError, MARKS_MAXIMUM } from '@manyhands/contract';
import { chainRootOf, firstLink, markLink } from '../chain/links.js';
import { stateHashOf } from '../chain/state-hash.js';
import { type Ending, endingOf } from '../ending.js';
import { Guest } from '../guest/guest.js';
import { GuestMemory } from '../host/guest-memory.js';
import { createHostState, type HostState } from '../host/host-state.js';
import { Meter, outOfFuel } from '../host/meter.js';
import { MemoryTree } from '../pages/memory-tree.js';
import { PageScanner } from '../pages/page-scanner.js';
import { refusal } from '../snapshot/reading.js';
import { restoreHost } from '../snapshot/restore-host.js';
import { restoreMemory } from '../snapshot/restore-memory.js';
import { type InputContents, inputContents } from '../snapshot/restore-tree.js';
import { joined, type OpenSnapshot, openSnapshot, snapshotParts } from '../snapshot/snapshot-format.js';
import type { RunOptions, UnitInput, UnitOutcome } from '../unit.js';
import { type ExpectedState, mustBeExpected, mustFitUnit } from './checkpoint-checks.js';
import { outcomeOf } from './outcome.js';
import { judged } from './trap.js';

/** The grid at which every program stops, mark or not: what runs without a yield point is noticed soon, however far apart the marks lie. */
const CHECK_SPACING = 2 ** 32;
/** Fuel that a loop or step without a yield point may take beyond the next point of that grid. */
const SLACK = 2 ** 32;
/** For builds that yield wherever others trap. */
const NO_FLOOR = -(2n ** 62n);

export type MachineOptions = RunOptions & {
  /** Where to go on from; absent: the start. */
  snapshot?: Uint8Array;
  /** What somebody has signed about the snapshot. */
  expected?: ExpectedState;
};
export type SliceEnd = { kind: 'stopped' } | { kind: 'ended'; outcome: UnitOutcome };

/** Synchronous: it belongs into a thread that can be terminated. */
export class UnitMachine {
  /** Link 0 of the chain: names unit and build. */
  readonly subject: Uint8Array;
  private readonly meter: Meter;
  private markLinks: Uint8Array[] = [];
  private state: HostState | null = null;
  private inputs: InputContents = new Map();
  private guest: Guest | null = null;
  private pages: { scanner: PageScanner; tree: MemoryTree } | null = null;
  private outcome: UnitOutcome | null = null;

  private constructor(
    private readonly input: UnitInput,
    private readonly options: MachineOptions,
  ) {
    this.subject = firstLink(options, input);
    this.meter = new Meter(fuelLimitOf(input, options));
  }

  /**
   * Makes an instance and, with a snapshot, takes it to where it was. Whatever the program or its inputs do wrong is an outcome of the first slice. Throws
   * ManyhandsError MH-CKP-… when the snapshot is refused, MH-HOST-001 when this host cannot hold it, RangeError for a faulty call by the host.
   */
  static start(module: WebAssembly.Module, input: UnitInput, options: MachineOptions): UnitMachine {
    mustBeFuel(input.fuelMaximum, 'fuelMaximum');
    mustBeFuel(options.markSpacing, 'markSpacing');
    const machine = new UnitMachine(input, options);
    if (options.snapshot === undefined) machine.instantiate(module, null);
    else machine.resume(module, options.snapshot);
    return machine;
  }

  /** Fuel used since the unit began, before other instances went on included. Cut to the limit at the end. */
  get fuelUsed(): number {
    return Math.min(this.meter.used, this.meter.fuelMaximum);
  }

  /** Marks passed so far; the end is one more. */
  get markCount(): number {
    return this.links.length;
  }

  /** Links of the chain from link 1 on; with that of the end, once there is an end that hosts agree on. */
  get links(): readonly Uint8Array[] {
    return this.outcome !== null && 'links' in this.outcome ? this.outcome.links : this.markLinks;
  }

  /** The Merkle root over the links so far; null before the first. */
  get chainRoot(): Uint8Array | null {
    return chainRootOf(this.links);
  }

  /** Runs on until about `fuel` more is used, a mark or a multiple of 2^32 fuel is passed, or the unit ends, whichever comes first. */
  runSlice(fuel: number): SliceEnd {
    mustBeFuel(fuel, 'fuel');
    if (this.outcome !== null || this.guest === null) return this.ended();
    try {
      const markAt = this.arm(this.guest, fuel);
      if (this.guest.run()) this.end({ kind: 'exit', exitCode: 0 });
      else this.pause(this.guest, markAt);
    } catch (error) {
      this.end(endingOf(error));
    }
    return this.outcome === null ? { kind: 'stopped' } : this.ended();
  }

  /** Everything needed to go on, as pieces that are windows onto the unit's memory: use them before the next slice. Throws when the unit has ended. */
  snapshotParts(): Uint8Array[] {
    const { guest, state } = this.running();
    const filledPages: number[] = [];
    this.pagesOf(guest).scanner.forEachFilled((page) => filledPages.push(page));
    const memory = new Uint8Array(guest.memory.buffer);
    return snapshotParts({
      subject: this.subject,
      fuel: this.meter.used,
      links: this.markLinks,
      guest: guest.state(),
      memorySizeBytes: memory.length,
      memory,
      filledPages,
      host: state,
      inputs: this.inputs,
    });
  }

  /** Everything needed to go on, in another process or on another host. Throws when the unit has ended. */
  snapshot(): Uint8Array<ArrayBuffer> {
    return joined(this.snapshotParts());
  }

  /** The hash of the unit's whole state between two slices, as the chain has it at marks. Throws when the unit has ended. */
  stateHash(): Uint8Array {
    const { guest, state } = this.running();
    return stateHashOf({
      fuel: this.meter.used,
      guest: guest.state(),
      memorySizeBytes: guest.memory.buffer.byteLength,
      memoryRoot: this.pagesOf(guest).tree.root(),
      host: state,
    });
  }

  private instantiate(module: WebAssembly.Module, snapshot: OpenSnapshot | null): void {
    try {
      const state = createHostState(this.input);
      this.inputs = inputContents(state.tree);
      if (snapshot !== null) restoreHost(state, { snapshot, inputs: this.inputs, limits: this.input.limits });
      this.state = state;
      const context = { state, memory: new GuestMemory(), meter: this.meter, suspension: { isRewinding: false } };
      this.guest = new Guest(module, this.options.build, context);
    } catch (error) {
      if (isManyhandsError(error) || (error instanceof RangeError && this.state === null)) throw error;
      this.end(endingOf(error));
    }
  }

  private resume(module: WebAssembly.Module, bytes: Uint8Array): void {
    const { input, options, subject, meter } = this;
    const snapshot = openSnapshot(bytes, input.limits.memoryMaximumBytes);
    mustFitUnit(snapshot, { subject, markSpacing: options.markSpacing, fuelMaximum: meter.fuelMaximum });
    this.instantiate(module, snapshot);
    const { guest } = this;
    if (guest === null) return;
    restoreMemory(guest.memory, this.pagesOf(guest).scanner, snapshot);
    if (!guest.restore(snapshot.guest)) throw refusal('MH-CKP-001', 'the module cannot be in that state');
    this.meter.arm(snapshot.fuel, snapshot.fuel);
    this.markLinks = snapshot.links.map((link) => link.slice());
    if (options.expected !== undefined) mustBeExpected(this, options.expected);
  }

  /** Sets where the program yields next, and beyond what it may not go without yielding. Gives the next mark. */
  private arm(guest: Guest, fuel: number): number {
    const { used, fuelMaximum } = this.meter;
    const { markSpacing, build } = this.options;
    const markAt = nextMultiple(used, markSpacing);
    // Every slice ends at the grid, so that what follows from it is the same for all slices.
    const checkAt = nextMultiple(used, CHECK_SPACING);
    const stopAt = Math.min(used + fuel, markAt - 1, checkAt - 1, fuelMaximum);
    const hardStop = Math.min(checkAt + SLACK, fuelMaximum);
    this.meter.arm(used, stopAt);
    guest.setFloor(build === 'all' ? NO_FLOOR : BigInt(stopAt) - BigInt(hardStop));
    return markAt;
  }

  /** The program has yielded: at a mark, beyond its limit, or at the end of a slice. */
  private pause(guest: Guest, markAt: number): void {
    const { used, isOverLimit, isCredible, fuelMaximum } = this.meter;
    if (!isCredible || !guest.isDepthPossible)
      throw new Error('the module stands where none of its kind can: it has given fuel or depth to itself');
    if (isOverLimit) throw outOfFuel(fuelMaximum);
    if (used < markAt) return;
    const previous = this.markLinks.at(-1) ?? this.subject;
    this.markLinks.push(
      markLink({ previous, index: this.markLinks.length + 1, fuel: used, stateHash: this.stateHash() }),
    );
  }

  private end(ending: Ending): void {
    const { input, state, subject, guest, meter, options } = this;
    const run = { input, state, subject, links: this.markLinks };
    const agreed = judged(ending, { build: options.build, guest, meter });
    this.outcome = outcomeOf(agreed, { ...run, fuel: this.fuelUsed });
    this.guest = null;
    this.pages = null;
  }

  private ended(): SliceEnd {
    if (this.outcome === null) throw new Error('a unit without an instance has an outcome');
    return { kind: 'ended', outcome: this.outcome };
  }

  private running(): { guest: Guest; state: HostState } {
    const { guest, state } = this;
    if (guest === null || state === null) throw new Error('the unit has ended');
    return { guest, state };
  }

  /** Made at the first need: short units never look at their pages. */
  private pagesOf({ memory }: Guest): { scanner: PageScanner; tree: MemoryTree } {
    if (this.pages === null) {
      const scanner = new PageScanner(memory);
      this.pages = { scanner, tree: new MemoryTree(memory, scanner) };
    }
    return this.pages;
  }
}

/** What the unit declares, but never so much that it could pass more marks than there may be. */
function fuelLimitOf({ fuelMaximum }: UnitInput, { markSpacing }: RunOptions): number {
  return Math.min(fuelMaximum, MARKS_MAXIMUM * markSpacing - 1);
}

/** The first multiple above `value`. */
function nextMultiple(value: number, spacing: number): number {
  return (Math.floor(value / spacing) + 1) * spacing;
}

function mustBeFuel(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer`);
}
