// The last stage for one function: the code of NaN helpers takes the place of their calls, and memory grows through the guard.
import { ByteSink } from '../binary/byte-sink.js';
import { encodeU32 } from '../binary/byte-writer.js';
import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import { Opcode } from '../module/opcodes.js';
import { canonicalCode, kindBefore, localTypeOf, NAN_KINDS, type NanKind } from './nan-points.js';

export type FinishContext = {
  /** Function that stands in for memory.grow. */
  guardFunction: number;
  /** Number of the first helper that makes NaN values canonical, or null without floats. */
  firstNanHelper: number | null;
  fuelGlobal: number;
  floorGlobal: number;
  /** Number of the yield import, or null without one. */
  yieldFunction: number | null;
};

const STACK_MEMORY = 1;

export function finishBody(body: Uint8Array, parameterCount: number, context: FinishContext): Uint8Array {
  const locals = new BodyLocals(body, parameterCount);
  const out = new ByteSink();
  const temporaries = new Map<number, readonly number[]>();
  const makeCanonical = (kind: NanKind): void => {
    const type = localTypeOf(kind);
    const temporary = temporaries.get(type) ?? locals.add(type);
    temporaries.set(type, temporary);
    out.bytes(canonicalCode(kind, temporary));
  };
  const cursor = new InstructionCursor(body, locals.codeStart);
  while (cursor.next()) {
    const helper = helperKind(cursor, context);
    if (helper !== null) makeCanonical(helper);
    else if (isMark(cursor, context)) out.bytes(codeOfMark(cursor, context));
    else if (cursor.opcode === Opcode.memoryGrow) out.bytes([Opcode.call, ...encodeU32(context.guardFunction)]);
    else {
      // A float that Asyncify saves from a local may be any NaN.
      const saved = cursor.memory === STACK_MEMORY ? kindBefore(cursor.opcode, cursor.minor) : null;
      if (saved !== null) makeCanonical(saved);
      out.bytes(body.subarray(cursor.start, cursor.end));
    }
  }
  const whole = new ByteSink();
  locals.writeTo(whole);
  whole.bytes(out.view());
  return whole.view().slice();
}

const GLOBAL_SET = 0x24;

/** Before this stage nothing but a mark sets fuel or floor, and every call of the yield import is a yield point. */
function isMark({ opcode, index }: InstructionCursor, context: FinishContext): boolean {
  if (opcode === Opcode.call) return index === context.yieldFunction;
  return opcode === GLOBAL_SET && (index === context.fuelGlobal || index === context.floorGlobal);
}

/** Charge: adds the negative amount on the stack. Floor: drops what is on the stack, traps below the floor. Yield point: yields when fuel is negative. */
function codeOfMark({ opcode, index }: InstructionCursor, context: FinishContext): number[] {
  const fuel = encodeU32(context.fuelGlobal);
  const floor = encodeU32(context.floorGlobal);
  if (opcode === Opcode.call) return [0x23, ...fuel, 0x42, 0, 0x53, 0x04, 0x40, Opcode.call, ...encodeU32(index), 0x0b];
  if (index === context.fuelGlobal) return [0x23, ...fuel, 0x7c, 0x24, ...fuel];
  return [0x1a, 0x23, ...fuel, 0x23, ...floor, 0x53, 0x04, 0x40, 0x00, 0x0b];
}

function helperKind({ opcode, index }: InstructionCursor, { firstNanHelper }: FinishContext): NanKind | null {
  if (opcode !== Opcode.call || firstNanHelper === null) return null;
  return NAN_KINDS[index - firstNanHelper] ?? null;
}
