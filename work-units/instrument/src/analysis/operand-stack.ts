// The most values that a function has on its operand stack at any time.
import { Opcode } from '../module/opcodes.js';
import { stackEffect } from '../module/stack-effects.js';
import type { FunctionType } from '../module/types.js';
import type { InstructionCursor } from '../rewrite/instruction-cursor.js';

export type SignatureLookup = {
  types: readonly FunctionType[];
  /** Index into `types` by function, imported ones first. */
  functionTypes: readonly number[];
};

export type OperandStack = { maximum: number; hasVectors: boolean };

/** Takes the cursor through the whole body of a valid function. */
export function measureOperandStack(cursor: InstructionCursor, signatures: SignatureLookup): OperandStack {
  const walker = new StackWalker(signatures);
  let hasVectors = false;
  while (cursor.next()) {
    walker.step(cursor);
    hasVectors ||= cursor.opcode === Opcode.vector;
  }
  return { maximum: walker.maximum, hasVectors };
}

/** `base` is the height below which the block may not take. */
type Frame = { base: number; parameters: number; results: number };

class StackWalker {
  maximum = 0;
  #height = 0;
  readonly #frames: Frame[] = [{ base: 0, parameters: 0, results: 0 }];

  constructor(private readonly signatures: SignatureLookup) {}

  step({ opcode, minor, index }: InstructionCursor): void {
    switch (opcode) {
      case Opcode.if:
        this.#move(1, 0);
        this.#open(index);
        return;
      case Opcode.block:
      case Opcode.loop:
        this.#open(index);
        return;
      case Opcode.else:
        this.#height = this.#frame.base;
        this.#move(0, this.#frame.parameters);
        return;
      case Opcode.end:
        this.#close();
        return;
      case Opcode.unreachable:
      case Opcode.br:
      case Opcode.brTable:
      case Opcode.return:
        this.#height = this.#frame.base;
        return;
      case Opcode.call:
        this.#call(this.signatures.types[this.signatures.functionTypes[index] as number]);
        return;
      case Opcode.callIndirect:
        this.#move(1, 0);
        this.#call(this.signatures.types[index]);
        return;
      default: {
        const [taken, given] = stackEffect(opcode, minor);
        this.#move(taken, given);
      }
    }
  }

  get #frame(): Frame {
    return this.#frames[this.#frames.length - 1] as Frame;
  }

  #move(taken: number, given: number): void {
    // Code that is never reached may take values that nobody gave.
    this.#height = Math.max(this.#frame.base, this.#height - taken) + given;
    this.maximum = Math.max(this.maximum, this.#height);
  }

  #call(type: FunctionType | undefined): void {
    this.#move(type?.parameters.length ?? 0, type?.results.length ?? 0);
  }

  /** The type of a block is an index, or negative: one value or none. */
  #open(blockType: number): void {
    const type = blockType >= 0 ? this.signatures.types[blockType] : undefined;
    const parameters = type?.parameters.length ?? 0;
    const results = type?.results.length ?? (blockType === EMPTY_BLOCK ? 0 : 1);
    this.#move(parameters, 0);
    this.#frames.push({ base: this.#height, parameters, results });
    this.#move(0, parameters);
  }

  #close(): void {
    const closed = this.#frame;
    if (this.#frames.length > 1) this.#frames.pop();
    this.#height = closed.base;
    this.#move(0, closed.results);
  }
}

const EMPTY_BLOCK = -64;
