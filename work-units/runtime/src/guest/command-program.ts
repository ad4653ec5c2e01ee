// A WASI command, which knows nothing of stopping: Asyncify unwinds its stack into a second memory and takes it back from there.
import type { Suspension } from '../host/host-context.js';
import type { FuelCell } from '../host/meter.js';
import { Phase, type Program } from './program.js';

/** The exports of a command build that running needs; `stack` is the second memory. */
export type CommandExports = {
  start(): void;
  stack: WebAssembly.Memory;
  fuel: FuelCell;
  startUnwind(address: number): void;
  stopUnwind(): void;
  startRewind(address: number): void;
  stopRewind(): void;
  /** 0 running, 1 unwinding, 2 rewinding. */
  state(): number;
};

const RUNNING = 0;
const UNWINDING = 1;
/** Asyncify's record at address 0: where the stack ends now, and where it must end. The stack follows. */
const RECORD_ADDRESS = 0;
const STACK_ADDRESS = 8;

export class CommandProgram implements Program {
  phase: number = Phase.start;
  private fuelAhead = 0n;

  constructor(
    private readonly exports: CommandExports,
    private readonly suspension: Suspension,
  ) {}

  run(): boolean {
    const { exports, suspension } = this;
    if (this.phase === Phase.midway) {
      suspension.isRewinding = true;
      // A yield point calls `manyhands.yield` for want of fuel only, here too.
      this.fuelAhead = exports.fuel.value;
      exports.fuel.value = -1n;
      exports.startRewind(RECORD_ADDRESS);
    }
    exports.start();
    const state = exports.state();
    if (state === RUNNING) return true;
    if (state !== UNWINDING) throw new Error('the program did not come back to where it stopped');
    exports.stopUnwind();
    this.phase = Phase.midway;
    return false;
  }

  /** What `manyhands.yield` does: stops the program here, or lets it go on from here. */
  onYield(): void {
    const { exports, suspension } = this;
    if (suspension.isRewinding) {
      exports.stopRewind();
      exports.fuel.value = this.fuelAhead;
      suspension.isRewinding = false;
      return;
    }
    this.setStackEnd(STACK_ADDRESS);
    exports.startUnwind(RECORD_ADDRESS);
  }

  isInOrder(): boolean {
    return this.exports.state() === RUNNING;
  }

  stack(): Uint8Array {
    if (this.phase !== Phase.midway) return new Uint8Array(0);
    const { buffer } = this.exports.stack;
    const end = new DataView(buffer).getUint32(RECORD_ADDRESS, true);
    return new Uint8Array(buffer).slice(STACK_ADDRESS, end);
  }

  restore(phase: number, stack: Uint8Array): boolean {
    const { buffer } = this.exports.stack;
    const isPossible = phase === Phase.midway ? stack.length > 0 : phase === Phase.start && stack.length === 0;
    if (!isPossible || STACK_ADDRESS + stack.length > buffer.byteLength) return false;
    this.phase = phase;
    new Uint8Array(buffer).set(stack, STACK_ADDRESS);
    this.setStackEnd(STACK_ADDRESS + stack.length);
    return true;
  }

  private setStackEnd(end: number): void {
    const { buffer } = this.exports.stack;
    const record = new DataView(buffer, RECORD_ADDRESS, STACK_ADDRESS);
    record.setUint32(0, end, true);
    record.setUint32(4, buffer.byteLength, true);
  }
}
