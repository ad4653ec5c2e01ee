// The last stage for one function: the code of NaN helpers takes the place of their calls, and memory grows through the guard.
import { ByteSink } from '../binary/byte-sink.js';
import { encodeU32 } from '../binary/byte-writer.js';
import { Opcode } from '../module/opcodes.js';
import { InstructionCursor } from './instruction-cursor.js';
import { BodyLocals } from './locals.js';
import { canonicalCode, kindBefore, localTypeOf, NAN_KINDS, type NanKind } from './nan-points.js';

export type FinishContext = {
  /** Function that stands in for memory.grow. */
  guardFunction: number;
  /** Number of the first helper that makes NaN values canonical, or null without floats. */
  firstNanHelper: number | null;
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

function helperKind({ opcode, index }: InstructionCursor, { firstNanHelper }: FinishContext): NanKind | null {
  if (opcode !== Opcode.call || firstNanHelper === null) return null;
  return NAN_KINDS[index - firstNanHelper] ?? null;
}
