// The last stage for one function: NaN values are made canonical where their bits could show, and memory grows through the guard.
import { ByteSink } from '../binary/byte-sink.js';
import { encodeU32 } from '../binary/byte-writer.js';
import { Opcode } from '../module/opcodes.js';
import { InstructionCursor } from './instruction-cursor.js';
import { BodyLocals } from './locals.js';
import { isNan, kindAfter, kindBefore, kindOfType, NAN_BYTES, NAN_CODE, type NanKind } from './nan-points.js';

export type FinishContext = {
  /** Function that stands in for memory.grow. */
  guardFunction: number;
  /** Types of all globals. */
  globalTypes: readonly number[];
  /** Whether the program has any float operation; without one there is nothing to make canonical. */
  hasFloat: boolean;
};

export function finishBody(body: Uint8Array, parameterCount: number, context: FinishContext): Uint8Array {
  return new BodyFinisher(body, parameterCount, context).write();
}

class BodyFinisher {
  readonly #out = new ByteSink();
  readonly #locals: BodyLocals;
  readonly #temporaries = new Map<number, readonly number[]>();

  constructor(
    private readonly body: Uint8Array,
    parameterCount: number,
    private readonly context: FinishContext,
  ) {
    this.#locals = new BodyLocals(body, parameterCount);
  }

  write(): Uint8Array {
    const cursor = new InstructionCursor(this.body, this.#locals.codeStart);
    while (cursor.next()) this.#copyInstruction(cursor);
    const whole = new ByteSink();
    this.#locals.writeTo(whole);
    whole.bytes(this.#out.view());
    return whole.view().slice();
  }

  #copyInstruction(cursor: InstructionCursor): void {
    const { opcode, minor, start, end } = cursor;
    if (opcode === Opcode.memoryGrow) {
      this.#out.bytes([Opcode.call, ...encodeU32(this.context.guardFunction)]);
      return;
    }
    if (!this.context.hasFloat) {
      this.#out.bytes(this.body.subarray(start, end));
      return;
    }
    const before = opcode === Opcode.globalSet ? this.#kindOfGlobal(cursor.index) : kindBefore(opcode, minor);
    if (before !== null) this.#makeCanonical(before);
    const constantKind = opcode === Opcode.f32Const ? 'f32' : opcode === Opcode.f64Const ? 'f64' : null;
    if (constantKind !== null && isNan(this.body.subarray(start + 1, end)))
      this.#out.bytes([opcode, ...NAN_BYTES[constantKind]]);
    else this.#out.bytes(this.body.subarray(start, end));
    const after = kindAfter(opcode, minor);
    if (after !== null) this.#makeCanonical(after);
  }

  #kindOfGlobal(index: number): NanKind | null {
    return kindOfType(this.context.globalTypes[index] ?? 0);
  }

  /** value -> value when it equals itself, the canonical NaN otherwise; in vectors lane by lane. */
  #makeCanonical(kind: NanKind): void {
    const { local, constant, equal, choose } = NAN_CODE[kind];
    const temporary = this.#temporaries.get(local) ?? this.#locals.add(local);
    this.#temporaries.set(local, temporary);
    this.#out.bytes([0x22, ...temporary, ...constant, ...NAN_BYTES[kind]]);
    this.#out.bytes([0x20, ...temporary, 0x20, ...temporary, ...equal, ...choose]);
  }
}
