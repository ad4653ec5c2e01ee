// Tells which values of a function are computed twice: an optimising compiler keeps the first one, in a slot of the frame when a call is between.
//
// Code is read from top to bottom as if it had no branches. That is an estimate: it sees what programs have and what is easy to
// write against the depth metering, and it is the same on every host.

import type { InstructionCursor } from '../layout/instruction-cursor.js';
import { Opcode } from '../module/opcodes.js';

type Computed = { value: number; callsBefore: number; isKept: boolean };

/** Operations that give the same for the same operands: comparisons, arithmetic, conversions. */
const FIRST_PURE = 0x45;
const LAST_PURE = 0xc4;
/** Behind 0xfd: loads and stores, which are not pure. */
const VECTOR_ACCESSES: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93,
];
const VECTOR_CONSTANT = 12;
const SATURATING_LAST = 7;

export class ValueNumbers {
  keptCount = 0;
  #next = 0;
  #calls = 0;
  readonly #computed = new Map<string, Computed>();
  readonly #locals = new Map<number, number>();

  fresh(): number {
    return this.#next++;
  }

  passCall(): void {
    this.#calls++;
  }

  /** The number of the one value that the instruction gives. Operands stand in the order in which they were taken. */
  resultOf(cursor: InstructionCursor, operands: readonly number[]): number {
    const { opcode, index } = cursor;
    if (opcode === Opcode.localGet) return this.#local(index);
    if (opcode === Opcode.localTee) {
      this.#locals.set(index, operands[0] as number);
      return operands[0] as number;
    }
    if (isConstant(cursor)) return this.#compute(`c${cursor.immediates().join()}`, false);
    if (isPure(cursor)) return this.#compute(`${opcode},${cursor.immediates().join()},${operands.join()}`, true);
    if (opcode === Opcode.memoryGrow) this.passCall();
    return this.fresh();
  }

  /** For instructions that give nothing. */
  note({ opcode, index }: InstructionCursor, operands: readonly number[]): void {
    if (opcode === Opcode.localSet) this.#locals.set(index, operands[0] as number);
  }

  #local(index: number): number {
    const known = this.#locals.get(index);
    if (known !== undefined) return known;
    const value = this.fresh();
    this.#locals.set(index, value);
    return value;
  }

  #compute(key: string, isWorthKeeping: boolean): number {
    const known = this.#computed.get(key);
    if (known === undefined) {
      const value = this.fresh();
      this.#computed.set(key, { value, callsBefore: this.#calls, isKept: false });
      return value;
    }
    if (isWorthKeeping && !known.isKept && known.callsBefore < this.#calls) {
      known.isKept = true;
      this.keptCount++;
    }
    return known.value;
  }
}

function isConstant({ opcode, minor }: InstructionCursor): boolean {
  return (
    (opcode >= Opcode.i32Const && opcode <= Opcode.f64Const) || (opcode === Opcode.vector && minor === VECTOR_CONSTANT)
  );
}

function isPure({ opcode, minor }: InstructionCursor): boolean {
  if (opcode === Opcode.vector) return !VECTOR_ACCESSES.includes(minor);
  if (opcode === Opcode.miscellaneous) return minor <= SATURATING_LAST;
  return (opcode >= FIRST_PURE && opcode <= LAST_PURE) || opcode === Opcode.select || opcode === Opcode.typedSelect;
}
