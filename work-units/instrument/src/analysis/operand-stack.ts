// What a function has on its operand stack: how many values at most, and how many an optimiser could keep from before a call until after it.

import type { FunctionType } from '../binary/types.js';
import type { InstructionCursor } from '../layout/instruction-cursor.js';
import { Opcode } from '../module/opcodes.js';
import { stackEffect } from '../module/stack-effects.js';
import { ValueNumbers } from './value-numbers.js';

export type SignatureLookup = {
  types: readonly FunctionType[];
  /** Index into `types` by function, imported ones first. */
  functionTypes: readonly number[];
};

export type OperandStack = {
  maximum: number;
  hasVectors: boolean;
  /** Values that are computed before a call and, by the same operations on the same values, again after it. */
  keptValues: number;
  /** Operations that stand inside one another, at most. */
  expressionDepth: number;
};

const EMPTY_BLOCK = -64;

/** Takes the cursor through the whole body of a valid function. */
export function measureOperandStack(cursor: InstructionCursor, signatures: SignatureLookup): OperandStack {
  const walker = new StackWalker(signatures);
  let hasVectors = false;
  while (cursor.next()) {
    walker.step(cursor);
    hasVectors ||= cursor.opcode === Opcode.vector;
  }
  return {
    maximum: walker.maximum,
    hasVectors,
    keptValues: walker.numbers.keptCount,
    expressionDepth: walker.expressionDepth,
  };
}

/** `base` is the height below which the block may not take. */
type Frame = { base: number; parameters: number; results: number };

class StackWalker {
  maximum = 0;
  readonly numbers = new ValueNumbers();
  /** Numbers of the values on the stack: equal numbers, equal values. */
  readonly #values: number[] = [];
  /** Of the operation that gave the value, for each value on the stack. */
  readonly #depths: number[] = [];
  expressionDepth = 0;
  /** Of the operands that were taken last. */
  #takenDepth = 0;
  readonly #frames: Frame[] = [{ base: 0, parameters: 0, results: 0 }];

  constructor(private readonly signatures: SignatureLookup) {}

  step(cursor: InstructionCursor): void {
    const { opcode, index } = cursor;
    switch (opcode) {
      case Opcode.if:
        this.#take(1);
        this.#open(index);
        return;
      case Opcode.block:
      case Opcode.loop:
        this.#open(index);
        return;
      case Opcode.else:
        this.#values.length = this.#frame.base;
        this.#takenDepth = 0;
        this.#give(this.#frame.parameters);
        return;
      case Opcode.end:
        this.#close();
        return;
      case Opcode.unreachable:
      case Opcode.br:
      case Opcode.brTable:
      case Opcode.return:
        this.#values.length = this.#frame.base;
        return;
      case Opcode.call:
        this.#call(this.signatures.types[this.signatures.functionTypes[index] as number]);
        return;
      case Opcode.callIndirect:
        this.#call(this.signatures.types[index], 1);
        return;
      default:
        this.#operate(cursor);
    }
  }

  get #frame(): Frame {
    return this.#frames[this.#frames.length - 1] as Frame;
  }

  #operate(cursor: InstructionCursor): void {
    const [taken, given] = stackEffect(cursor.opcode, cursor.minor);
    const operands = this.#take(taken);
    if (given === 1) this.#push(this.numbers.resultOf(cursor, operands));
    else this.numbers.note(cursor, operands);
  }

  /** Code that is never reached may take values that nobody gave. */
  #take(count: number): number[] {
    const taken: number[] = [];
    const height = Math.max(this.#frame.base, this.#values.length - count);
    this.#takenDepth = this.#depths
      .slice(height, this.#values.length)
      .reduce((most, depth) => Math.max(most, depth), 0);
    for (let rest = count; rest > 0; rest--)
      taken.push(this.#values.length > this.#frame.base ? (this.#values.pop() as number) : this.numbers.fresh());
    return taken;
  }

  #give(count: number): void {
    for (let rest = count; rest > 0; rest--) this.#push(this.numbers.fresh());
  }

  #push(value: number): void {
    this.#depths[this.#values.length] = this.#takenDepth + 1;
    this.expressionDepth = Math.max(this.expressionDepth, this.#takenDepth + 1);
    this.maximum = Math.max(this.maximum, this.#values.push(value));
  }

  /** `more`: operands beside the parameters. */
  #call(type: FunctionType | undefined, more = 0): void {
    this.#take((type?.parameters.length ?? 0) + more);
    this.numbers.passCall();
    this.#give(type?.results.length ?? 0);
  }

  /** The type of a block is an index, or negative: one value or none. */
  #open(blockType: number): void {
    const type = blockType >= 0 ? this.signatures.types[blockType] : undefined;
    const parameters = type?.parameters.length ?? 0;
    const results = type?.results.length ?? (blockType === EMPTY_BLOCK ? 0 : 1);
    const given = this.#take(parameters).reverse();
    this.#frames.push({ base: this.#values.length, parameters, results });
    for (const value of given) this.#push(value);
  }

  #close(): void {
    const closed = this.#frame;
    this.#take(closed.results);
    if (this.#frames.length > 1) this.#frames.pop();
    this.#values.length = closed.base;
    this.#give(closed.results);
  }
}
