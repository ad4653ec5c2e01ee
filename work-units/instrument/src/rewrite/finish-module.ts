// The last stage: canonical NaN values, memory bounds, the growth guard, the stack's memory exported, the depth limit set.
import { EngineExport } from '../abi/engine-names.js';
import { encodeSigned, encodeU32 } from '../binary/byte-writer.js';
import { ExportKind } from '../module/module-facts.js';
import { Opcode } from '../module/opcodes.js';
import type { FunctionType } from '../module/types.js';
import { ValueType } from '../module/types.js';
import { finishBody } from './finish-body.js';
import { guardBody } from './growth-guard.js';
import { type GlobalItem, type ModuleLayout, writeLayout } from './module-layout.js';
import { isNan, kindOfType, NAN_BYTES } from './nan-points.js';

const HAS_MAXIMUM = 1;
const GUARD_TYPE: FunctionType = { parameters: [ValueType.i32], results: [ValueType.i32] };

export type FinishOptions = { maximumPages: number; minimumPages: number; depthLimit: number; hasFloat: boolean };

export function finishModule(layout: ModuleLayout, options: FinishOptions): Uint8Array {
  const { maximumPages, minimumPages, depthLimit, hasFloat } = options;
  const functionCount = layout.imports.length + layout.functions.length;
  const flagGlobal = layout.globals.length;
  const depthGlobal = layout.exports.find(({ name }) => name === EngineExport.depth)?.index;
  const globals = layout.globals.map((item, index) => {
    if (index !== depthGlobal) return canonicalGlobal(item);
    return { ...item, initial: Uint8Array.from([Opcode.i64Const, ...encodeSigned(depthLimit), Opcode.end]) };
  });
  const context = { guardFunction: functionCount, globalTypes: globals.map(({ type }) => type), hasFloat };
  const bodies = layout.bodies.map((body, index) => {
    const type = layout.types[layout.functions[index] as number] as FunctionType;
    return finishBody(body, type.parameters.length, context);
  });
  const exports = [...layout.exports, { name: EngineExport.growthRefused, kind: ExportKind.global, index: flagGlobal }];
  if (layout.memories.length > 1) exports.push({ name: EngineExport.stack, kind: ExportKind.memory, index: 1 });
  const memory = Uint8Array.from([HAS_MAXIMUM, ...encodeU32(minimumPages), ...encodeU32(maximumPages)]);
  return writeLayout({
    ...layout,
    types: [...layout.types, GUARD_TYPE],
    functions: [...layout.functions, layout.types.length],
    memories: [memory, ...layout.memories.slice(1)],
    globals: [...globals, flag()],
    exports,
    bodies: [...bodies, guardBody(maximumPages, flagGlobal)],
  });
}

function flag(): GlobalItem {
  return { type: ValueType.i32, isMutable: true, initial: Uint8Array.of(Opcode.i32Const, 0, Opcode.end) };
}

/** Without a NaN whose bits differ from the canonical ones as its first value. */
function canonicalGlobal(item: GlobalItem): GlobalItem {
  const kind = kindOfType(item.type);
  if (kind === null || !isNan(item.initial.subarray(1, -1))) return item;
  return { ...item, initial: Uint8Array.from([...item.initial.subarray(0, 1), ...NAN_BYTES[kind], Opcode.end]) };
}
